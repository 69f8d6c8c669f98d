"""ELBv2 ModifyTargetGroupAttributes.

moto refuses a deregistration delay of 3600 seconds, which AWS has in its range.
"""

from typing import Any, Dict

from moto.elbv2.models import ELBv2Backend

DELAY, LONGEST_SECONDS = "deregistration_delay.timeout_seconds", 3600


def apply() -> None:
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
