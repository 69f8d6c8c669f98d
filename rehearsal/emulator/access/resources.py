"""The ARNs of what a request is about, for services that name it in a parameter."""

import re
from typing import Callable, Dict, List, Optional

from moto.secretsmanager.models import secretsmanager_backends

from .requests import Request
from .sessions import role_arn

Arns = Optional[List[str]]


def _ssm(request: Request) -> Arns:
    def arn(name: str) -> str:
        if name.startswith("arn:"):
            return name
        # A selector, ``:3``, is no part of the name.
        return request.arn("ssm", "parameter/" + name.split(":")[0].lstrip("/"))

    if request.params.get("ResourceType") == "Parameter":
        return [arn(request.params.get("ResourceId", ""))]
    names = request.named("Name") + request.named("Names") + request.named("Path")
    return [arn(name) for name in names] if "Parameter" in request.call.action else None


def dynamodb_arns(request: Request) -> Arns:
    """The tables, or the indexes, that a request is about."""
    named = request.params.get("TableName") or request.params.get("ResourceArn")
    tables = [named] if named else list(request.params.get("RequestItems") or [])
    arns = [t if t.startswith("arn:") else request.arn("dynamodb", "table/" + t) for t in tables]
    if request.params.get("IndexName"):
        return [arn + "/index/" + request.params["IndexName"] for arn in arns]
    return arns or None


def _ecr(request: Request) -> Arns:
    account = request.params.get("registryId") or request.account
    names = request.named("repositoryName") + request.named("repositoryNames")
    if request.call.action == "DescribeRepositories" and not names:
        names = ["*"]
    arns = [request.arn("ecr", "repository/" + name, account) for name in names]
    return arns or request.named("resourceArn") or None


def _logs(request: Request) -> Arns:
    params = request.params
    named = params.get("logGroupIdentifier") or params.get("resourceArn") or ""
    if named.startswith("arn:"):
        return [named]
    if request.call.action == "DescribeLogGroups":
        return [
            request.arn("logs", "log-group:%s:log-stream:" % params.get("logGroupNamePrefix", ""))
        ]
    group = params.get("logGroupName") or named
    if not group:
        return None
    # AWS checks the group as if it were a stream without a name.
    return [
        request.arn("logs", "log-group:%s:log-stream:%s" % (group, params.get("logStreamName", "")))
    ]


def _codepipeline(request: Request) -> Arns:
    pipeline = request.params.get("pipeline")
    name = pipeline.get("name") if isinstance(pipeline, dict) else pipeline
    name = name or request.params.get("pipelineName") or request.params.get("name")
    if not name:
        return request.named("resourceArn") or None
    stage, action = request.params.get("stageName"), request.params.get("actionName")
    return [request.arn("codepipeline", "/".join([name, *filter(None, (stage, action))]))]


def _codebuild(request: Request) -> Arns:
    names = request.named("name") + request.named("names") + request.named("projectName")
    ids = request.named("id") + request.named("ids")
    # A project is named by its ARN, too; its name has no slash.
    projects = [name.split("/")[-1] for name in names]
    projects += [build.split("/")[-1].split(":")[0] for build in ids]
    return [request.arn("codebuild", "project/" + name) for name in projects] or None


def _secretsmanager(request: Request) -> Arns:
    named = request.params.get("SecretId") or request.params.get("Name")
    if not named or named.startswith("arn:"):
        return [named] if named else None
    known = secretsmanager_backends[request.account][request.call.region].secrets
    secret = known.get(named) if named in known else None
    return [secret.arn if secret else request.arn("secretsmanager", "secret:%s-??????" % named)]


def _kms(request: Request) -> Arns:
    named = request.params.get("KeyId") or request.params.get("TargetKeyId")
    if not named or named.startswith("alias/") or ":alias/" in named:
        return None
    return [named if named.startswith("arn:") else request.arn("kms", "key/" + named)]


def _events(request: Request) -> Arns:
    name = request.params.get("Name") or request.params.get("Rule")
    if request.call.action == "PutEvents":
        buses = {e.get("EventBusName") or "default" for e in request.params.get("Entries", [])}
        return [
            b if b.startswith("arn:") else request.arn("events", "event-bus/" + b) for b in buses
        ]
    if not name or "Rule" not in request.call.action and "Target" not in request.call.action:
        return request.named("ResourceARN") or None
    bus = request.params.get("EventBusName") or "default"
    within = "" if bus == "default" else bus.split("/")[-1] + "/"
    return [request.arn("events", "rule/" + within + name)]


def _by_arn(*keys: str) -> Callable[[Request], Arns]:
    return lambda request: [request.params[key] for key in keys if key in request.params] or None


def _iam(request: Request) -> Arns:
    if "RoleName" in request.params:
        return [role_arn(request.account, request.params["RoleName"])]
    for kind in ("User", "Group"):
        name = request.params.get(kind + "Name")
        if name:
            return ["arn:aws:iam::%s:%s/%s" % (request.account, kind.lower(), name)]
    return _by_arn("PolicyArn")(request)


def _elasticloadbalancing(request: Request) -> Arns:
    # Lists are spread over numbered parameters.
    given = (v for k, v in request.params.items() if re.search(r"Arns?(\.member\.\d+)?$", k))
    return (
        sorted({arn for arn in given if str(arn).startswith("arn:aws:elasticloadbalancing:")})
        or None
    )


RESOURCES: Dict[str, Callable[[Request], Arns]] = {
    "codebuild": _codebuild,
    "codepipeline": _codepipeline,
    "ecr": _ecr,
    "elasticloadbalancing": _elasticloadbalancing,
    "events": _events,
    "iam": _iam,
    "kms": _kms,
    "logs": _logs,
    "secretsmanager": _secretsmanager,
    "sns": _by_arn("TopicArn", "TargetArn", "ResourceArn"),
    "ssm": _ssm,
    "states": _by_arn("executionArn", "stateMachineArn", "resourceArn"),
    "sts": _by_arn("RoleArn"),
}
