"""What deployments of every strategy have in common: their description, their tasks, their record."""

from typing import Any, Dict, List, Optional

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from . import alarms, colours, tasks

# The service's settings that a deployment carries. A change of one of them starts a new deployment.
CARRIED = {
    "taskDefinition": "task_definition",
    "networkConfiguration": "network_configuration",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "launchType": "launch_type",
    "platformVersion": "platform_version",
    "serviceConnectConfiguration": "service_connect_configuration",
    "volumeConfigurations": "volume_configurations",
}


def opened(service: Any) -> Dict[str, Any]:
    """A deployment of the service as it is now configured, the newest and in progress, and its record."""
    now = utcnow()
    before = next((d for d in service.deployments if d["rolloutState"] == "COMPLETED"), None)
    for earlier in service.deployments:
        earlier["status"] = "ACTIVE"
    deployment = {
        "id": "ecs-svc/%019d" % mock_random.randint(10**18, 10**19 - 1),
        "status": "PRIMARY",
        "desiredCount": service.desired_count,
        "pendingCount": service.desired_count,
        "runningCount": 0,
        "failedTasks": 0,
        "createdAt": now,
        "updatedAt": now,
        "rolloutState": "IN_PROGRESS",
        "targets": colours.targets_for(service, before),
        **{key: getattr(service, name, None) for key, name in CARRIED.items()},
    }
    deployment["rolloutStateReason"] = "ECS deployment %s in progress." % deployment["id"]
    service.deployments.insert(0, deployment)
    _record(service, deployment, now)
    return deployment


def note(service: Any, text: str) -> None:
    """Adds an event; the newest stands first."""
    event = {
        "id": str(mock_random.uuid4()),
        "createdAt": utcnow(),
        "message": "(service %s) %s" % (service.name, text),
    }
    service.events.insert(0, event)


def primary_of(service: Any) -> Optional[Dict[str, Any]]:
    """The deployment that the service wants; none once the service is deleted."""
    return next((d for d in service.deployments if d["status"] == "PRIMARY"), None)


def fill(service: Any, deployment: Dict[str, Any]) -> None:
    """Has a deployment run as many tasks as the service wants."""
    running = tasks.of_service(service, deployment["id"])
    for index in range(len(running), service.desired_count):
        tasks.start_for_service(service, deployment, index)
    for task in running[service.desired_count :]:
        tasks.stop(task, "Scaling activity initiated by (deployment %s)" % deployment["id"])


def roll_out(deployment: Dict[str, Any], state: str, reason: str) -> None:
    """Sets the state that DescribeServices tells of a deployment."""
    deployment.update(rolloutState=state, rolloutStateReason=reason, updatedAt=utcnow())


def count(service: Any) -> None:
    """Counts the tasks of the service and of each of its deployments."""
    for deployment in service.deployments:
        deployment["runningCount"] = len(tasks.of_service(service, deployment["id"]))
        deployment["pendingCount"] = max(0, deployment["desiredCount"] - deployment["runningCount"])
    service.running_count = len(tasks.of_service(service))
    service.pending_count = max(0, service.desired_count - service.running_count)


def _record(service: Any, deployment: Dict[str, Any], now: Any) -> None:
    """The same deployment as ListServiceDeployments shows it, which keeps those that are over."""
    suffix = "/%s/%s" % (service.cluster_name, service.name)
    base = service.arn.split(":service/")[0]
    name = deployment["id"].split("/")[1]
    record: Dict[str, Any] = {
        "serviceDeploymentArn": base + ":service-deployment" + suffix + "/" + name,
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "status": "IN_PROGRESS",
        "createdAt": now,
        "startedAt": now,
        "updatedAt": now,
        "deploymentConfiguration": service.deployment_configuration,
        "targetServiceRevision": {"arn": base + ":service-revision" + suffix + "/" + name},
        "alarms": alarms.watch(service),
        "revision": {
            **{key: deployment.get(key) for key in CARRIED},
            "loadBalancers": service.load_balancers,
            "resolvedConfiguration": colours.resolved(service, deployment),
        },
        "of": deployment["id"],
    }
    service.service_deployments.insert(0, record)
    service.current_service_deployment = record["serviceDeploymentArn"]


def close(service: Any, status: str, reason: Optional[str]) -> None:
    """Ends the record of the newest deployment, or begins its roll back."""
    record = service.service_deployments[0]
    now = utcnow()
    alarms.close(record)
    record.update(status=status, statusReason=reason, updatedAt=now)
    if status == "ROLLBACK_IN_PROGRESS":
        record["rollback"] = {"reason": reason, "startedAt": now}
    else:
        record["finishedAt"] = now


def deployments_of(services: List[Any], arns: List[str]) -> List[Dict[str, Any]]:
    """The records that DescribeServiceDeployments is asked for."""
    return [
        r
        for s in services
        for r in getattr(s, "service_deployments", [])
        if r["serviceDeploymentArn"] in arns
    ]
