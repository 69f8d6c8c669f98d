"""A load balancer as it is at one moment, for whoever plays it: ``GET /gantry-emulator/traffic/routes``.

Rules and targets are told together, since a shift may fall between two calls; no time passes by looking.
"""

from typing import Any, Dict, Optional

from moto.ecs.models import ecs_backends
from moto.elbv2.models import ELBv2Backend, elbv2_backends

from ..control import Refused, route
from .rules import in_order
from .targets import state_of, weights

SERVICE = "service:"


@route("GET", "traffic/routes")
def _routes(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    arn = query["loadBalancer"]
    for regions in elbv2_backends.values():
        for backend in regions.values():
            if arn in backend.load_balancers:
                return _told(backend, backend.load_balancers[arn])
    raise Refused("there is no load balancer " + arn)


def _told(backend: ELBv2Backend, balancer: Any) -> Dict[str, Any]:
    listeners = [
        {"protocol": one.protocol, "port": int(one.port), "rules": [_rule(rule) for rule in in_order(one)]}
        for one in balancer.listeners.values()
    ]
    groups = {
        group
        for one in balancer.listeners.values()
        for rule in one.rules.values()
        for group, _ in weights(rule.actions)
        if group in backend.target_groups
    }
    return {"listeners": listeners, "targets": {group: _targets(backend, group) for group in groups}}


def _rule(rule: Any) -> Dict[str, Any]:
    """As DescribeRules has it."""
    return {
        "RuleArn": rule.arn,
        "Priority": str(rule.priority),
        "Conditions": rule.conditions or [],
        "Actions": [action.data for action in rule.actions],
    }


def _targets(backend: ELBv2Backend, group: str) -> Any:
    return [
        {
            "targetGroupArn": group,
            "id": target["Id"],
            "port": int(target["Port"]),
            "state": state_of(backend, group, target).state,
            "task": _task(backend, group, target["Id"]),
        }
        for target in backend.target_groups[group].targets.values()
    ]


def _task(backend: ELBv2Backend, group: str, address: str) -> Optional[Dict[str, str]]:
    """Whose task a target is; None where it is none of ECS's."""
    for cluster, tasks in ecs_backends[backend.account_id][backend.region_name].tasks.items():
        for task in tasks.values():
            if task.status == "RUNNING" and (group, address) in getattr(task, "registrations", []):
                return {
                    "cluster": cluster,
                    "service": task.group[len(SERVICE) :],
                    "taskDefinition": task.task_definition_arn,
                }
    return None
