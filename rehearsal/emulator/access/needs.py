"""Everything that a request needs: actions on resources, and the right to pass the roles that it hands on."""

from typing import Any, Dict, Iterator, List, Tuple

from . import dynamodb, ecs, publishing, s3
from .conditions import Context
from .names import action_of, knows_no_resource
from .policies import Need
from .requests import Request
from .resources import RESOURCES
from .sessions import role_arn

# By the first ECS moves the rules of a load balancer, by the second it calls a hook's function.
ECS_SERVICE = (
    "loadBalancers.advancedConfiguration.roleArn",
    "deploymentConfiguration.lifecycleHooks.roleArn",
)
# Where requests name roles.
PASSED: Dict[Tuple[str, str], Tuple[str, ...]] = {
    ("ecs", "RegisterTaskDefinition"): ("taskRoleArn", "executionRoleArn"),
    ("ecs", "CreateService"): ECS_SERVICE,
    ("ecs", "UpdateService"): ECS_SERVICE,
    ("codebuild", "CreateProject"): ("serviceRole",),
    ("codebuild", "UpdateProject"): ("serviceRole",),
    ("codepipeline", "CreatePipeline"): ("pipeline.roleArn",),
    ("codepipeline", "UpdatePipeline"): ("pipeline.roleArn",),
    ("events", "PutTargets"): ("Targets.RoleArn",),
    ("lambda", "CreateFunction20150331"): ("Role",),
    ("lambda", "CreateFunction"): ("Role",),
}
# Whom the role is passed to, where that is not the service that is called.
PASSED_TO = {
    ("ecs", action): "ecs-tasks.amazonaws.com"
    for action in ("RegisterTaskDefinition", "RunTask", "StartTask")
}


def needs_of(request: Request) -> List[Need]:
    """All of them must be granted."""
    call = request.call
    if (call.service, call.action) == ("sts", "GetCallerIdentity"):
        # AWS allows it whatever policies say.
        return []
    if call.service == "s3":
        return s3.needs(request)
    found = ecs.needs(request) if call.service == "ecs" else []
    if call.service == "dynamodb":
        found = dynamodb.needs(request)
    if (call.service, call.action) == ("sns", "Publish"):
        found = publishing.needs(request)
    action = action_of(call.service, call.action)
    if not any(need.action == action for need in found) and "Transact" not in call.action:
        found = [*_plain(request, action), *found]
    tags = _tags(request)
    return [need._replace(context={**tags, **need.context}) for need in found] + _passed(request)


def _plain(request: Request, action: str) -> List[Need]:
    if knows_no_resource(action):
        return [Need(action, "*", _namespace(request, action))]
    derive = RESOURCES.get(request.call.service)
    arns = derive(request) if derive else None
    return [Need(action, arn) for arn in arns or [None]]


def _namespace(request: Request, action: str) -> Context:
    """Where a metric is put, which policies bind it to."""
    namespace = request.params.get("Namespace")
    return {"cloudwatch:namespace": namespace} if action == "cloudwatch:PutMetricData" and namespace else {}


def _tags(request: Request) -> Context:
    """The tags that a request sets, in whichever form its service has them."""
    given = request.params.get("tags", request.params.get("Tags"))
    if request.call.protocol == "query" or not (given is None or isinstance(given, (list, dict))):
        return {}
    pairs = given or {}
    if isinstance(pairs, list):
        entries = ({k.lower(): v for k, v in t.items()} for t in pairs if isinstance(t, dict))
        pairs = {t.get("key", ""): t.get("value", "") for t in entries}
    context: Context = {"aws:tagkeys": list(pairs)}
    context.update({"aws:requesttag/" + key.lower(): value for key, value in pairs.items()})
    return context


def _passed(request: Request) -> List[Need]:
    call = request.call
    service = PASSED_TO.get((call.service, call.action), call.service + ".amazonaws.com")
    context: Context = {"iam:passedtoservice": service}
    named = [
        role
        for path in PASSED.get((call.service, call.action), ())
        for role in _at(request.params, path.split("."))
    ]
    if call.service == "ecs":
        named += ecs.roles_of_task(request)
    roles = {n if n.startswith("arn:") else role_arn(request.account, n) for n in named}
    return [Need("iam:PassRole", role, context) for role in sorted(roles)]


def _at(value: Any, path: List[str]) -> Iterator[str]:
    """Every text at a path; lists are gone through."""
    if isinstance(value, list):
        for part in value:
            yield from _at(part, path)
    elif not path:
        if value:
            yield value
    elif isinstance(value, dict) and value.get(path[0]) is not None:
        yield from _at(value[path[0]], path[1:])
