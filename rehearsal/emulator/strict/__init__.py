"""Checks each request against AWS's own model of the service, as botocore has it: see README.md, "Strictness"."""

from typing import Any, Dict, List, Optional

from ..actions import Call
from ..control import route
from ..errors import Answer
from ..resets import on_reset
from . import constraints, readers, refusals
from .models import operation_of

_violations: List[Dict[str, Any]] = []


def check(call: Call, environ: Dict[str, Any], body: Optional[bytes]) -> Optional[Answer]:
    """The refusal of a request that AWS's model does not admit; None where it does, or where AWS has no such action.

    ``body`` is None where it comes in chunks, which only objects do: then it is not read.
    """
    operation = operation_of(call.service, call.action)
    if operation is None or operation.input_shape is None:
        return None
    read = readers.read(call, operation, environ, body)
    faults = read.faults + constraints.check(call.service, operation.input_shape, read.value)
    if not faults:
        return None
    refusal = refusals.refuse(call, faults)
    _violations.append(
        {"action": "%s:%s" % (call.service, call.action), "caller": call.caller, **refusal._asdict()}
    )
    return refusals.answer(call, refusal, environ["REQUEST_METHOD"])


@on_reset
def _reset() -> None:
    _violations.clear()


@route("GET", "violations")
def _list(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    since = int(query.get("since", "0"))
    return {"cursor": len(_violations), "violations": _violations[since:]}
