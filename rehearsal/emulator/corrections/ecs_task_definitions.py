"""ECS RegisterTaskDefinition, DescribeTaskDefinition, DeregisterTaskDefinition.

moto drops enableFaultInjection, a change at each preview, and tells neither when a revision was registered nor when
it was deregistered. It knows nothing of log routers, which ECS checks and runs as root.
"""

from typing import Any, Dict, List

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import EcsClientException
from moto.ecs.models import EC2ContainerServiceBackend, TaskDefinition
from moto.ecs.responses import EC2ContainerServiceResponse


def apply() -> None:
    register = EC2ContainerServiceResponse.register_task_definition
    deregister = EC2ContainerServiceBackend.deregister_task_definition

    def registered(self: EC2ContainerServiceResponse) -> ActionResult:
        check_log_routers(self._get_param("containerDefinitions"))
        result = register(self)
        definition = result.result["taskDefinition"]
        definition.enable_fault_injection = self._get_param("enableFaultInjection")
        definition.registered_at = utcnow()
        definition.registered_by = "arn:aws:iam::%s:root" % self.current_account
        return ActionResult({**result.result, "tags": definition.tags})

    def deregistered(self: EC2ContainerServiceBackend, task_definition_str: str) -> TaskDefinition:
        definition = deregister(self, task_definition_str)
        definition.deregistered_at = utcnow()
        return definition

    EC2ContainerServiceResponse.register_task_definition = registered
    EC2ContainerServiceBackend.deregister_task_definition = deregistered


def check_log_routers(containers: List[Dict[str, Any]]) -> None:
    routers = [each for each in containers if each.get("firelensConfiguration")]
    routed = [each for each in containers if log_driver(each) == "awsfirelens"]
    if routed and not routers:
        raise EcsClientException(
            "When awsfirelens log driver is specified in log configuration, a firelens "
            "configuration object must be configured in one of the containers."
        )
    if routers and not routed:
        raise EcsClientException(
            "When a firelensConfiguration object is specified, at least one container has to "
            "be configured with the awsfirelens log driver."
        )
    for router in routers:
        if router.setdefault("user", "0") != "0":
            raise EcsClientException(
                "If 'user' field is specified on firelens container, then 'UID' has to be '0'."
            )


def log_driver(container: Dict[str, Any]) -> Any:
    return (container.get("logConfiguration") or {}).get("logDriver")
