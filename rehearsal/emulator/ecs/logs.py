"""What the containers of a task have logged."""

from typing import Any, Sequence

from moto.core.utils import unix_time_millis, utcnow
from moto.ecs.models import Task, ecs_backends
from moto.logs.models import logs_backends


def write(task: Task, container: str, lines: Sequence[str]) -> None:
    """Writes lines to where the task definition has the container log; nowhere when it does not, or the group is gone."""
    backend = ecs_backends[task._account_id][task.region_name]
    definition = backend.describe_task_definition(task.task_definition_arn)
    described = next(c for c in definition.container_definitions if c["name"] == container)
    options = (described.get("logConfiguration") or {}).get("options") or {}
    # A log router that writes to CloudWatch too has other words for it.
    region = options.get("awslogs-region", options.get("region", task.region_name))
    groups = logs_backends[task._account_id][region].groups
    group: Any = groups.get(options.get("awslogs-group", options.get("log_group_name", "")))
    if group is None:
        return
    stream = "/".join((options.get("awslogs-stream-prefix", "ecs"), container, task.id))
    if "log_stream_name" in options:
        stream = options["log_stream_name"].replace("$(ecs_task_id)", task.id)
    if stream not in group.streams:
        group.create_log_stream(stream)
    now = int(unix_time_millis(utcnow()))
    group.put_log_events(stream, [{"timestamp": now, "message": line} for line in lines])
