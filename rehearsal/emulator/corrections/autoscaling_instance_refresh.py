"""Auto Scaling StartInstanceRefresh, CancelInstanceRefresh, DescribeInstanceRefreshes.

moto has none of them; the Terraform provider starts a refresh when the launch template of a group with
``instanceRefresh`` changes, and cancels one that runs before it deletes the group.
"""

from typing import Any, Dict, List

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random


class ActiveInstanceRefreshNotFound(ServiceException):
    code = "ActiveInstanceRefreshNotFound"


def _refreshes(self: AutoScalingResponse) -> List[Dict[str, Any]]:
    backend = self.autoscaling_backend
    if not hasattr(backend, "instance_refreshes"):
        backend.instance_refreshes = []
    return backend.instance_refreshes


def _start(self: AutoScalingResponse) -> ActionResult:
    now = utcnow()
    refresh = {
        "InstanceRefreshId": str(mock_random.uuid4()),
        "AutoScalingGroupName": self._get_param("AutoScalingGroupName"),
        # At once: there is nothing to replace but records.
        "Status": "Successful",
        "StartTime": now,
        "EndTime": now,
        "PercentageComplete": 100,
        "InstancesToUpdate": 0,
        "Preferences": self._get_param("Preferences"),
        "Strategy": self._get_param("Strategy", "Rolling"),
    }
    _refreshes(self).insert(0, refresh)
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def _cancel(self: AutoScalingResponse) -> ActionResult:
    raise ActiveInstanceRefreshNotFound(
        "No in progress or pending Instance Refresh found for the group"
    )


def _describe(self: AutoScalingResponse) -> ActionResult:
    group, ids = (
        self._get_param("AutoScalingGroupName"),
        self._get_param("InstanceRefreshIds") or [],
    )
    found = [
        r
        for r in _refreshes(self)
        if r["AutoScalingGroupName"] == group and (not ids or r["InstanceRefreshId"] in ids)
    ]
    return ActionResult({"InstanceRefreshes": found})


def apply() -> None:
    AutoScalingResponse.start_instance_refresh = _start
    AutoScalingResponse.cancel_instance_refresh = _cancel
    AutoScalingResponse.describe_instance_refreshes = _describe
