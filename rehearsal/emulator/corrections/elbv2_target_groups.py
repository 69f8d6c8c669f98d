"""ELBv2 ModifyTargetGroupAttributes and DescribeTargetGroups.

moto refuses a deregistration delay of 3600 seconds, which AWS has in its range. And it adds a load balancer to a group when a
rule is made, each time, and never when a rule is changed or goes: what leads to a group is found out when somebody asks.
"""

from typing import Any, Dict, Iterator

from moto.elbv2.models import ELBv2Backend

DELAY, LONGEST_SECONDS = "deregistration_delay.timeout_seconds", 3600


def _leading(backend: ELBv2Backend, group: str) -> Iterator[str]:
    for arn, balancer in backend.load_balancers.items():
        for listener in balancer.listeners.values():
            rules = [listener.default_actions, *(rule.actions for rule in listener.rules.values())]
            named = (
                backend._get_target_group_arns_from(action_data=action.data)
                for actions in rules
                for action in actions
                if action.type == "forward"
            )
            if any(group in groups for groups in named):
                yield arn
                break


def apply() -> None:
    describe = ELBv2Backend.describe_target_groups

    def described(self: ELBv2Backend, *args: Any, **named: Any) -> Any:
        for group in self.target_groups.values():
            group.load_balancer_arns = list(_leading(self, group.arn))
        return describe(self, *args, **named)

    ELBv2Backend.describe_target_groups = described

    modify = ELBv2Backend.modify_target_group_attributes

    def modified(self: ELBv2Backend, target_group_arn: str, attributes: Dict[str, Any]) -> None:
        delay = attributes.get(DELAY)
        longest = str(delay) == str(LONGEST_SECONDS)
        # What moto does not count to the range is checked as what it does, and kept as it was given.
        asked = {**attributes, DELAY: str(LONGEST_SECONDS - 1)} if longest else attributes
        modify(self, target_group_arn, asked)
        if longest:
            self.target_groups[target_group_arn].attributes[DELAY] = delay

    ELBv2Backend.modify_target_group_attributes = modified
