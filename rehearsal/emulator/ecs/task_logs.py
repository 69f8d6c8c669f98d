"""What the containers of a service's tasks log, for whoever runs them."""

from typing import Any, Dict

from ..control import route
from . import logs, tasks
from .faults import existing_service


@route("POST", "ecs/task-logs")
def _task_logs(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Writes lines as the newest task that a service runs of a task definition would; ``task`` is null where it runs none yet."""
    running = [
        t
        for t in tasks.of_service(existing_service(body))
        if t.task_definition_arn == body["taskDefinition"]
    ]
    if not running:
        return {"task": None}
    logs.write(running[-1], body["container"], body["lines"])
    return {"task": running[-1].task_arn}
