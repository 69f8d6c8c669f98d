"""EC2 CreateFlowLogs.

moto takes the folder in the destination for a part of the bucket's name, and finds no such bucket.
"""
from typing import Any

from moto.ec2.models.flow_logs import FlowLogsBackend


def apply() -> None:
    create = FlowLogsBackend.create_flow_logs

    def corrected(self: FlowLogsBackend, *args: Any, **kwargs: Any) -> Any:
        destination = kwargs.get("log_destination") or ""
        bucket, slash, folder = destination.partition("/")
        if kwargs.get("log_destination_type") != "s3" or not slash:
            return create(self, *args, **kwargs)
        made, failed = create(self, *args, **{**kwargs, "log_destination": bucket})
        for log in made:
            log.log_destination = destination
        return made, failed

    FlowLogsBackend.create_flow_logs = corrected
