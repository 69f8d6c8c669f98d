"""CodeConnections, under its new name and its old one (CodeStar Connections): moto has neither.

A connection is PENDING, as on AWS, until somebody finishes the handshake in the console: here, until
``POST /gantry-emulator/connections`` with ``{"arn": ..., "status": "AVAILABLE"}``.
"""

import json
import uuid
from typing import Any, Callable, Dict, List, Optional

from ..access.sessions import ROOT_ACCOUNT, find_session
from ..actions import Call
from ..control import Refused, route
from ..errors import Answer, client_error
from ..resets import on_reset

SERVICES = ("codeconnections", "codestar-connections")
STATUSES = ("PENDING", "AVAILABLE", "ERROR")

_connections: Dict[str, Dict[str, Any]] = {}
_tags: Dict[str, List[Dict[str, str]]] = {}


class _NotFound(Exception):
    pass


@on_reset
def _reset() -> None:
    _connections.clear()
    _tags.clear()


def _account(call: Call) -> str:
    session = find_session(call.caller)
    return session.account if session else ROOT_ACCOUNT


def _found(arn: str, call: Optional[Call] = None) -> Dict[str, Any]:
    """A connection of whatever account, or of the caller's."""
    # The two services answer for each other's ARNs.
    wanted = arn.split(":", 3)[-1]
    for known, connection in _connections.items():
        mine = call is None or connection["OwnerAccountId"] == _account(call)
        if mine and known.split(":", 3)[-1] == wanted:
            return connection
    raise _NotFound("Connection " + arn + " not found")


def _create(call: Call, request: Dict[str, Any]) -> Dict[str, Any]:
    account = _account(call)
    arn = "arn:aws:%s:%s:%s:connection/%s" % (call.service, call.region, account, uuid.uuid4())
    connection = {
        "ConnectionName": request["ConnectionName"],
        "ConnectionArn": arn,
        "ProviderType": request.get("ProviderType", "GitHub"),
        "OwnerAccountId": account,
        "ConnectionStatus": "PENDING",
    }
    if "HostArn" in request:
        connection["HostArn"] = request["HostArn"]
    _connections[arn] = connection
    _tags[arn] = request.get("Tags", [])
    return {"ConnectionArn": arn, "Tags": _tags[arn]}


def _get(call: Call, request: Dict[str, Any]) -> Dict[str, Any]:
    return {"Connection": _found(request["ConnectionArn"], call)}


def _list(call: Call, request: Dict[str, Any]) -> Dict[str, Any]:
    wanted, account = request.get("ProviderTypeFilter"), _account(call)
    mine = (c for c in _connections.values() if c["OwnerAccountId"] == account)
    return {"Connections": [c for c in mine if wanted in (None, c["ProviderType"])]}


def _delete(call: Call, request: Dict[str, Any]) -> Dict[str, Any]:
    arn = _found(request["ConnectionArn"], call)["ConnectionArn"]
    del _connections[arn], _tags[arn]
    return {}


def _list_tags(call: Call, request: Dict[str, Any]) -> Dict[str, Any]:
    return {"Tags": _tags[_found(request["ResourceArn"], call)["ConnectionArn"]]}


def _tag(call: Call, request: Dict[str, Any]) -> Dict[str, Any]:
    arn = _found(request["ResourceArn"], call)["ConnectionArn"]
    merged = {t["Key"]: t["Value"] for t in _tags[arn] + request["Tags"]}
    _tags[arn] = [{"Key": k, "Value": v} for k, v in merged.items()]
    return {}


def _untag(call: Call, request: Dict[str, Any]) -> Dict[str, Any]:
    arn = _found(request["ResourceArn"], call)["ConnectionArn"]
    _tags[arn] = [t for t in _tags[arn] if t["Key"] not in request["TagKeys"]]
    return {}


_ACTIONS: Dict[str, Callable[[Call, Dict[str, Any]], Dict[str, Any]]] = {
    "CreateConnection": _create,
    "GetConnection": _get,
    "ListConnections": _list,
    "DeleteConnection": _delete,
    "ListTagsForResource": _list_tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}


def handle(call: Call, body: bytes) -> Answer:
    """Answers one request of the JSON protocol."""
    action = _ACTIONS.get(call.action)
    if action is None:
        return client_error(
            call.protocol, "UnknownOperationException", call.action + " is not modelled"
        )
    try:
        content = json.dumps(action(call, json.loads(body or b"{}"))).encode()
    except _NotFound as error:
        return client_error(call.protocol, "ResourceNotFoundException", str(error))
    return (
        "200 OK",
        [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(len(content)))],
        content,
    )


def _named(name: str) -> Dict[str, Any]:
    for connection in _connections.values():
        if connection["ConnectionName"] == name:
            return connection
    call = Call("codeconnections", "CreateConnection", "", "eu-west-1", "json")
    return _found(_create(call, {"ConnectionName": name})["ConnectionArn"])


@route("POST", "connections")
def _set_status(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Sets the status of a connection: of the ``arn``, or of the one with this ``name``, which is made if need be."""
    if body["status"] not in STATUSES:
        raise Refused("status must be one of %s, not %s" % (", ".join(STATUSES), body["status"]))
    try:
        connection = _named(body["name"]) if "name" in body else _found(body["arn"])
    except _NotFound as error:
        raise Refused(str(error))
    connection["ConnectionStatus"] = body["status"]
    return connection
