"""CloudWatch Logs CreateLogGroup, DescribeLogGroups.

moto forgets the class of a log group, without which the Terraform provider would replace it.
"""

from typing import Any, Dict

from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse


def apply() -> None:
    create, describe = LogsResponse.create_log_group, LogGroup.to_describe_dict

    def created(self: LogsResponse) -> str:
        answer = create(self)
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        group.log_group_class = self._get_param("logGroupClass") or "STANDARD"
        return answer

    def described(self: LogGroup) -> Dict[str, Any]:
        kind = getattr(self, "log_group_class", "STANDARD")
        return {**describe(self), "logGroupClass": kind, "logGroupArn": self.arn}

    LogsResponse.create_log_group = created
    LogGroup.to_describe_dict = described
