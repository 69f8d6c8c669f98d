"""Deployments with two colours (BLUE_GREEN, CANARY, LINEAR): green is made beside blue, and ECS moves requests to it.

A look brings a deployment into its next stage, where nothing holds it: tasks that are not healthy yet, minutes on the
clock (``ecs/clock.py``). Rolling deployments are in ``ecs/deployments.py``.
"""

from typing import Any, Dict, List, Optional

from moto.core.utils import utcnow
from moto.elbv2.models import elbv2_backends

from ..traffic.targets import state_of
from . import colours, tasks
from .clock import CLOCK, Wait, wait
from .outcomes import next_outcome
from .rollout import close, count, fill, note, opened, roll_out
from .stages import Stage, stages_of


class Shift:
    """A deployment that shifts traffic, while it is under way."""

    def __init__(self, service: Any, green: Dict[str, Any], blue: Optional[Dict[str, Any]]) -> None:
        self.green, self.blue = green, blue
        others = [t for t in tasks.of_service(service) if not blue or t.started_by != blue["id"]]
        self.stages = stages_of(service.deployment_configuration, bool(others))
        self.index = 0
        self.wait: Wait = wait(0)

    @property
    def stage(self) -> Stage:
        """Where it is."""
        return self.stages[self.index]


def applies(service: Any) -> bool:
    """Whether the service's next deployment has two colours."""
    return colours.strategy_of(service) in colours.STRATEGIES


def start(service: Any) -> None:
    """Starts a deployment of the service as it is now configured."""
    blue = next((d for d in service.deployments if d["rolloutState"] == "COMPLETED"), None)
    green = opened(service)
    service.rolling_back = False
    service.outcome = next_outcome(service.cluster_name, service.name)
    service.describes_left = service.outcome.after_describes
    for text in service.outcome.events:
        note(service, text)
    service.shift = Shift(service, green, blue)
    record = service.service_deployments[0]
    revision = next((r for r in service.service_deployments if blue and r["of"] == blue["id"]), None)
    record["sourceServiceRevisions"] = (
        [{"arn": revision["targetServiceRevision"]["arn"]}] if revision else []
    )
    _enter(service)


def look(service: Any) -> None:
    """Brings the deployment further, by as many stages as a look may."""
    for _ in range(CLOCK.stages_per_look):
        if not step(service):
            break


def step(service: Any) -> bool:
    """Brings the deployment into its next stage; false where something holds it, or it is over."""
    shift = service.shift
    if shift is None or not _may_leave(service, shift):
        return False
    shift.index += 1
    if shift.index == len(shift.stages):
        _complete(service, shift)
    else:
        _enter(service)
    return True


def shown(service: Any) -> Dict[str, Any]:
    """What is told of the deployment that is under way besides what is told of every one."""
    if not service.shift:
        return {}
    return {
        "strategy": colours.strategy_of(service),
        "lifecycleStage": service.shift.stage.name,
        "productionPercent": service.shift.stage.percent,
    }


def _enter(service: Any) -> None:
    """Does what the stage is there for."""
    shift: Shift = service.shift
    stage, green = shift.stage, shift.green
    shift.wait = wait(stage.minutes)
    if stage.name == "TEST_TRAFFIC_SHIFT":
        for pair in colours.pairs(service, green):
            colours.lead(service, pair.test, pair, 100)
    elif stage.name == "PRODUCTION_TRAFFIC_SHIFT":
        for pair in colours.pairs(service, green):
            colours.lead(service, pair.production, pair, stage.percent)
        note(service, "(deployment %s) production traffic: %g%%." % (green["id"], stage.percent))
    elif stage.name == "CLEAN_UP":
        _stop_others(service, green)
    tell(service)


def _may_leave(service: Any, shift: Shift) -> bool:
    if shift.stage.name == "SCALE_UP":
        return _scaled_up(service, shift.green)
    if shift.stage.name == "CLEAN_UP":
        # Tasks that are protected run on.
        _stop_others(service, shift.green)
        return not _others(service, shift.green)
    return shift.wait.over


def _scaled_up(service: Any, green: Dict[str, Any]) -> bool:
    """Whether green runs with every target healthy; what was planned for the deployment decides when it starts."""
    outcome = service.outcome
    if outcome.outcome == "completes" and service.describes_left <= 0 or outcome.bakes:
        fill(service, green)
    service.describes_left -= 1
    count(service)
    ready = green["runningCount"] == service.desired_count and outcome.outcome == "completes"
    return ready and _healthy(service, green)


def _healthy(service: Any, deployment: Dict[str, Any]) -> bool:
    balancers = elbv2_backends[service._backend.account_id][service._backend.region_name]
    for task in tasks.of_service(service, deployment["id"]):
        for group, address in getattr(task, "registrations", []):
            target = balancers.target_groups[group].targets.get(address)
            if target is None or state_of(balancers, group, target).state != "healthy":
                return False
    return True


def _others(service: Any, kept: Dict[str, Any]) -> List[Any]:
    return [t for t in tasks.of_service(service) if t.started_by != kept["id"]]


def _stop_others(service: Any, kept: Dict[str, Any]) -> None:
    for task in _others(service, kept):
        if not tasks.is_protected(task):
            tasks.stop(task, "Scaling activity initiated by (deployment %s)" % task.started_by)


def _complete(service: Any, shift: Shift) -> None:
    green = shift.green
    service.shift = None
    service.deployments = [green]
    roll_out(green, "COMPLETED", "ECS deployment %s completed." % green["id"])
    note(service, "(deployment %s) deployment completed." % green["id"])
    note(service, "has reached a steady state.")
    close(service, "SUCCESSFUL", None)


def tell(service: Any) -> None:
    """Writes into the record where the deployment is, what runs, and where requests go."""
    shift: Shift = service.shift
    record = service.service_deployments[0]
    record.update(lifecycleStage=shift.stage.name, updatedAt=utcnow())
    count(service)
    names = [stage.name for stage in shift.stages]
    tested = shift.index >= names.index("TEST_TRAFFIC_SHIFT")
    sides = [(record["targetServiceRevision"], shift.green, shift.stage.percent, tested)]
    for summary in record["sourceServiceRevisions"]:
        sides.append((summary, shift.blue, 100 - shift.stage.percent, not tested))
    for summary, deployment, percent, tests in sides:
        summary.update(
            requestedTaskCount=deployment["desiredCount"],
            runningTaskCount=deployment["runningCount"],
            pendingTaskCount=deployment["pendingCount"],
            requestedTestTrafficWeight=100.0 if tests else 0.0,
            requestedProductionTrafficWeight=percent,
        )
