"""Control endpoints that steer ECS and load balancing from outside: what fault tests need."""

from typing import Any, Dict, List, Optional

from moto.ecs.models import ecs_backends
from moto.elbv2.models import elbv2_backends

from ..control import Refused, route
from . import deployments, shifting, tasks
from .health import TARGET_STATES, set_health
from .outcomes import OUTCOMES, Outcome, TaskOutcome, hold, plan, plan_task, read


def all_services() -> List[Any]:
    """Every service of every account."""
    return [
        s
        for regions in ecs_backends.values()
        for b in regions.values()
        for s in b.services.values()
    ]


def _service(cluster: str, name: str) -> Optional[Any]:
    found = (
        s
        for s in all_services()
        if s.cluster_name == cluster and s.name == name and s.status == "ACTIVE"
    )
    return next(found, None)


def existing_service(body: Dict[str, Any]) -> Any:
    """The service that a request names."""
    service = _service(body["cluster"], body["service"])
    if service is None:
        raise Refused(
            "there is no active service %s in the cluster %s" % (body["service"], body["cluster"])
        )
    return service


@route("POST", "ecs/next-deployment")
def _next_deployment(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    cluster, service = body.pop("cluster"), body.pop("service")
    outcome = _outcome(body)
    plan(cluster, service, outcome)
    return outcome._asdict()


@route("POST", "ecs/current-deployment")
def _current_deployment(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    service = existing_service(body)
    wanted = body.get("id")
    outcome = _outcome({k: v for k, v in body.items() if k not in ("cluster", "service", "id")})
    running = [
        d
        for d in service.deployments
        if d["status"] == "PRIMARY" and d["rolloutState"] == "IN_PROGRESS" and wanted in (None, d["id"])
    ]
    if not running or service.rolling_back:
        raise Refused(
            "no deployment of %s is in progress: plan the next one first (staysInProgress)"
            % service.name
        )
    deployments.end_now(service, outcome)
    return {"deployments": service.deployments}


@route("POST", "ecs/deployments")
def _hold_deployments(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    held = body.get("held")
    if not isinstance(held, bool):
        raise Refused("held must be true or false, not %s" % held)
    hold(held)
    return {"held": held}


@route("GET", "ecs/deployments")
def _deployments_in_progress(_body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """The deployments that are in progress, without those of a rollback, and what runs; no time passes by looking."""
    active = [s for s in all_services() if s.status == "ACTIVE"]
    return {
        "running": [
            {
                "cluster": s.cluster_name,
                "service": s.name,
                "taskDefinitions": sorted({t.task_definition_arn for t in tasks.of_service(s)}),
                "shifts": s.shift.stage.name if s.shift else None,
            }
            for s in active
        ],
        "inProgress": [
            {
                "id": d["id"],
                "cluster": s.cluster_name,
                "service": s.name,
                "taskDefinition": d["taskDefinition"],
                "desiredCount": d["desiredCount"],
                "stopsFirst": deployments.stops_first(s),
                **shifting.shown(s),
            }
            for s in active
            if not s.rolling_back
            for d in s.deployments
            if d["status"] == "PRIMARY" and d["rolloutState"] == "IN_PROGRESS"
        ]
    }


def _outcome(body: Dict[str, Any]) -> Outcome:
    outcome = read(Outcome, body)
    if outcome.outcome not in OUTCOMES:
        raise Refused("outcome must be one of %s, not %s" % (", ".join(OUTCOMES), outcome.outcome))
    return outcome


@route("POST", "ecs/next-task")
def _next_task(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    family = body.pop("family")
    outcome = read(TaskOutcome, body)
    plan_task(family, outcome)
    return outcome._asdict()


@route("POST", "ecs/stop-tasks")
def _stop_tasks(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Stops tasks of a service, ``count`` of them or all; the service does not replace them unless ``replace``."""
    service = existing_service(body)
    stopped = tasks.of_service(service)[: body.get("count")]
    for task in stopped:
        tasks.stop(
            task,
            body.get("stoppedReason", "Essential container in task exited"),
            body.get("stopCode", "EssentialContainerExited"),
            body.get("exitCode", 1),
            body.get("container"),
            body.get("containerReason"),
        )
    deployments.recount(service, refill=bool(body.get("replace")))
    return {"stopped": [t.task_arn for t in stopped]}


@route("POST", "target-health")
def _target_health(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Sets the state that the targets of a group show, those registered later too; ``state: null`` ends that."""
    arn, state = body["targetGroup"], body.get("state")
    if not any(
        arn in b.target_groups for regions in elbv2_backends.values() for b in regions.values()
    ):
        raise Refused("there is no target group " + arn)
    if state is not None and state not in TARGET_STATES:
        raise Refused("state must be one of %s, not %s" % (", ".join(TARGET_STATES), state))
    set_health(arn, state, body.get("reason"), body.get("description"))
    return {"targetGroup": arn, "state": state}
