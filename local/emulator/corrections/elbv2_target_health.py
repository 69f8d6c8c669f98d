"""ELBv2 DescribeTargetHealth.

moto calls every registered target healthy. So does this, unless a test set another state
(``POST /gantry-emulator/target-health``).
"""

from typing import Any, Dict, List

from moto.elbv2.models import ELBv2Backend, FakeHealthStatus

from ..ecs import faults  # noqa: F401  registers its control endpoints
from ..ecs.health import health_of, reset
from ..resets import on_reset


def apply() -> None:
    describe = ELBv2Backend.describe_target_health

    def corrected(
        self: ELBv2Backend, target_group_arn: str, targets: List[Dict[str, Any]]
    ) -> List[FakeHealthStatus]:
        found = describe(self, target_group_arn, targets)
        given = health_of(target_group_arn)
        if given:
            for target in found:
                target.status, target.reason, target.description = given
        return found

    ELBv2Backend.describe_target_health = corrected
    on_reset(reset)
