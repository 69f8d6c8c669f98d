"""Reads requests by AWS's models, whatever their protocol, into values by member, and finds what cannot be read."""

import json
from typing import Any, Dict, List, NamedTuple, Optional

from botocore.model import OperationModel

from ...actions import Call
from ..faults import MALFORMED, Fault
from . import form, rest
from .json_body import JsonReader


class Read(NamedTuple):
    value: Any
    faults: List[Fault]


def read(
    call: Call, operation: OperationModel, environ: Dict[str, Any], body: Optional[bytes]
) -> Read:
    """The parameters of a request, and what is wrong with their form."""
    faults: List[Fault] = []
    shape = operation.input_shape
    if call.protocol == "query":
        return Read(form.read(call.service, shape, environ, body or b"", faults), faults)
    if call.protocol == "json":
        try:
            document = json.loads(body or b"{}")
        except ValueError as error:
            return Read({}, [Fault(MALFORMED, "", None, "The body is no JSON: %s" % error)])
        return Read(JsonReader(faults).read(shape, document, ""), faults)
    return Read(rest.read(call, operation, environ, body, faults), faults)
