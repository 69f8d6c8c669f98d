"""Deployments of a service: they start, end as planned (at once and well, unless a test says otherwise), roll back."""

from math import ceil
from typing import Any, Dict, List

from moto.core.utils import utcnow

from . import alarms, rollout, shifting, tasks
from .outcomes import SUCCESS, Outcome, next_outcome
from .rollout import CARRIED, close, count, fill, note, primary_of, roll_out


def start(service: Any) -> None:
    """Starts a deployment of the service as it is now configured."""
    if shifting.applies(service):
        shifting.start(service)
        return
    deployment = rollout.opened(service)
    service.rolling_back = False
    service.outcome = next_outcome(service.cluster_name, service.name)
    service.describes_left = service.outcome.after_describes
    for text in service.outcome.events:
        note(service, text)
    if stops_first(service):
        _make_room(service)
    if service.outcome.bakes:
        _take_over(service, deployment)
    if service.describes_left == 0:
        _end(service)
    count(service)


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
    primary = primary_of(service)
    if primary is None:
        return
    if service.shift:
        shifting.look(service)
    elif service.rolling_back:
        _complete_rollback(service)
    elif primary["rolloutState"] != "IN_PROGRESS":
        pass
    elif _alarmed(service, primary):
        pass
    else:
        service.describes_left -= 1
        if service.describes_left <= 0:
            _end(service)
    count(service)


def scale(service: Any) -> None:
    """Follows a change of the desired count, within the primary deployment and without a new one."""
    if service.shift:
        shifting.scale(service)
        return
    primary = primary_of(service)
    if primary is None or primary["rolloutState"] != "COMPLETED":
        return
    primary["desiredCount"] = service.desired_count
    fill(service, primary)
    count(service)


def recount(service: Any, refill: bool) -> None:
    """Follows tasks that stopped by themselves: counts what is left, and starts others in their place on demand."""
    primary = primary_of(service)
    if refill and service.shift:
        shifting.scale(service)
    elif refill and primary is not None:
        fill(service, primary)
    count(service)


def finish(service: Any) -> None:
    """Stops everything that the service runs, and what deployment is under way."""
    shifting.abandon(service)
    for task in tasks.of_service(service):
        tasks.stop(task, "Service %s was deleted" % service.name)
    service.deployments, service.shift = [], None
    count(service)


def end_now(service: Any, outcome: Outcome) -> None:
    """Ends the deployment that runs, whatever was planned for it."""
    service.outcome = outcome
    service.describes_left = 0
    if service.shift:
        shifting.look(service)
    else:
        _end(service)
    count(service)


def stop(service: Any, reason: str) -> bool:
    """Has the deployment that runs go back, as people want it (StopServiceDeployment); false where none runs."""
    if service.shift and not service.shift.goes_back:
        shifting.request_roll_back(service, reason)
        return True
    primary = primary_of(service)
    if primary is None or service.rolling_back or primary["rolloutState"] != "IN_PROGRESS":
        return False
    outcome = Outcome(outcome="rollsBack", reason=reason, failed_tasks=0)
    _fail(service, primary, outcome, "stopped")
    count(service)
    return True


def _end(service: Any) -> None:
    primary = primary_of(service)
    outcome: Outcome = service.outcome
    if primary is None or outcome.outcome == "staysInProgress":
        return
    if outcome.outcome == "completes":
        _complete(service, primary)
    else:
        _fail(service, primary, outcome)


def _take_over(service: Any, primary: Dict[str, Any]) -> None:
    """Has the tasks of a deployment run, and those of all others stop that may."""
    fill(service, primary)
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
    roll_out(primary, "COMPLETED", "ECS deployment %s completed." % primary["id"])
    note(service, "(deployment %s) deployment completed." % primary["id"])
    note(service, "has reached a steady state.")
    close(service, "SUCCESSFUL", None)


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
    roll_out(primary, "FAILED", cause + outcome.reason)
    note(service, "(deployment %s) deployment failed: %s" % (primary["id"], outcome.reason))
    earlier = [d for d in service.deployments if d is not primary]
    if outcome.outcome == "fails" or not earlier:
        # Without an earlier deployment ECS has nothing to roll back to, whatever was asked.
        close(service, "STOPPED", cause + outcome.reason)
        return
    back = earlier[0]
    primary["status"], back["status"] = "ACTIVE", "PRIMARY"
    roll_out(back, "IN_PROGRESS", cause + "rolling back to deploymentId %s." % back["id"])
    note(service, "rolling back to deployment %s." % back["id"])
    for key, name in CARRIED.items():
        setattr(service, name, back.get(key))
    service.rolling_back = True
    close(service, "ROLLBACK_IN_PROGRESS", cause + outcome.reason)


def _alarmed(service: Any, primary: Dict[str, Any]) -> bool:
    """Fails a deployment one of whose alarms has fired, whatever was planned for it."""
    names = alarms.fired(service, service.service_deployments[0])
    if names:
        ends = "rollsBack" if alarms.rolls_back(service) else "fails"
        reason = "alarm detected: %s." % ", ".join(names)
        _fail(service, primary, Outcome(outcome=ends, reason=reason, failed_tasks=0), "failed")
    return bool(names)


def _complete_rollback(service: Any) -> None:
    primary = primary_of(service)
    service.rolling_back = False
    service.outcome = SUCCESS
    primary["desiredCount"] = service.desired_count
    fill(service, primary)
    service.deployments = [primary]
    primary.update(rolloutState="COMPLETED", updatedAt=utcnow())
    note(service, "has reached a steady state.")
    record = service.service_deployments[0]
    record.update(status="ROLLBACK_SUCCESSFUL", finishedAt=utcnow(), updatedAt=utcnow())
