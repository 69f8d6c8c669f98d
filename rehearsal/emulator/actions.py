"""Which service and action a request is for, told from the request alone.

Independent of moto, so that what moto does not know is counted and named too.
"""

import re
from functools import lru_cache
from typing import Any, Dict, List, NamedTuple, Optional, Pattern, Tuple
from urllib.parse import parse_qs, unquote

import botocore.loaders

CREDENTIAL = re.compile(r"Credential=([^/,]+)/\d+/([^/]+)/([^/]+)/aws4_request")

# Signing names that are not the name of the service's API description in botocore.
DESCRIPTIONS = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "elasticfilesystem": "efs",
    "application-autoscaling": "application-autoscaling",
    "states": "stepfunctions",
}


class Call(NamedTuple):
    """One request: ``caller`` is the access key that signed it."""

    service: str
    action: str
    caller: str
    region: str
    protocol: str


class _Route(NamedTuple):
    method: str
    path: Pattern[str]
    query: Dict[str, Optional[str]]
    action: str


@lru_cache(maxsize=None)
def description_of(service: str) -> Dict[str, Any]:
    """botocore's description of a service, by its signing name; one without actions where there is none."""
    loader = botocore.loaders.Loader()
    name = DESCRIPTIONS.get(service, service)
    try:
        return loader.load_service_model(name, "service-2")
    except botocore.loaders.UnknownServiceError:
        return {"metadata": {"protocol": "json"}, "operations": {}}


def operations_of(service: str) -> List[str]:
    """The actions of a service, by its signing name; none of a service that is not known."""
    return list(description_of(service)["operations"])


@lru_cache(maxsize=None)
def _path_pattern(path: str) -> Pattern[str]:
    parts = []
    for part in re.split(r"(\{[^}]+\})", path):
        if part.startswith("{"):
            parts.append("(.+)" if part.endswith("+}") else "([^/]+)")
        else:
            parts.append(re.escape(part))
    return re.compile("^" + "".join(parts) + "/?$")


def _raw_path(environ: Dict[str, Any]) -> str:
    """The path as it was sent: a slash that is part of a name is still ``%2F``."""
    return environ.get("RAW_URI", environ["PATH_INFO"]).partition("?")[0]


def labels_of(service: str, action: str, environ: Dict[str, Any]) -> Dict[str, str]:
    """The parts of a REST request's path by their names in the API description."""
    path = description_of(service)["operations"][action]["http"]["requestUri"].partition("?")[0]
    match = _path_pattern(path).match(_raw_path(environ))
    names = (name.rstrip("+") for name in re.findall(r"\{([^}]+)\}", path))
    return dict(zip(names, map(unquote, match.groups()))) if match else {}


def _required_in_query(service: str, operation: Dict[str, Any]) -> List[str]:
    """What tells DeleteObject from AbortMultipartUpload: the parameters of the query string that must be there."""
    if service != "s3" or "input" not in operation:
        return []
    shape = description_of(service)["shapes"][operation["input"]["shape"]]
    members = [shape["members"][name] for name in shape.get("required", [])]
    return [m["locationName"] for m in members if m.get("location") == "querystring"]


@lru_cache(maxsize=None)
def _routes(service: str) -> List[_Route]:
    routes = []
    for name, operation in description_of(service)["operations"].items():
        if operation.get("deprecated") and service == "s3":
            continue  # Their successors have the same address.
        path, _, query = operation["http"]["requestUri"].partition("?")
        wanted: Dict[str, Optional[str]] = {}
        for pair in filter(None, query.split("&")):
            key, equals, value = pair.partition("=")
            wanted[key] = value if equals else None
        for key in _required_in_query(service, operation):
            wanted.setdefault(key, None)
        routes.append(_Route(operation["http"]["method"], _path_pattern(path), wanted, name))
    # The most specific first: most query keys, then the longest path.
    return sorted(routes, key=lambda r: (-len(r.query), -len(r.path.pattern)))


def _rest_action(service: str, environ: Dict[str, Any], query: Dict[str, List[str]]) -> str:
    method, path = environ["REQUEST_METHOD"], _raw_path(environ)
    # S3 tells a copy from an upload to the same address by a header alone.
    copies = "HTTP_X_AMZ_COPY_SOURCE" in environ
    for route in _routes(service):
        if route.method != method or not route.path.match(path):
            continue
        if service == "s3" and method == "PUT" and ("Copy" in route.action) != copies:
            continue
        if all(k in query and (v is None or query[k] == [v]) for k, v in route.query.items()):
            return route.action
    return method + " " + path


def identify(environ: Dict[str, Any], body: bytes) -> Call:
    """Names the call that a WSGI request makes."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    caller, region, service = match.groups() if match else ("anonymous", "us-east-1", "unknown")
    service = service.lower()
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return Call(service, target.split(".")[-1], caller, region, "json")
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    action, protocol = _form_action(environ, body, query)
    if action:
        return Call(service, action, caller, region, protocol)
    if service == "unknown":
        return Call(
            service,
            environ["REQUEST_METHOD"] + " " + environ["PATH_INFO"],
            caller,
            region,
            "rest-xml",
        )
    protocol = description_of(service)["metadata"].get("protocol", "rest-json")
    action = _rest_action(service, environ, query)
    return Call(service, action, caller, region, protocol)


def _form_action(
    environ: Dict[str, Any], body: bytes, query: Dict[str, List[str]]
) -> Tuple[str, str]:
    form = query
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = {**query, **parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)}
    return (form.get("Action", [""])[0], "query")
