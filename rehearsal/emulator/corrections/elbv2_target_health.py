"""ELBv2 DescribeTargetHealth.

moto calls every registered target healthy: a deployment whose tasks the load balancer cannot reach would pass. Here a
target serves while its task runs, listens on the port, and security groups let the load balancer in, unless a test set
another state (``POST /gantry-emulator/target-health``). Looking lets time pass, as describing the service does.
"""

from typing import Any, Dict, List

from moto.ecs.models import ecs_backends
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus

from ..ecs import (  # noqa: F401  registers control endpoints
    addresses,
    backlog,
    colours,
    deployments,
    faults,
    passing,
    task_logs,
)
from ..ecs.clock import CLOCK
from ..ecs.health import reset
from ..resets import on_reset
from ..traffic import metrics, record, routes, shifts  # noqa: F401  registers control endpoints
from ..traffic.targets import state_of


def apply() -> None:
    describe = ELBv2Backend.describe_target_health

    def corrected(
        self: ELBv2Backend, target_group_arn: str, targets: List[Dict[str, Any]]
    ) -> List[FakeHealthStatus]:
        for service in _services_of(self, target_group_arn):
            deployments.described(service)
        found = describe(self, target_group_arn, targets)
        registered = self.target_groups[target_group_arn].targets
        for target in found:
            if target.instance_id in registered:
                state = state_of(self, target_group_arn, registered[target.instance_id])
                target.status, target.reason, target.description = state
        return found

    ELBv2Backend.describe_target_health = corrected
    on_reset(reset)
    on_reset(CLOCK.reset)
    on_reset(record.reset)
    on_reset(shifts.reset)


def _services_of(self: ELBv2Backend, group: str) -> List[Any]:
    services = ecs_backends[self.account_id][self.region_name].services.values()
    return [
        s
        for s in services
        if s.status == "ACTIVE" and group in colours.groups_of(s)
    ]
