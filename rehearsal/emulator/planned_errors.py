"""Errors that a test plans for an API action: throttling, a denial, a key that is disabled.

``POST /gantry-emulator/errors`` has the next calls of an action answered by an error before anything else looks at them,
so nothing changes; they are counted like any other call.
"""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .actions import Call, operations_of
from .control import Refused, route
from .errors import Answer, client_error
from .resets import on_reset

FIELDS = ("action", "count", "code", "message", "status", "caller", "containing")

# What services call it when somebody asks too often, and the status that comes with it.
THROTTLED: Dict[str, Tuple[str, int]] = {
    "s3": ("SlowDown", 503),
    "ec2": ("RequestLimitExceeded", 503),
}
THROTTLED_BY_PROTOCOL: Dict[str, Tuple[str, int]] = {
    "query": ("Throttling", 400),
    "rest-xml": ("Throttling", 400),
    "rest-json": ("TooManyRequestsException", 429),
}
THROTTLED_BY_DEFAULT = ("ThrottlingException", 400)


class PlannedError(NamedTuple):
    """``left`` is how many calls are still to be refused; None is every call until it is taken back."""

    left: Optional[int]
    code: Optional[str]
    message: str
    status: Optional[int]
    caller: Optional[str]
    containing: str


_planned: Dict[str, List[PlannedError]] = {}


@on_reset
def _reset() -> None:
    _planned.clear()


def error_for(call: Call, environ: Dict[str, Any], body: bytes) -> Optional[Answer]:
    """The error that is planned for a call, which is thereby used up; None where there is none."""
    action = call.service + ":" + call.action
    for index, error in enumerate(_planned.get(action, [])):
        if error.caller not in (None, call.caller):
            continue
        if not _contains(environ, body, error.containing):
            continue
        if error.left is not None:
            _use(action, index, error.left - 1)
        answer = _answer(call, error)
        # Nothing with a body is an answer to HEAD.
        return (answer[0], [("Content-Length", "0")], b"") if _is_head(environ) else answer
    return None


def _use(action: str, index: int, left: int) -> None:
    errors = _planned[action]
    if left == 0:
        del errors[index]
    else:
        errors[index] = errors[index]._replace(left=left)


def _contains(environ: Dict[str, Any], body: bytes, text: str) -> bool:
    return text in environ["PATH_INFO"] or text.encode() in body


def _is_head(environ: Dict[str, Any]) -> bool:
    return environ["REQUEST_METHOD"] == "HEAD"


def _answer(call: Call, error: PlannedError) -> Answer:
    code, status = THROTTLED.get(
        call.service, THROTTLED_BY_PROTOCOL.get(call.protocol, THROTTLED_BY_DEFAULT)
    )
    if error.code is not None:
        code, status = error.code, 400
    return client_error(call.protocol, code, error.message, error.status or status)


@route("POST", "errors")
def _plan(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Plans an error for the next ``count`` calls (null: for all); 0 takes back what is planned for the action."""
    unknown = sorted(set(body) - set(FIELDS))
    if unknown:
        raise Refused("unknown: %s; there are: %s" % (", ".join(unknown), ", ".join(FIELDS)))
    action, count = body["action"], body.get("count", 1)
    service, _, operation = action.partition(":")
    if operation not in operations_of(service):
        raise Refused("%s is no action as GET calls names it, such as s3:PutObject" % action)
    if count is not None and (not isinstance(count, int) or count < 0):
        raise Refused("count must be a number of calls or null, not %s" % count)
    if count == 0:
        _planned.pop(action, None)
    else:
        error = PlannedError(
            count,
            body.get("code"),
            body.get("message") or _message(body.get("code")),
            body.get("status"),
            body.get("caller"),
            body.get("containing", ""),
        )
        _planned.setdefault(action, []).append(error)
    return {"planned": _listed()}


def _message(code: Optional[str]) -> str:
    return "Rate exceeded" if code is None else "planned by POST errors"


@route("GET", "errors")
def _list(_body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    return {"planned": _listed()}


def _listed() -> List[Dict[str, Any]]:
    return [{"action": a, **e._asdict()} for a, errors in _planned.items() for e in errors]
