"""The two target groups of a load balancer of a service, and the rules by which ECS leads requests to either.

Which of the two a deployment's tasks are in is kept with the deployment: the service's own ``targetGroupArn`` never changes.
"""

from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from moto.elbv2.models import FakeAction, elbv2_backends

from ..traffic import shifts
from ..traffic.targets import weights

STRATEGIES = ("BLUE_GREEN", "CANARY", "LINEAR")
# A target group and the port of the container behind it.
Target = Tuple[str, int]


class Pair(NamedTuple):
    """One load balancer of a service: the groups of both colours and the rules that lead to them."""

    green: str
    blue: str
    production: Optional[str]
    test: Optional[str]


def strategy_of(service: Any) -> str:
    """The strategy of the service's next deployment."""
    return service.deployment_configuration.get("strategy") or "ROLLING"


def targets_for(service: Any, before: Optional[Dict[str, Any]]) -> List[Target]:
    """Where the tasks of the service's next deployment register, by where those of the deployment before are.

    With two colours that is the other group: the alternate one for the first deployment, as seen of ECS
    (go-to-k/cdk-real-drift issues 1730 and 1732). A rolling deployment stays where requests go.
    """
    serving = [group for group, _ in before["targets"]] if before else []
    shifts = strategy_of(service) in STRATEGIES
    found = []
    for balancer in service.load_balancers:
        first = balancer.get("targetGroupArn")
        second = (balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
        in_second = second in serving and first not in serving
        if second and in_second != shifts:
            first = second
        found.append((first, balancer.get("containerPort")))
    return found


def groups_of(service: Any) -> List[str]:
    """The target groups that the service names, of both colours."""
    found = []
    for balancer in service.load_balancers:
        given = balancer.get("advancedConfiguration") or {}
        found += [balancer.get("targetGroupArn"), given.get("alternateTargetGroupArn")]
    return [group for group in found if group]


def resolved(service: Any, deployment: Dict[str, Any]) -> Dict[str, Any]:
    """What DescribeServiceRevisions tells of where the tasks of a deployment are."""
    rules = [
        (balancer.get("advancedConfiguration") or {}).get("productionListenerRule")
        for balancer in service.load_balancers
    ]
    return {
        "loadBalancers": [
            {"targetGroupArn": group, "productionListenerRule": rule}
            for (group, _), rule in zip(deployment["targets"], rules)
        ]
    }


def pairs(service: Any, green: Dict[str, Any]) -> Iterator[Pair]:
    """The load balancers whose traffic ECS shifts to a deployment."""
    mine = [group for group, _ in green["targets"]]
    for balancer in service.load_balancers:
        given = balancer.get("advancedConfiguration")
        if given:
            both = [balancer["targetGroupArn"], given["alternateTargetGroupArn"]]
            colours = both if both[0] in mine else both[::-1]
            yield Pair(*colours, given.get("productionListenerRule"), given.get("testListenerRule"))


def lead(service: Any, rule_arn: Optional[str], pair: Pair, percent: float) -> None:
    """Has a rule lead so many of 100 requests to green, and the others to blue."""
    rule = _rule(service, rule_arn)
    if rule is None:
        return
    # Weights are whole numbers up to 999, percentages go by tenths.
    scale = 1 if float(percent).is_integer() else 10
    green = round(percent * scale)
    groups = [
        {"TargetGroupArn": pair.green, "Weight": green},
        {"TargetGroupArn": pair.blue, "Weight": 100 * scale - green},
    ]
    actions = [_forward(a, groups) if a.type == "forward" else a for a in rule.actions]
    # The default rule of a listener shares its list of actions with the listener.
    rule.actions[:] = actions
    traffic = "production" if rule_arn == pair.production else "test"
    runs = {pair.green: service.shift.green, pair.blue: service.shift.blue}
    shifts.note(
        service,
        traffic,
        rule.arn,
        {g["TargetGroupArn"]: g["Weight"] for g in groups},
        {group: deployment and deployment["taskDefinition"] for group, deployment in runs.items()},
    )


def _forward(action: Any, groups: List[Dict[str, Any]]) -> FakeAction:
    kept = {k: v for k, v in action.data.items() if k != "TargetGroupArn"}
    config = dict(kept.get("ForwardConfig") or {})
    return FakeAction({**kept, "ForwardConfig": {**config, "TargetGroups": groups}})


def linked(service: Any, pair: Pair) -> bool:
    """Whether the rules of production and test lead to the groups of both colours, whatever the weights."""
    rules = [_rule(service, arn) for arn in (pair.production, pair.test)]
    actions = [action for rule in rules if rule for action in rule.actions]
    return {pair.green, pair.blue} <= {group for group, _ in weights(actions)}


def _rule(service: Any, arn: Optional[str]) -> Any:
    """A rule by its ARN, or the default rule of the listener that has the ARN (a Network Load Balancer's)."""
    backend = service._backend
    balancers = elbv2_backends[backend.account_id][backend.region_name].load_balancers.values()
    for listener in (one for balancer in balancers for one in balancer.listeners.values()):
        for rule in listener.rules.values():
            if arn == rule.arn or (arn == listener.arn and rule.is_default):
                return rule
    return None
