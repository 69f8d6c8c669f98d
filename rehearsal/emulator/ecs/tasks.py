"""Tasks: started and stopped as the service scheduler and RunTask do it, with all their containers."""

from typing import Any, Dict, List, Optional, Union

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ecs.exceptions import EcsClientException, TaskDefinitionNotFoundException
from moto.ecs.models import Container, Task, TaskDefinition
from moto.elbv2.models import elbv2_backends
from moto.moto_api._internal import mock_random

from . import logs
from .images import digest_of
from .outcomes import Outcome, TaskOutcome

# What a one-off task goes through, one step at each DescribeTasks.
ONE_OFF = [("PENDING", "RUNNING"), ("RUNNING", "STOPPED")]


def complete(
    task: Task, definition: TaskDefinition, overrides: Optional[Dict[str, Any]] = None
) -> None:
    """Gives a task what moto leaves out: every container with its digest, sizes, times."""
    commands = {o.get("name"): o for o in (overrides or {}).get("containerOverrides", [])}
    task.containers = [
        _container(task, definition, i, commands.get(c["name"], {}))
        for i, c in enumerate(definition.container_definitions)
    ]
    for attachment in task.attachments:
        attachment["details"] = [d for d in attachment["details"] if d["value"]]
    task.cpu, task.memory = definition.cpu, definition.memory
    task.created_at = utcnow()
    task.connectivity = "CONNECTED"
    task.version = 1
    if task.launch_type == "FARGATE":
        task.platform_version = (
            task.platform_version if task.platform_version not in (None, "LATEST") else "1.4.0"
        )
        task.platform_family = "Linux"
    subnet = task_detail(task, "subnetId")
    if subnet:
        task.availability_zone = (
            ec2_backends[task._account_id][task.region_name].get_subnet(subnet).availability_zone
        )


def _container(
    task: Task, definition: TaskDefinition, index: int, override: Dict[str, Any]
) -> Container:
    described = definition.container_definitions[index]
    container = Container(definition)
    container.container_arn = (
        task.task_arn.replace(":task/", ":container/", 1) + "/" + str(mock_random.uuid4())
    )
    container.task_arn = task.task_arn
    container.name = described["name"]
    container.image = described["image"]
    container.image_digest = digest_of(described["image"])
    container.runtime_id = task.task_arn.split("/")[-1] + "-%010d" % index
    # moto's class says 0, which DescribeTasks answers for a container that still runs.
    container.exitCode = None
    container.health_status = "HEALTHY" if "healthCheck" in described else "UNKNOWN"
    container.cpu = str(described.get("cpu", 0))
    for size in ("memory", "memoryReservation"):
        value = override.get(size, described.get(size))
        setattr(container, size, str(value) if value is not None else None)
    address = task_detail(task, "privateIPv4Address")
    if address:
        attachment = task.attachments[0]["id"]
        container.network_interfaces = [{"attachmentId": attachment, "privateIpv4Address": address}]
    return container


def task_detail(task: Task, name: str) -> Optional[str]:
    """A detail of the task's network interface, such as ``privateIPv4Address``."""
    for attachment in task.attachments:
        for detail in attachment["details"]:
            if detail["name"] == name:
                return detail["value"]
    return None


def run(task: Task) -> None:
    """Marks a task and its containers as running and healthy."""
    task.status = "RUNNING"
    task.started_at = utcnow()
    checked = [c.health_status for c in task.containers if c.health_status != "UNKNOWN"]
    task.health_status = "HEALTHY" if checked else "UNKNOWN"
    for container in task.containers:
        container.last_status = "RUNNING"
        if task.enable_execute_command:
            container.managed_agents = [
                {"name": "ExecuteCommandAgent", "lastStatus": "RUNNING", "lastStartedAt": utcnow()}
            ]


def definition_of(backend: Any, name: str) -> TaskDefinition:
    """The task definition that something shall run from, or the error that CreateService and RunTask have for none."""
    try:
        return backend.describe_task_definition(name)
    except TaskDefinitionNotFoundException:
        raise EcsClientException("TaskDefinition not found.")


def stop_as(task: Task, outcome: Union[Outcome, TaskOutcome]) -> None:
    """Stops a task the way an outcome says."""
    if outcome.log_lines:
        logs.write(task, outcome.container or task.containers[0].name, outcome.log_lines)
    stop(
        task,
        outcome.stopped_reason,
        outcome.stop_code,
        outcome.exit_code,
        outcome.container,
        outcome.container_reason,
    )


def stop(
    task: Task,
    reason: str,
    code: str = "ServiceSchedulerInitiated",
    exit_code: Optional[int] = None,
    container: Optional[str] = None,
    container_reason: Optional[str] = None,
) -> None:
    """Stops a task, and frees its network interface and its places in target groups.

    ``exit_code`` and ``container_reason`` go to the named container, or to the first one; None is what AWS shows of a
    container that never started.
    """
    if getattr(task, "stopped_at", None):
        return
    task._transitions = []
    task.status = task.desired_status = "STOPPED"
    task.stopped_reason, task.stop_code = reason, code
    task.stopping_at = task.execution_stopped_at = task.stopped_at = utcnow()
    for index, stopped in enumerate(task.containers):
        stopped.last_status = "STOPPED"
        blamed = stopped.name == container if container else index == 0
        if blamed:
            stopped.exitCode, stopped.reason = exit_code, container_reason
        elif exit_code is not None:
            stopped.exitCode = 0
    for group, address in getattr(task, "registrations", []):
        balancers = elbv2_backends[task._account_id][task.region_name]
        if group in balancers.target_groups and address in balancers.target_groups[group].targets:
            balancers.deregister_targets(group, [{"Id": address}])
    interface = task_detail(task, "networkInterfaceId")
    interfaces = ec2_backends[task._account_id][task.region_name].enis
    if interface in interfaces:
        # Else the subnet and the security group could never be deleted.
        interfaces.pop(interface)


def start_for_service(service: Any, deployment: Dict[str, Any], index: int) -> Task:
    """Starts one task of a deployment: running, and registered in the service's target groups."""
    backend = service._backend
    definition = backend.describe_task_definition(deployment["taskDefinition"])
    strategy = deployment.get("capacityProviderStrategy") or []
    fargate = deployment.get("launchType") == "FARGATE" or any(
        "FARGATE" in s["capacityProvider"] for s in strategy
    )
    cluster = backend._get_cluster(service.cluster_name)
    task = Task(
        cluster,
        definition,
        None,
        {},
        backend=backend,
        group="service:" + service.name,
        launch_type="FARGATE" if fargate else "EC2",
        started_by=deployment["id"],
        tags=_propagated_tags(service, definition),
        networking_configuration=_rotated(deployment.get("networkConfiguration"), index),
        platform_version=deployment.get("platformVersion"),
    )
    task._transitions = []
    if strategy:
        task.capacity_provider_name = strategy[index % len(strategy)]["capacityProvider"]
    task.enable_execute_command = bool(getattr(service, "enable_execute_command", False))
    complete(task, definition)
    run(task)
    backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task
    _register(task, deployment["targets"])
    return task


def _propagated_tags(service: Any, definition: TaskDefinition) -> List[Dict[str, str]]:
    source = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}.get(
        service.propagate_tags
    )
    return list(source or [])


def _rotated(network: Optional[Dict[str, Any]], index: int) -> Optional[Dict[str, Any]]:
    """The network configuration with the subnets turned, so that tasks spread over zones."""
    if not network:
        return None
    vpc = network["awsvpcConfiguration"]
    turn = index % len(vpc["subnets"])
    subnets = vpc["subnets"][turn:] + vpc["subnets"][:turn]
    return {"awsvpcConfiguration": {"securityGroups": [], **vpc, "subnets": subnets}}


def _register(task: Task, targets: List[Any]) -> None:
    address = task_detail(task, "privateIPv4Address")
    balancers = elbv2_backends[task._account_id][task.region_name]
    task.registrations = []
    for group, port in targets:
        if address and group in balancers.target_groups:
            balancers.register_targets(group, [{"Id": address, "Port": port}])
            task.registrations.append((group, address))


def is_protected(task: Task) -> bool:
    """Whether neither deployments nor scaling may stop a task (UpdateTaskProtection)."""
    until = getattr(task, "protected_until", None)
    return until is not None and until > utcnow()


def of_service(service: Any, deployment: Optional[str] = None) -> List[Task]:
    """The tasks that a service wants to run, of one deployment or of all."""
    tasks = service._backend.tasks.get(service.cluster_name, {}).values()
    return [
        t
        for t in tasks
        if t.group == "service:" + service.name
        and t.desired_status == "RUNNING"
        and (deployment is None or t.started_by == deployment)
    ]
