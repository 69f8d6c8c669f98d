"""CloudWatch PutCompositeAlarm, DescribeAlarms.

moto describes composite alarms and cannot make one; and it names the rule otherwise than the answer has it.
"""

from moto.cloudwatch.models import Alarm
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult


def apply() -> None:
    describe = CloudWatchResponse.describe_alarms

    def put(self: CloudWatchResponse) -> ActionResult:
        return self.put_metric_alarm()

    def described(self: CloudWatchResponse) -> ActionResult:
        result = describe(self)
        # Composite alarms only when they are asked for, as on AWS.
        kinds = self._get_param("AlarmTypes") or ["MetricAlarm"]
        for kind in ("MetricAlarm", "CompositeAlarm"):
            if kind not in kinds:
                result.result[kind + "s"] = []
        return result

    Alarm.alarm_rule = property(lambda self: self.rule)
    CloudWatchResponse.put_composite_alarm = put
    CloudWatchResponse.describe_alarms = described
