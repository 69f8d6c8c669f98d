"""ECS ListServiceDeployments, DescribeServiceDeployments, DescribeServiceRevisions, ContinueServiceDeployment and
StopServiceDeployment.

moto has none of them. They are how a deployment that ECS rolled back by itself is told from one that succeeded, and how
one that waits at a hook goes on.
"""

from typing import Any, Dict, List, Tuple

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from ..ecs import deployments, rollout, shifting

ROLLING_BACK = ("ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS")


class _NotFound(ECSException):
    code = "ServiceDeploymentNotFoundException"

    def __init__(self) -> None:
        super().__init__("Service deployment not found.")


class _Conflict(ECSException):
    code = "ConflictException"


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


def _named(self: EC2ContainerServiceResponse) -> Tuple[Any, Dict[str, Any]]:
    """The deployment that a request names, with its service."""
    arn = self._get_param("serviceDeploymentArn")
    for service in _services(self):
        for record in getattr(service, "service_deployments", []):
            if record["serviceDeploymentArn"] == arn:
                return service, record
    raise _NotFound()


def _continue(self: EC2ContainerServiceResponse) -> ActionResult:
    service, record = _named(self)
    hook, action = self._get_param("hookId"), self._get_param("action") or "CONTINUE"
    newest = record is service.service_deployments[0] and record["status"] == "IN_PROGRESS"
    if not newest or not shifting.answer(service, hook, action):
        raise InvalidParameterException("The lifecycle hook %s does not wait for an action." % hook)
    return ActionResult({"serviceDeploymentArn": record["serviceDeploymentArn"]})


def _stop(self: EC2ContainerServiceResponse) -> ActionResult:
    service, record = _named(self)
    if self._get_param("stopType") == "ABORT":
        # In the model's list of values; what it does is nowhere said.
        raise InvalidParameterException("The stop type ABORT is not supported. Use ROLLBACK.")
    newest = record is service.service_deployments[0]
    going_back = newest and record["status"] in ROLLING_BACK
    if not going_back and not (newest and deployments.stop(service, "rollback was requested.")):
        raise _Conflict("The service deployment is %s and cannot be stopped." % record["status"])
    return ActionResult({"serviceDeploymentArn": record["serviceDeploymentArn"]})


def apply() -> None:
    EC2ContainerServiceResponse.list_service_deployments = _list
    EC2ContainerServiceResponse.describe_service_deployments = _describe
    EC2ContainerServiceResponse.describe_service_revisions = _revisions
    EC2ContainerServiceResponse.continue_service_deployment = _continue
    EC2ContainerServiceResponse.stop_service_deployment = _stop
