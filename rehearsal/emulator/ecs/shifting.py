"""Deployments with two colours (BLUE_GREEN, CANARY, LINEAR): green is made beside blue, and ECS moves requests to it.

A look brings a deployment into its next stage, where nothing holds it: tasks that are not healthy yet, minutes on the
clock (``ecs/clock.py``). Rolling deployments are in ``ecs/deployments.py``.
"""

from typing import Any, Dict, Optional

from moto.core.utils import utcnow

from . import alarms, colours, tasks
from .clock import CLOCK, wait
from .green import others_than, scaled_up, stop
from .hook_events import announce
from .hooks import Hooks
from .outcomes import next_outcome
from .rollout import CARRIED, close, fill, note, opened, roll_out
from .shift import Shift, tell
from .stages import Stage

# The longest that ECS lets a stage take; a hook that pauses has a time of its own.
STAGE_MINUTES = 24 * 60
INVALID_NETWORKING = (
    "Service deployment rolled back because of invalid networking configuration. Both targetGroup and "
    "alternateTargetGroup must be associated with the productionListenerRule or testListenerRule."
)


def applies(service: Any) -> bool:
    """Whether the service's next deployment has two colours."""
    return colours.strategy_of(service) in colours.STRATEGIES


def start(service: Any) -> None:
    """Starts a deployment of the service as it is now configured."""
    replaced: Optional[Shift] = service.shift
    if replaced and replaced.goes_back:
        # The new deployment starts from what the one before goes back to.
        replaced.kept["rolloutState"] = "COMPLETED"
    blue = next((d for d in service.deployments if d["rolloutState"] == "COMPLETED"), None)
    green = opened(service)
    service.rolling_back = False
    service.outcome = next_outcome(service.cluster_name, service.name)
    service.describes_left = service.outcome.after_describes
    for text in service.outcome.events:
        note(service, text)
    service.shift = Shift(service, green, blue)
    if replaced:
        replaced.hooks.cancel()
    service.deployments = [d for d in service.deployments if d is green or d is blue]
    _end_earlier(service)
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
    shift: Optional[Shift] = service.shift
    if shift is None:
        return False
    reason = None if shift.goes_back else _failure(service, shift)
    if reason:
        roll_back(service, reason)
        return True
    if _alarmed(service, shift):
        return True
    if not _may_leave(service, shift):
        return False
    shift.index += 1
    if shift.index == len(shift.stages):
        _complete(service, shift)
    else:
        _enter(service)
    return True


def answer(service: Any, hook_id: str, action: str) -> bool:
    """Takes what somebody decided of a hook that waits (ContinueServiceDeployment); false where it does not."""
    shift: Optional[Shift] = service.shift
    if shift is None or not shift.hooks.answer(hook_id, action):
        return False
    if action == "ROLLBACK":
        request_roll_back(service, "lifecycle hook %s was answered with ROLLBACK." % hook_id)
    return True


def request_roll_back(service: Any, reason: str) -> None:
    """Has the deployment go back from the next look on, as people want it."""
    service.shift.unwanted = reason
    service.shift.hooks.cancel()
    service.service_deployments[0].update(status="ROLLBACK_REQUESTED", updatedAt=utcnow())


def scale(service: Any) -> None:
    """Follows a change of the desired count, and tasks that have stopped, in the colours that run."""
    shift: Shift = service.shift
    blue_runs = shift.blue and (shift.goes_back or shift.stage.name != "CLEAN_UP")
    green_runs = shift.scaled_up and not shift.goes_back
    if not shift.goes_back:
        shift.green["desiredCount"] = service.desired_count
    if blue_runs:
        shift.blue["desiredCount"] = service.desired_count
        fill(service, shift.blue)
    if green_runs:
        fill(service, shift.green)
    tell(service)


def roll_back(service: Any, reason: str) -> None:
    """Leads requests back to blue, and stops green; without a blue there is nothing to go back to."""
    shift: Shift = service.shift
    green, blue = shift.green, shift.blue
    shift.hooks.cancel()
    green.update(status="ACTIVE" if blue else "PRIMARY", desiredCount=0)
    roll_out(green, "FAILED", "ECS deployment failed: " + reason)
    note(service, "(deployment %s) deployment failed: %s" % (green["id"], reason))
    if blue is None:
        stop(tasks.of_service(service, green["id"]))
        _end(service, "STOPPED", reason)
        return
    blue.update(status="PRIMARY", desiredCount=service.desired_count)
    roll_out(blue, "IN_PROGRESS", "rolling back to deploymentId %s." % blue["id"])
    note(service, "rolling back to deployment %s." % blue["id"])
    for key, name in CARRIED.items():
        setattr(service, name, blue.get(key))
    service.rolling_back = True
    fill(service, blue)
    names = ["PRODUCTION_TRAFFIC_SHIFT"] if shift.stage.percent else []
    names += ["TEST_TRAFFIC_SHIFT"] if shift.tested else []
    shift.kept, shift.index = blue, 0
    shift.stages = [Stage(name) for name in (*names, "CLEAN_UP")]
    close(service, "ROLLBACK_IN_PROGRESS", reason)
    record = service.service_deployments[0]
    record["rollback"]["serviceRevisionArn"] = record["sourceServiceRevisions"][0]["arn"]
    _enter(service)


def abandon(service: Any) -> None:
    """Ends a deployment whose service is deleted: nobody can answer its hooks any more, and it goes nowhere."""
    shift: Optional[Shift] = service.shift
    if shift:
        shift.hooks.cancel()
        _end(service, "STOPPED", "The service was deleted.")


def shown(service: Any) -> Dict[str, Any]:
    """What is told of the deployment that is under way besides what is told of every one."""
    if not service.shift:
        return {}
    return {
        "strategy": colours.strategy_of(service),
        "lifecycleStage": service.shift.stage.name,
        "productionPercent": service.shift.stage.percent,
    }


def _end_earlier(service: Any) -> None:
    """Ends the record of a deployment in whose midst another one starts."""
    for record in service.service_deployments[1:]:
        if "finishedAt" not in record:
            reason, now = "A new deployment was started.", utcnow()
            record.update(status="STOPPED", statusReason=reason, finishedAt=now, updatedAt=now)


def _failure(service: Any, shift: Shift) -> Optional[str]:
    """Why the deployment goes back now, if it does."""
    if shift.unwanted:
        return shift.unwanted
    if shift.stage.name == "SCALE_UP" and shift.limit.over:
        return "the stage SCALE_UP took more than 24 hours."
    if shift.index == 0 and not all(colours.linked(service, p) for p in colours.pairs(service, shift.green)):
        return INVALID_NETWORKING
    return shift.hooks.expire()


def _alarmed(service: Any, shift: Shift) -> bool:
    """Ends a deployment one of whose alarms has fired since requests came to green."""
    if shift.goes_back or not shift.stage.percent or shift.stage.name == "CLEAN_UP":
        return False
    names = alarms.fired(service, service.service_deployments[0])
    if names:
        reason = "alarm detected: %s." % ", ".join(names)
        (roll_back if alarms.rolls_back(service) else _halt)(service, reason)
    return bool(names)


def _halt(service: Any, reason: str) -> None:
    """Leaves both colours, and requests where they are, as nobody asked for a roll back."""
    green = service.shift.green
    service.shift.hooks.cancel()
    roll_out(green, "FAILED", "ECS deployment failed: " + reason)
    note(service, "(deployment %s) deployment failed: %s" % (green["id"], reason))
    _end(service, "STOPPED", reason)


def _enter(service: Any) -> None:
    """Does what the stage is there for."""
    shift: Shift = service.shift
    stage = shift.stage
    shift.wait, shift.limit = wait(stage.minutes), wait(STAGE_MINUTES, for_people=True)
    shift.hooks = _hooks(service, shift)
    if stage.name == "RECONCILE_SERVICE":
        _reconcile(service, shift)
    elif stage.name == "TEST_TRAFFIC_SHIFT":
        shift.tested = not shift.goes_back
        for pair in colours.pairs(service, shift.green):
            colours.lead(service, pair.test, pair, 100 if shift.tested else 0)
    elif stage.name == "PRODUCTION_TRAFFIC_SHIFT":
        for pair in colours.pairs(service, shift.green):
            colours.lead(service, pair.production, pair, stage.percent)
    elif stage.name == "CLEAN_UP":
        stop(others_than(service, shift.kept))
    tell(service)


def _hooks(service: Any, shift: Shift) -> Hooks:
    """The hooks of the stage; those that pause are at no stage of a roll back."""
    configured = service.deployment_configuration.get("lifecycleHooks") or []
    name = shift.stage.name
    here = [] if shift.goes_back else [h for h in configured if name in h["lifecycleStages"]]
    return Hooks(here, lambda detail: announce(service, name, detail))


def _reconcile(service: Any, shift: Shift) -> None:
    """Goes back to one revision before another one is made: blue, which then has all requests."""
    if shift.blue:
        fill(service, shift.blue)
        for pair in colours.pairs(service, shift.green):
            colours.lead(service, pair.production, pair, 0)
            colours.lead(service, pair.test, pair, 0)
    stop(others_than(service, shift.blue))


def _may_leave(service: Any, shift: Shift) -> bool:
    if shift.hooks.waiting:
        return False
    if shift.stage.name == "SCALE_UP":
        ready = scaled_up(service, shift.green)
        tell(service)
        return ready
    if shift.stage.name == "CLEAN_UP":
        # Tasks that are protected run on.
        stop(others_than(service, shift.kept))
        return not others_than(service, shift.kept)
    return shift.wait.over


def _complete(service: Any, shift: Shift) -> None:
    kept = shift.kept
    service.deployments = [kept]
    roll_out(kept, "COMPLETED", "ECS deployment %s completed." % kept["id"])
    if shift.goes_back:
        _end(service, "ROLLBACK_SUCCESSFUL", service.service_deployments[0]["statusReason"])
    else:
        note(service, "(deployment %s) deployment completed." % kept["id"])
        _end(service, "SUCCESSFUL", None)
    note(service, "has reached a steady state.")


def _end(service: Any, status: str, reason: Optional[str]) -> None:
    close(service, status, reason)
    tell(service)
    service.shift, service.rolling_back = None, False
