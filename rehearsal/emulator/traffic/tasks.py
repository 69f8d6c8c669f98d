"""Whose task a target is, for whoever runs the containers: ``GET /gantry-emulator/traffic/task``."""

from typing import Any, Dict

from moto.ecs.models import ecs_backends

from ..control import route

SERVICE = "service:"


@route("GET", "traffic/task")
def _task(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    wanted = (query["targetGroup"], query["address"])
    for regions in ecs_backends.values():
        for backend in regions.values():
            for cluster, tasks in backend.tasks.items():
                for task in tasks.values():
                    if task.status == "RUNNING" and wanted in getattr(task, "registrations", []):
                        return {
                            "task": {
                                "cluster": cluster,
                                "service": task.group[len(SERVICE) :],
                                "taskDefinition": task.task_definition_arn,
                            }
                        }
    return {"task": None}
