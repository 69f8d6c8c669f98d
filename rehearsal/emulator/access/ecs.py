"""What a request to ECS needs."""

from typing import Any, Dict, List

from moto.ecs.exceptions import TaskDefinitionNotFoundException
from moto.ecs.models import ecs_backends

from .conditions import Context
from .names import action_of
from .policies import Need
from .requests import Request

# Operations on a cluster itself.
ON_CLUSTER = {
    "DeleteCluster",
    "DescribeClusters",
    "ListContainerInstances",
    "PutClusterCapacityProviders",
    "UpdateCluster",
    "UpdateClusterSettings",
}


def _arn(request: Request, kind: str, name: str, within: str = "") -> str:
    """The ARN of something that is named by its ARN or, within a cluster, by its name."""
    if name.startswith("arn:"):
        return name
    return request.arn("ecs", "/".join(filter(None, (kind, within, name.split("/")[-1]))))


def _family(request: Request, definition: str) -> str:
    """A task definition; one without a revision is the newest, which ``*`` stands for."""
    arn = _arn(request, "task-definition", definition)
    return arn if ":" in arn.split("/")[-1] else arn + ":*"


def _of_service(request: Request) -> Context:
    """What a request says of the tasks of a service or of a task that it runs; what it leaves out has no key."""
    params = request.params
    context: Context = {}
    definition = params.get("taskDefinition")
    if definition and request.call.action in ("CreateService", "UpdateService"):
        context["ecs:task-definition"] = _newest(request, definition)
    if "enableExecuteCommand" in params:
        context["ecs:enable-execute-command"] = str(bool(params["enableExecuteCommand"])).lower()
    network = (params.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    # Tasks that are run have neither key: "Actions, resources, and condition keys for Amazon ECS".
    if network and request.call.action in ("CreateService", "UpdateService"):
        context["ecs:subnet"] = list(network.get("subnets") or [])
        public = network.get("assignPublicIp") == "ENABLED"
        context["ecs:auto-assign-public-ip"] = str(public).lower()
    return context


def _newest(request: Request, definition: str) -> str:
    """The ARN of a task definition, of its newest revision where none is named."""
    arn = _arn(request, "task-definition", definition)
    if ":" in arn.split("/")[-1]:
        return arn
    backend = ecs_backends[request.account][request.call.region]
    try:
        return backend.describe_task_definition(definition).arn
    except TaskDefinitionNotFoundException:
        return arn + ":1"  # The call itself says that there is none.


def needs(request: Request) -> List[Need]:
    """An action on each service, task or cluster that the request names."""
    operation, params = request.call.action, request.params
    cluster_arn = _arn(request, "cluster", params.get("cluster") or "default")
    cluster = cluster_arn.split("/")[-1]
    context: Context = {"ecs:cluster": cluster_arn, **_of_service(request)}
    action = action_of("ecs", operation)

    def on(kind: str, names: List[Any]) -> List[Need]:
        return [Need(action, _arn(request, kind, name, cluster), context) for name in names]

    if operation in ("RunTask", "StartTask"):
        found = [Need(action, _family(request, params.get("taskDefinition", "")), context)]
    elif operation == "RegisterTaskDefinition":
        found = [Need(action, _family(request, params.get("family", "")))]
    elif operation == "CreateService":
        found = on("service", request.named("serviceName"))
    elif operation in ("UpdateService", "DeleteService", "ListServiceDeployments"):
        found = on("service", request.named("service"))
    elif operation == "DescribeServices":
        found = on("service", request.named("services"))
    elif operation == "DescribeTasks":
        found = on("task", request.named("tasks"))
    elif operation in ("StopTask", "ExecuteCommand"):
        found = on("task", request.named("task"))
    elif operation == "ListTasks":
        # Container instances are its resource: without one to name, anything.
        found = [Need(action, "*", context)]
    elif operation in ON_CLUSTER:
        names = request.named("clusters") or [cluster_arn]
        found = [Need(action, _arn(request, "cluster", name)) for name in names]
    elif operation in ("DescribeServiceDeployments", "DescribeServiceRevisions"):
        arns = request.named("serviceDeploymentArns") + request.named("serviceRevisionArns")
        found = [Need(action, arn) for arn in arns]
    elif operation in ("ContinueServiceDeployment", "StopServiceDeployment"):
        found = [Need(action, params.get("serviceDeploymentArn", ""))]
    elif operation in ("TagResource", "UntagResource", "ListTagsForResource"):
        found = [Need(action, params.get("resourceArn"))]
    else:
        found = []
    return found + _tagging(request, cluster)


def _tagging(request: Request, cluster: str) -> List[Need]:
    """Tags that something is made with need the right to tag it."""
    made: Dict[str, str] = {
        "CreateCluster": "cluster/%s" % request.params.get("clusterName", "default"),
        "CreateService": "service/%s/%s" % (cluster, request.params.get("serviceName")),
        "RegisterTaskDefinition": "task-definition/%s:*" % request.params.get("family"),
        "RunTask": "task/%s/*" % cluster,
    }
    operation = request.call.action
    if operation not in made or not request.params.get("tags"):
        return []
    context: Context = {"ecs:createaction": operation}
    return [Need("ecs:TagResource", request.arn("ecs", made[operation]), context)]


def roles_of_task(request: Request) -> List[str]:
    """The roles of the task definition that a task is run from, unless the request overrides them."""
    if request.call.action not in ("RunTask", "StartTask"):
        return []
    backend = ecs_backends[request.account][request.call.region]
    try:
        definition = backend.describe_task_definition(request.params.get("taskDefinition", ""))
    except TaskDefinitionNotFoundException:
        return []  # The call itself says so.
    overrides = request.params.get("overrides") or {}
    roles = (
        overrides.get("taskRoleArn") or getattr(definition, "task_role_arn", None),
        overrides.get("executionRoleArn") or getattr(definition, "execution_role_arn", None),
    )
    return [role for role in roles if role]
