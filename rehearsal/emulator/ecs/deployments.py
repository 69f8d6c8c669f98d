"""Deployments of a service: they start, end as planned (at once and well, unless a test says otherwise), roll back."""

from math import ceil
from typing import Any, Dict, List, Optional

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from . import alarms, tasks
from .outcomes import SUCCESS, Outcome, next_outcome

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


def start(service: Any) -> None:
    """Starts a deployment of the service as it is now configured."""
    now = utcnow()
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
        **{key: getattr(service, name, None) for key, name in CARRIED.items()},
    }
    deployment["rolloutStateReason"] = "ECS deployment %s in progress." % deployment["id"]
    service.deployments.insert(0, deployment)
    service.rolling_back = False
    service.outcome = next_outcome(service.cluster_name, service.name)
    service.describes_left = service.outcome.after_describes
    _record(service, deployment, now)
    for text in service.outcome.events:
        note(service, text)
    if stops_first(service):
        _make_room(service)
    if service.outcome.bakes:
        _take_over(service, deployment)
    if service.describes_left == 0:
        _end(service)
    _count(service)


def stops_first(service: Any) -> bool:
    """Whether the deployment configuration has no room for one more task beside those that are desired."""
    most = service.desired_count * service.deployment_configuration["maximumPercent"] // 100
    return most <= service.desired_count


def _make_room(service: Any) -> None:
    """Stops as many of the old tasks as need not stay healthy: new ones find no place before."""
    least = service.desired_count * service.deployment_configuration["minimumHealthyPercent"] / 100
    for task in tasks.of_service(service)[ceil(least) :]:
        tasks.stop(task, "Scaling activity initiated by (deployment %s)" % task.started_by)


def described(service: Any) -> None:
    """Lets time pass: each description of a service brings its deployment a step further."""
    primary = _primary(service)
    if primary is None:
        return
    if service.rolling_back:
        _complete_rollback(service)
    elif primary["rolloutState"] != "IN_PROGRESS":
        pass
    elif _alarmed(service, primary):
        pass
    else:
        service.describes_left -= 1
        if service.describes_left <= 0:
            _end(service)
    _count(service)


def scale(service: Any) -> None:
    """Follows a change of the desired count, within the primary deployment and without a new one."""
    primary = _primary(service)
    if primary is None or primary["rolloutState"] != "COMPLETED":
        return
    primary["desiredCount"] = service.desired_count
    _fill(service, primary)
    _count(service)


def recount(service: Any, refill: bool) -> None:
    """Follows tasks that stopped by themselves: counts what is left, and starts others in their place on demand."""
    primary = _primary(service)
    if refill and primary is not None:
        _fill(service, primary)
    _count(service)


def finish(service: Any) -> None:
    """Stops everything that the service runs."""
    for task in tasks.of_service(service):
        tasks.stop(task, "Service %s was deleted" % service.name)
    service.deployments = []
    _count(service)


def end_now(service: Any, outcome: Outcome) -> None:
    """Ends the deployment that runs, whatever was planned for it."""
    service.outcome = outcome
    service.describes_left = 0
    _end(service)
    _count(service)


def note(service: Any, text: str) -> None:
    """Adds an event; the newest stands first."""
    event = {
        "id": str(mock_random.uuid4()),
        "createdAt": utcnow(),
        "message": "(service %s) %s" % (service.name, text),
    }
    service.events.insert(0, event)


def _primary(service: Any) -> Optional[Dict[str, Any]]:
    return next((d for d in service.deployments if d["status"] == "PRIMARY"), None)


def _end(service: Any) -> None:
    primary = _primary(service)
    outcome: Outcome = service.outcome
    if primary is None or outcome.outcome == "staysInProgress":
        return
    if outcome.outcome == "completes":
        _complete(service, primary)
    else:
        _fail(service, primary, outcome)


def _take_over(service: Any, primary: Dict[str, Any]) -> None:
    """Has the tasks of a deployment run, and those of all others stop that may."""
    _fill(service, primary)
    for task in _others(service, primary):
        if not tasks.is_protected(task):
            tasks.stop(task, "Scaling activity initiated by (deployment %s)" % task.started_by)


def _others(service: Any, primary: Dict[str, Any]) -> List[Any]:
    return [t for t in tasks.of_service(service) if t.started_by != primary["id"]]


def _complete(service: Any, primary: Dict[str, Any]) -> None:
    _take_over(service, primary)
    if _others(service, primary):
        return  # It waits for tasks that are protected: no step further, until a later description.
    service.deployments = [primary]
    _roll_out(primary, "COMPLETED", "ECS deployment %s completed." % primary["id"])
    note(service, "(deployment %s) deployment completed." % primary["id"])
    note(service, "has reached a steady state.")
    _close(service, "SUCCESSFUL", None)


def _fail(
    service: Any, primary: Dict[str, Any], outcome: Outcome, by: str = "circuit breaker"
) -> None:
    for index in range(outcome.failed_tasks):
        task = tasks.start_for_service(service, primary, index)
        tasks.stop_as(task, outcome)
    for task in tasks.of_service(service, primary["id"]):
        tasks.stop(task, "Scaling activity initiated by (deployment %s)" % primary["id"])
    primary["failedTasks"] = outcome.failed_tasks
    primary["desiredCount"] = 0
    cause = "ECS deployment %s: " % by
    _roll_out(primary, "FAILED", cause + outcome.reason)
    note(service, "(deployment %s) deployment failed: %s" % (primary["id"], outcome.reason))
    earlier = [d for d in service.deployments if d is not primary]
    if outcome.outcome == "fails" or not earlier:
        # Without an earlier deployment ECS has nothing to roll back to, whatever was asked.
        _close(service, "STOPPED", cause + outcome.reason)
        return
    back = earlier[0]
    primary["status"], back["status"] = "ACTIVE", "PRIMARY"
    _roll_out(back, "IN_PROGRESS", cause + "rolling back to deploymentId %s." % back["id"])
    note(service, "rolling back to deployment %s." % back["id"])
    for key, name in CARRIED.items():
        setattr(service, name, back.get(key))
    service.rolling_back = True
    _close(service, "ROLLBACK_IN_PROGRESS", cause + outcome.reason)


def _alarmed(service: Any, primary: Dict[str, Any]) -> bool:
    """Fails a deployment one of whose alarms has fired, whatever was planned for it."""
    names = alarms.fired(service, service.service_deployments[0])
    if names:
        ends = "rollsBack" if alarms.rolls_back(service) else "fails"
        reason = "alarm detected: %s." % ", ".join(names)
        _fail(service, primary, Outcome(outcome=ends, reason=reason, failed_tasks=0), "failed")
    return bool(names)


def _complete_rollback(service: Any) -> None:
    primary = _primary(service)
    service.rolling_back = False
    service.outcome = SUCCESS
    primary["desiredCount"] = service.desired_count
    _fill(service, primary)
    service.deployments = [primary]
    primary.update(rolloutState="COMPLETED", updatedAt=utcnow())
    note(service, "has reached a steady state.")
    record = service.service_deployments[0]
    record.update(status="ROLLBACK_SUCCESSFUL", finishedAt=utcnow(), updatedAt=utcnow())


def _fill(service: Any, deployment: Dict[str, Any]) -> None:
    running = tasks.of_service(service, deployment["id"])
    for index in range(len(running), service.desired_count):
        tasks.start_for_service(service, deployment, index)
    for task in running[service.desired_count :]:
        tasks.stop(task, "Scaling activity initiated by (deployment %s)" % deployment["id"])


def _roll_out(deployment: Dict[str, Any], state: str, reason: str) -> None:
    deployment.update(rolloutState=state, rolloutStateReason=reason, updatedAt=utcnow())


def _count(service: Any) -> None:
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
        "revision": {key: deployment.get(key) for key in CARRIED},
    }
    service.service_deployments.insert(0, record)
    service.current_service_deployment = record["serviceDeploymentArn"]


def _close(service: Any, status: str, reason: Optional[str]) -> None:
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
