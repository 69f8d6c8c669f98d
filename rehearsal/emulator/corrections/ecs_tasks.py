"""ECS RunTask, DescribeTasks, ListTasks, StopTask, ExecuteCommand.

moto shows one container of a task, without the digest of its image; needs container instances for tasks that a
capacity provider places, and DNS host names in the VPC; lets each description bring a running task nearer to its end;
and lists the tasks of every service whatever service is named. Without this nobody could tell which digest runs, or
how a one-off task ended. It has no ExecuteCommand: here it refuses what ECS refuses, and then says that no session opens.
"""

from typing import Any, Dict, List

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Task
from moto.ecs.responses import EC2ContainerServiceResponse

from ..ecs import tasks
from ..ecs.outcomes import next_task_outcome


def _run(self: EC2ContainerServiceResponse) -> ActionResult:
    params = self._get_params()
    backend = self.ecs_backend
    cluster = backend._get_cluster(params.get("cluster") or "default")
    definition = tasks.definition_of(backend, params["taskDefinition"])
    started, failures = [], []
    for _ in range(params.get("count") or 1):
        outcome = next_task_outcome(definition.family)
        if outcome.failure:
            failures.append({"arn": cluster.arn, "reason": outcome.failure})
            continue
        task = _start(backend, cluster, definition, params)
        task.outcome = outcome
        started.append(task)
    return ActionResult({"tasks": started, "failures": failures})


def _start(
    backend: EC2ContainerServiceBackend, cluster: Any, definition: Any, params: Dict[str, Any]
) -> Task:
    network = params.get("networkConfiguration")
    if network and "awsvpcConfiguration" in network:
        network["awsvpcConfiguration"].setdefault("securityGroups", [])
    strategy = params.get("capacityProviderStrategy") or []
    provider = strategy[0]["capacityProvider"] if strategy else None
    task = Task(
        cluster,
        definition,
        None,
        {},
        backend=backend,
        group=params.get("group") or "family:" + definition.family,
        launch_type=params.get("launchType")
        or ("FARGATE" if "FARGATE" in (provider or "") else "EC2"),
        overrides=params.get("overrides") or {},
        started_by=params.get("startedBy") or "",
        tags=params.get("tags"),
        networking_configuration=network,
        platform_version=params.get("platformVersion"),
    )
    if params.get("propagateTags") == "TASK_DEFINITION":
        task.tags = list(definition.tags) + task.tags
    task.capacity_provider_name = provider
    task.enable_execute_command = bool(params.get("enableExecuteCommand"))
    tasks.complete(task, definition, params.get("overrides"))
    task._transitions, task._status = [], "PENDING"
    backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task
    return task


def _advance(task: Task) -> None:
    """Brings a one-off task one step further; the tasks of a service stay as they are."""
    outcome = getattr(task, "outcome", None)
    if outcome is None:
        return
    if task.status == "PENDING":
        tasks.run(task)
    elif task.status == "RUNNING" and not outcome.keeps_running:
        tasks.stop_as(task, outcome)


def _describe(
    self: EC2ContainerServiceBackend, cluster_str: str, task_refs: List[str]
) -> List[Task]:
    cluster = self._get_cluster(cluster_str)
    if not task_refs:
        raise InvalidParameterException("Tasks cannot be empty.")
    ids = {ref.split("/")[-1] for ref in task_refs}
    found = [t for t in self.tasks.get(cluster.name, {}).values() if t.id in ids]
    for task in found:
        _advance(task)
    return found


def _list(self: EC2ContainerServiceResponse) -> ActionResult:
    params = self._get_params()
    backend = self.ecs_backend
    cluster = backend._get_cluster(params.get("cluster") or "default")
    # What ListTasks answers when nothing is said about the status.
    status = params.get("desiredStatus") or "RUNNING"
    found = [t for t in backend.tasks.get(cluster.name, {}).values() if t.desired_status == status]
    if params.get("serviceName"):
        group = "service:" + params["serviceName"].split("/")[-1]
        found = [t for t in found if t.group == group]
    if params.get("family"):
        found = [
            t
            for t in found
            if t.task_definition_arn.split("/")[-1].split(":")[0] == params["family"]
        ]
    if params.get("startedBy"):
        found = [t for t in found if t.started_by == params["startedBy"]]
    if params.get("launchType"):
        found = [t for t in found if t.launch_type == params["launchType"]]
    return ActionResult({"taskArns": [t.task_arn for t in found]})


class _NotConnected(ECSException):
    code = "TargetNotConnectedException"


def _execute(self: EC2ContainerServiceResponse) -> ActionResult:
    params = self._get_params()
    backend = self.ecs_backend
    cluster = backend._get_cluster(params.get("cluster") or "default")
    known = backend.tasks.get(cluster.name, {}).values()
    task = next((t for t in known if t.id == params["task"].split("/")[-1]), None)
    if task is None:
        raise InvalidParameterException("The referenced task was not found.")
    if not task.enable_execute_command or task.status != "RUNNING":
        raise InvalidParameterException(
            "The execute command failed because execute command was not enabled when the task was run or the execute "
            "command agent isn't running. Wait and try again or run a new task with execute command enabled and try again."
        )
    raise _NotConnected("No sessions in a rehearsal: its tasks have no agent that one could be opened to.")


def apply() -> None:
    # moto sets it only in a VPC with DNS host names, and reads it in any.
    NetworkInterface.private_dns_name = None
    stop_task = EC2ContainerServiceBackend.stop_task

    def stopped(
        self: EC2ContainerServiceBackend, cluster_str: str, task_str: str, reason: str
    ) -> Task:
        known = self.tasks.get(self._get_cluster(cluster_str).name, {}).values()
        task = next((t for t in known if t.id == task_str.split("/")[-1]), None)
        if task is None:
            raise InvalidParameterException("The referenced task was not found.")
        if task.container_instance_arn:
            return stop_task(self, cluster_str, task_str, reason)
        # 143: what a process ends with that minds the signal.
        tasks.stop(task, reason or "Task stopped by user", "UserInitiated", 143)
        return task

    EC2ContainerServiceResponse.run_task = _run
    EC2ContainerServiceResponse.list_tasks = _list
    EC2ContainerServiceResponse.execute_command = _execute
    EC2ContainerServiceBackend.describe_tasks = _describe
    EC2ContainerServiceBackend.stop_task = stopped
