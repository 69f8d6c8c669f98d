"""Which targets of a target group can serve: those whose task runs, listens there, and is let in."""

from typing import Any, Dict, Iterator, List, NamedTuple, Optional

from moto.ec2.models import ec2_backends
from moto.ecs.models import ecs_backends
from moto.elbv2.models import ELBv2Backend

from ..ecs.health import health_of


class State(NamedTuple):
    """What DescribeTargetHealth says of one target."""

    state: str
    reason: Optional[str] = None
    description: Optional[str] = None


HEALTHY = State("healthy")


def state_of(balancers: ELBv2Backend, group_arn: str, target: Dict[str, Any]) -> State:
    """The state of a registered target: as a test set it, else as its task, its port and the security groups have it."""
    set_by_test = health_of(group_arn)
    if set_by_test:
        return State(*set_by_test)
    using = list(balancers_of(balancers, group_arn))
    if not using:
        return State(
            "unused",
            "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer",
        )
    task = _task_at(balancers, target["Id"])
    if task is None:
        return HEALTHY  # Not one of ECS's: moto's answer stands.
    port = int(target["Port"])
    if not _listens(task, port):
        return State("unhealthy", "Target.FailedHealthChecks", "Health checks failed")
    if not all(_reaches(balancers, balancer, task, port) for balancer in using):
        return State("unhealthy", "Target.Timeout", "Request timed out")
    return HEALTHY


def healthy(balancers: ELBv2Backend, group_arn: str) -> List[str]:
    """The addresses of a group that requests go to."""
    group = balancers.target_groups.get(group_arn)
    targets = group.targets.values() if group else []
    return [t["Id"] for t in targets if state_of(balancers, group_arn, t).state == "healthy"]


def balancers_of(balancers: ELBv2Backend, group_arn: str) -> Iterator[Any]:
    """The load balancers with a listener or a rule that names the group."""
    for balancer in balancers.load_balancers.values():
        rules = (r for listener in balancer.listeners.values() for r in listener.rules.values())
        if any(group_arn in dict(weights(rule.actions)) for rule in rules):
            yield balancer


def weights(actions: List[Any]) -> Iterator[Any]:
    """The target groups that actions forward to, each with its weight."""
    for action in actions:
        data = getattr(action, "data", action)
        given = (data.get("ForwardConfig") or {}).get("TargetGroups") or []
        for group in given:
            yield group["TargetGroupArn"], int(group.get("Weight", 1))
        if not given and data.get("TargetGroupArn"):
            yield data["TargetGroupArn"], 1


def _task_at(balancers: ELBv2Backend, address: str) -> Any:
    ecs = ecs_backends[balancers.account_id][balancers.region_name]
    for tasks in ecs.tasks.values():
        for task in tasks.values():
            if any(a == address for _, a in getattr(task, "registrations", [])):
                return task
    return None


def _listens(task: Any, port: int) -> bool:
    definition = ecs_backends[task._account_id][task.region_name].describe_task_definition(
        task.task_definition_arn
    )
    mapped = (m for c in definition.container_definitions for m in c.get("portMappings") or [])
    return task.status == "RUNNING" and any(m.get("containerPort") == port for m in mapped)


def _reaches(balancers: ELBv2Backend, balancer: Any, task: Any, port: int) -> bool:
    """Whether the groups of the load balancer let a request out, and those of the task let it in."""
    ec2 = ec2_backends[balancers.account_id][balancers.region_name]
    interfaces = (
        detail["value"]
        for attachment in task.attachments
        for detail in attachment["details"]
        if detail["name"] == "networkInterfaceId"
    )
    interface = ec2.enis.get(next(interfaces, ""))
    own = [g.id for g in interface.group_set] if interface else []
    theirs = list(balancer.security_groups or [])
    if not own or not theirs:
        return True  # moto leaves out the groups that AWS would give; nothing can be told.
    groups = {g: ec2.get_security_group_from_id(g) for g in own + theirs}
    return any(_admits(groups[g].egress_rules, own, port) for g in theirs if groups[g]) and any(
        _admits(groups[g].ingress_rules, theirs, port) for g in own if groups[g]
    )


def _admits(rules: List[Any], peers: List[str], port: int) -> bool:
    return any(
        rule.ip_protocol in ("-1", "tcp")
        and (rule.ip_protocol == "-1" or int(rule.from_port) <= port <= int(rule.to_port))
        and (rule.source_group.get("GroupId") in peers or bool(rule.cidr_ipv4))
        for rule in rules
    )
