"""EC2 CreateFlowLogs, DescribeFlowLogs.

moto takes the folder in the destination for a part of the bucket's name, and finds no such bucket; and it forgets the
destination's options, without which the Terraform provider would replace the flow log.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.flow_logs import FlowLogsBackend
from moto.ec2.responses.flow_logs import FlowLogs

OPTIONS = {"FileFormat": "plain-text", "HiveCompatiblePartitions": False, "PerHourPartition": False}


def apply() -> None:
    create, respond = FlowLogsBackend.create_flow_logs, FlowLogs.create_flow_logs

    def corrected(self: FlowLogsBackend, *args: Any, **kwargs: Any) -> Any:
        destination = kwargs.get("log_destination") or ""
        bucket, slash, _folder = destination.partition("/")
        if kwargs.get("log_destination_type") != "s3" or not slash:
            return create(self, *args, **kwargs)
        made, failed = create(self, *args, **{**kwargs, "log_destination": bucket})
        for log in made:
            log.log_destination = destination
        return made, failed

    def responded(self: FlowLogs) -> ActionResult:
        result = respond(self)
        given = self._get_param("DestinationOptions")
        for known in result.result.get("FlowLogIds", []):
            if given:
                self.ec2_backend.flow_logs[known].destination_options = {**OPTIONS, **given}
        return result

    FlowLogsBackend.create_flow_logs = corrected
    FlowLogs.create_flow_logs = responded
