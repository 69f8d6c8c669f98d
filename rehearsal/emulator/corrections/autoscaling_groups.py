"""Auto Scaling CreateAutoScalingGroup, UpdateAutoScalingGroup, DescribeAutoScalingGroups.

moto forgets some settings of a group, such as the longest life of an instance: each a change at the next preview.
"""

from botocore import xform_name
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

KEPT = (
    "AvailabilityZoneDistribution",
    "AvailabilityZoneImpairmentPolicy",
    "CapacityRebalance",
    "CapacityReservationSpecification",
    "Context",
    "DefaultInstanceWarmup",
    "DesiredCapacityType",
    "InstanceMaintenancePolicy",
    "MaxInstanceLifetime",
    "ServiceLinkedRoleARN",
)


def _keep(self: AutoScalingResponse) -> None:
    group = self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")]
    for name in KEPT:
        given = self._get_param(name)
        if given is not None:
            # 0 and -1 take these settings back.
            removed = name in ("DefaultInstanceWarmup", "MaxInstanceLifetime") and given in (-1, 0)
            setattr(group, xform_name(name), None if removed else given)


def apply() -> None:
    create, update = (
        AutoScalingResponse.create_auto_scaling_group,
        AutoScalingResponse.update_auto_scaling_group,
    )

    def created(self: AutoScalingResponse) -> ActionResult:
        result = create(self)
        _keep(self)
        return result

    def updated(self: AutoScalingResponse) -> ActionResult:
        result = update(self)
        _keep(self)
        return result

    AutoScalingResponse.create_auto_scaling_group = created
    AutoScalingResponse.update_auto_scaling_group = updated
