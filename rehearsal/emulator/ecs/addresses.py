"""Where the tasks of a service are, for whoever runs their containers: ``POST /gantry-emulator/ecs/task-address``."""

from typing import Any, Dict

from ..control import Refused, route
from . import tasks
from .faults import existing_service

ADDRESS = "privateIPv4Address"


@route("POST", "ecs/task-address")
def _task_address(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Gives the tasks that a service runs an address at which something answers, as DescribeTasks tells it."""
    service, address = existing_service(body), body["address"]
    if service.load_balancers:
        raise Refused("a load balancer knows the tasks of %s by their addresses" % service.name)
    moved = tasks.of_service(service)
    for task in moved:
        for attachment in task.attachments:
            for detail in attachment["details"]:
                if detail["name"] == ADDRESS:
                    detail["value"] = address
        for container in task.containers:
            for interface in container.network_interfaces or []:
                interface["privateIpv4Address"] = address
    return {"tasks": [t.task_arn for t in moved]}
