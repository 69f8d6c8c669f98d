"""CloudWatch PutCompositeAlarm, DescribeAlarms.

moto describes composite alarms and cannot make one; and it names the rule otherwise than the answer has it. A rule that names an
alarm which is not there is refused, in CloudWatch's words (as awsdocs/aws-cloudformation-user-guide issue 911 has them).
"""

import re
from typing import List

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

# Names or ARNs, in quotes or not ("PutCompositeAlarm", CloudWatch API reference).
_NAMED = re.compile(r'\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^\s()"]+))\s*\)')


def apply() -> None:
    describe = CloudWatchResponse.describe_alarms

    def put(self: CloudWatchResponse) -> ActionResult:
        known = self.cloudwatch_backend.alarms
        missing = [name for name in _named(self._get_param("AlarmRule")) if name not in known]
        if missing:
            names = ", ".join(missing)
            raise ValidationError(
                f"Could not save the composite alarm as alarms [{names}] in the alarm rule do not exist"
            )
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


def _named(rule: str) -> List[str]:
    return [(quoted or bare).split(":alarm:")[-1] for quoted, bare in _NAMED.findall(rule)]
