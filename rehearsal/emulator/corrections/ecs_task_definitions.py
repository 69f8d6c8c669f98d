"""ECS RegisterTaskDefinition, DescribeTaskDefinition, DeregisterTaskDefinition.

moto drops enableFaultInjection, a change at each preview, and tells neither when a revision was registered nor when
it was deregistered.
"""

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.models import EC2ContainerServiceBackend, TaskDefinition
from moto.ecs.responses import EC2ContainerServiceResponse


def apply() -> None:
    register = EC2ContainerServiceResponse.register_task_definition
    deregister = EC2ContainerServiceBackend.deregister_task_definition

    def registered(self: EC2ContainerServiceResponse) -> ActionResult:
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
