"""The events of EventBridge by which ECS tells that a lifecycle hook waits, and how it ended.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html; which ``eventType`` the ends have
that stop a deployment is not said there.
"""

import json
import time
from typing import Any, Dict

from moto.events.models import events_backends

TYPES = {"FAILED": "ERROR", "TIMED_OUT": "ERROR"}


def announce(service: Any, stage: str, detail: Dict[str, Any]) -> None:
    """Tells the status of a hook, as DescribeServiceDeployments details it, of the service's newest deployment."""
    record = service.service_deployments[0]
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    told = {
        "eventType": TYPES.get(detail["status"], "INFO"),
        "eventName": "HOOK_" + detail["status"],
        "hookId": detail["hookId"],
        "hookType": detail["targetType"],
        "expiresAt": detail["expiresAt"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lifecycleStage": stage,
        "clusterArn": record["clusterArn"],
        "serviceArn": record["serviceArn"],
        "serviceDeploymentArn": record["serviceDeploymentArn"],
        "updatedAt": now,
    }
    event = {
        "Source": "aws.ecs",
        "DetailType": "ECS Hook State Change",
        "Detail": json.dumps(told),
        "Resources": [record["serviceDeploymentArn"]],
        "Time": now,
    }
    backend = service._backend
    events_backends[backend.account_id][backend.region_name].put_events([event])
