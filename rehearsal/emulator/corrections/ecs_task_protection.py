"""ECS UpdateTaskProtection, GetTaskProtection.

moto has neither. A service whose target group is exchanged keeps its old tasks by them until its rules have turned.
"""

from datetime import timedelta
from typing import Any, Dict, List

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import Task
from moto.ecs.responses import EC2ContainerServiceResponse

from ..ecs import tasks

DEFAULT_MINUTES = 120


def _update(self: EC2ContainerServiceResponse) -> ActionResult:
    given = self._get_params()
    minutes = given.get("expiresInMinutes", DEFAULT_MINUTES)
    if not 1 <= minutes <= 2880:
        raise InvalidParameterException("expiresInMinutes must be between 1 and 2880.")
    until = utcnow() + timedelta(minutes=minutes) if given["protectionEnabled"] else None

    def protect(task: Task) -> None:
        task.protected_until = until

    return _answer(self, 10, protect)


def _get(self: EC2ContainerServiceResponse) -> ActionResult:
    return _answer(self, 100, lambda task: None)


def _answer(self: EC2ContainerServiceResponse, most: int, do: Any) -> ActionResult:
    given = self._get_params()
    wanted: List[str] = given.get("tasks") or []
    if len(wanted) > most:
        raise InvalidParameterException("Tasks can have at most %d items." % most)
    backend = self.ecs_backend
    known = backend.tasks.get(backend._get_cluster(given["cluster"]).name, {}).values()
    shown, failures = [], []
    for ref in wanted:
        task = next((t for t in known if t.id == ref.split("/")[-1]), None)
        if task is None:
            failures.append({"arn": ref, "reason": "MISSING"})
        elif not task.group.startswith("service:") or task.desired_status != "RUNNING":
            failures.append({"arn": task.task_arn, "reason": "TASK_NOT_VALID"})
        else:
            do(task)
            shown.append(_shown(task))
    return ActionResult({"protectedTasks": shown, "failures": failures})


def _shown(task: Task) -> Dict[str, Any]:
    shown: Dict[str, Any] = {
        "taskArn": task.task_arn,
        "protectionEnabled": tasks.is_protected(task),
    }
    if shown["protectionEnabled"]:
        shown["expirationDate"] = task.protected_until
    return shown


def apply() -> None:
    EC2ContainerServiceResponse.update_task_protection = _update
    EC2ContainerServiceResponse.get_task_protection = _get
