"""What a test wants the next deployment, or the next one-off task, to do instead of succeeding."""

from typing import Any, Dict, List, NamedTuple, Optional, Sequence

OUTCOMES = ("completes", "staysInProgress", "fails", "rollsBack")


class Outcome(NamedTuple):
    """How a deployment ends. The texts default to what ECS says when the circuit breaker trips."""

    outcome: str = "completes"
    # How many times the service is described before the deployment ends.
    after_describes: int = 0
    reason: str = "tasks failed to start."
    stopped_reason: str = "Essential container in task exited"
    stop_code: str = "EssentialContainerExited"
    exit_code: Optional[int] = 1
    container: Optional[str] = None
    container_reason: Optional[str] = None
    failed_tasks: int = 3
    # While it is in progress its tasks run already, and those of the one before are gone.
    bakes: bool = False
    # Written where the blamed container of each failed task logs.
    log_lines: Sequence[str] = ()
    # Added to the service's events when the deployment starts, such as that no task can be placed.
    events: Sequence[str] = ()


class TaskOutcome(NamedTuple):
    """How a one-off task ends."""

    exit_code: Optional[int] = 0
    stopped_reason: str = "Essential container in task exited"
    stop_code: str = "EssentialContainerExited"
    container: Optional[str] = None
    container_reason: Optional[str] = None
    keeps_running: bool = False
    # Set: RunTask starts nothing and answers this as the reason of the failure.
    failure: Optional[str] = None
    # Written where the blamed container logs, when the task stops.
    log_lines: Sequence[str] = ()


SUCCESS = Outcome()
HELD = Outcome(outcome="staysInProgress")
TASK_SUCCESS = TaskOutcome()

# By cluster and service; by task family. Kept here and not on moto's objects: one may be set before the service exists.
_deployments: Dict[str, List[Outcome]] = {}
_tasks: Dict[str, List[TaskOutcome]] = {}
_held: List[bool] = []


def plan(cluster: str, service: str, outcome: Outcome) -> None:
    """Lets the next deployment of the service that has no plan yet end so."""
    _deployments.setdefault(cluster + "/" + service, []).append(outcome)


def next_outcome(cluster: str, service: str) -> Outcome:
    """Takes the plan of the deployment that starts now."""
    planned = _deployments.get(cluster + "/" + service)
    if planned:
        return planned.pop(0)
    return HELD if _held else SUCCESS


def hold(held: bool) -> None:
    """Lets deployments without a plan stay in progress until somebody ends them, who has run their containers."""
    _held[:] = [True] if held else []


def plan_task(family: str, outcome: TaskOutcome) -> None:
    """Lets the next one-off task of the family end so."""
    _tasks.setdefault(family, []).append(outcome)


def next_task_outcome(family: str) -> TaskOutcome:
    """Takes the plan of the one-off task that starts now."""
    planned = _tasks.get(family)
    return planned.pop(0) if planned else TASK_SUCCESS


def reset() -> None:
    """Forgets every plan."""
    _deployments.clear()
    _tasks.clear()
    _held.clear()


def read(kind: Any, body: Dict[str, Any]) -> Any:
    """Makes an Outcome or a TaskOutcome of the camelCase fields of a control request; other fields are refused."""
    names = {_camel(f): f for f in kind._fields}
    unknown = sorted(set(body) - set(names))
    if unknown:
        raise ValueError("unknown: %s; there are: %s" % (", ".join(unknown), ", ".join(names)))
    return kind(**{names[k]: v for k, v in body.items()})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
