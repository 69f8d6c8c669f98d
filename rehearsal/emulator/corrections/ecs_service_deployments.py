"""ECS ListServiceDeployments, DescribeServiceDeployments, DescribeServiceRevisions.

moto has none of them. They are how a deployment that ECS rolled back by itself is told from one that succeeded.
"""

from typing import Any, List

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse

from ..ecs import deployments, rollout


def _services(self: EC2ContainerServiceResponse) -> List[Any]:
    return list(self.ecs_backend.services.values())


def _missing(wanted: List[str], found: List[str]) -> List[Any]:
    return [{"arn": arn, "reason": "MISSING"} for arn in wanted if arn not in found]


def _list(self: EC2ContainerServiceResponse) -> ActionResult:
    service = self.ecs_backend._get_service(
        self._get_param("cluster", "default"), self._get_param("service").split("/")[-1]
    )
    deployments.described(service)
    statuses = self._get_param("status") or []
    records = [
        {**r, "targetServiceRevisionArn": r["targetServiceRevision"]["arn"]}
        for r in service.service_deployments
        if not statuses or r["status"] in statuses
    ]
    return ActionResult({"serviceDeployments": records[: self._get_param("maxResults") or 20]})


def _describe(self: EC2ContainerServiceResponse) -> ActionResult:
    wanted = self._get_param("serviceDeploymentArns")
    for service in _services(self):
        if any(
            r["serviceDeploymentArn"] in wanted for r in getattr(service, "service_deployments", [])
        ):
            deployments.described(service)
    found = rollout.deployments_of(_services(self), wanted)
    failures = _missing(wanted, [r["serviceDeploymentArn"] for r in found])
    return ActionResult({"serviceDeployments": found, "failures": failures})


def _revisions(self: EC2ContainerServiceResponse) -> ActionResult:
    wanted = self._get_param("serviceRevisionArns")
    found = [
        {
            "serviceRevisionArn": r["targetServiceRevision"]["arn"],
            "serviceArn": r["serviceArn"],
            "clusterArn": r["clusterArn"],
            "createdAt": r["createdAt"],
            **r["revision"],
        }
        for s in _services(self)
        for r in getattr(s, "service_deployments", [])
        if r["targetServiceRevision"]["arn"] in wanted
    ]
    failures = _missing(wanted, [r["serviceRevisionArn"] for r in found])
    return ActionResult({"serviceRevisions": found, "failures": failures})


def apply() -> None:
    EC2ContainerServiceResponse.list_service_deployments = _list
    EC2ContainerServiceResponse.describe_service_deployments = _describe
    EC2ContainerServiceResponse.describe_service_revisions = _revisions
