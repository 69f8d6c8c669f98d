"""Where the tasks of private services are, and which are called, for whoever runs their containers."""

from typing import Any, Dict, List, Tuple

from ..control import Refused, route
from . import rollout, shifting, tasks
from .faults import existing_service
from .shift import sides

ADDRESS = "privateIPv4Address"


@route("GET", "ecs/called")
def _called(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    """What calls by Service Connect reach of a service whose deployments shift traffic, in percent; nothing of others."""
    service = existing_service(query)
    found = sides(service.shift) if service.shift else _kept(service)
    if len(found) == 1:
        # Before a first deployment there is nobody else to call, nor when one has ended.
        found = [(found[0][0], 100.0, 100.0)]
    return {
        "colours": [
            {"taskDefinition": deployment["taskDefinition"], "production": production, "test": test}
            for deployment, production, test in found
        ]
    }


def _kept(service: Any) -> List[Tuple[Dict[str, Any], float, float]]:
    """The colour that runs alone: what is left of another, as after a roll back, is called no more."""
    primary = rollout.primary_of(service) if shifting.applies(service) else None
    return [(primary, 100.0, 100.0)] if primary and service.desired_count else []


@route("POST", "ecs/task-address")
def _task_address(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Gives the tasks that a service runs an address at which something answers, as DescribeTasks tells it.

    With ``taskDefinition``, those that run it.
    """
    service, address = existing_service(body), body["address"]
    if service.load_balancers:
        raise Refused("a load balancer knows the tasks of %s by their addresses" % service.name)
    wanted = body.get("taskDefinition")
    moved = [t for t in tasks.of_service(service) if wanted in (None, t.task_definition_arn)]
    for task in moved:
        for attachment in task.attachments:
            for detail in attachment["details"]:
                if detail["name"] == ADDRESS:
                    detail["value"] = address
        for container in task.containers:
            for interface in container.network_interfaces or []:
                interface["privateIpv4Address"] = address
    return {"tasks": [t.task_arn for t in moved]}
