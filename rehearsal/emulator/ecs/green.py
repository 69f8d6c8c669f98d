"""The tasks of a deployment that shifts traffic: green's start, and the end of those that are not wanted."""

from typing import Any, Dict, List, Optional

from moto.elbv2.models import elbv2_backends

from ..traffic.targets import state_of
from . import tasks
from .rollout import count, fill


def scaled_up(service: Any, green: Dict[str, Any]) -> bool:
    """Whether green runs with every target healthy; what was planned for the deployment decides when it starts."""
    outcome = service.outcome
    if outcome.outcome in ("fails", "rollsBack"):
        _lose_tasks(service, green)
    elif outcome.outcome == "completes" and service.describes_left <= 0 or outcome.bakes:
        fill(service, green)
    service.describes_left -= 1
    count(service)
    ready = green["runningCount"] == service.desired_count and outcome.outcome == "completes"
    return ready and _healthy(service, green)


def _lose_tasks(service: Any, green: Dict[str, Any]) -> None:
    """Starts tasks that fail, and another one at each look: no circuit breaker ends it (rolling deployments have one)."""
    for index in range(1 if green["failedTasks"] else service.outcome.failed_tasks):
        tasks.stop_as(tasks.start_for_service(service, green, index), service.outcome)
        green["failedTasks"] += 1


def _healthy(service: Any, deployment: Dict[str, Any]) -> bool:
    balancers = elbv2_backends[service._backend.account_id][service._backend.region_name]
    for task in tasks.of_service(service, deployment["id"]):
        for group, address in getattr(task, "registrations", []):
            target = balancers.target_groups[group].targets.get(address)
            if target is None or state_of(balancers, group, target).state != "healthy":
                return False
    return True


def others_than(service: Any, kept: Optional[Dict[str, Any]]) -> List[Any]:
    """The tasks of every deployment of the service but one."""
    return [t for t in tasks.of_service(service) if not kept or t.started_by != kept["id"]]


def stop(unwanted: List[Any]) -> None:
    """Stops tasks, unless they are protected."""
    for task in unwanted:
        if not tasks.is_protected(task):
            tasks.stop(task, "Scaling activity initiated by (deployment %s)" % task.started_by)
