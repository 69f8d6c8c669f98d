"""Refusals in AWS's words, with the error codes of each protocol and service."""

from typing import Any, List, NamedTuple

from ..actions import Call
from ..errors import Answer, client_error
from .faults import CONSTRAINT, MALFORMED, MISSING, TYPE, UNKNOWN, Fault

# What services call a value that is not allowed, where it is not what their protocol suggests.
CODES = {
    "ecr": "InvalidParameterException",
    "ecs": "InvalidParameterException",
    "logs": "InvalidParameterException",
    "elasticfilesystem": "BadRequest",
    "route53": "InvalidInput",
    "servicediscovery": "InvalidInput",
}
CODES_BY_PROTOCOL = {"query": "ValidationError", "rest-xml": "InvalidRequest"}
MALFORMED_XML = (
    "The XML you provided was not well-formed or did not validate against our published schema"
)
# AWS repeats a value; a whole document in an error helps nobody.
LONGEST_VALUE = 200


class Refusal(NamedTuple):
    code: str
    message: str


def refuse(call: Call, faults: List[Fault]) -> Refusal:
    """What AWS says of these faults: of what it cannot read first, then of values, then of what it does not know."""
    for kinds in ((MALFORMED, TYPE), (MISSING, CONSTRAINT), (UNKNOWN,)):
        found = [fault for fault in faults if fault.kind in kinds]
        if found:
            return _refusal(call, found)
    raise ValueError("no faults")


def answer(call: Call, refusal: Refusal, method: str) -> Answer:
    status, headers, body = client_error(call.protocol, refusal.code, refusal.message)
    return (status, [("Content-Length", "0")], b"") if method == "HEAD" else (status, headers, body)


def _refusal(call: Call, faults: List[Fault]) -> Refusal:
    if call.service == "ec2":
        return _ec2(faults[0])
    if call.service == "s3":
        return _s3(faults[0])
    if faults[0].kind in (MALFORMED, TYPE):
        code = "SerializationException" if "json" in call.protocol else "MalformedInput"
        return Refusal(code, "%s at %r" % (faults[0].constraint, faults[0].path))
    if faults[0].kind == UNKNOWN:
        names = ", ".join("'%s'" % fault.path for fault in faults)
        return Refusal(
            "UnknownParameter",
            "%s: not in AWS's model of %s:%s, so AWS would ignore it"
            % (names, call.service, call.action),
        )
    code = CODES.get(call.service, CODES_BY_PROTOCOL.get(call.protocol, "ValidationException"))
    if call.service == "ecr":
        return Refusal(code, _ecr(faults[0]))
    count = len(faults)
    heading = "%d validation error%s detected: " % (count, "" if count == 1 else "s")
    return Refusal(code, heading + "; ".join(_detail(fault) for fault in faults))


def _detail(fault: Fault) -> str:
    value = "null" if fault.kind == MISSING else "'%s'" % _text(fault.value)
    return "Value %s at '%s' failed to satisfy constraint: %s" % (
        value,
        fault.path,
        fault.constraint,
    )


def _ecr(fault: Fault) -> str:
    """ECR's own: lower case, in quotes, and the value is not repeated."""
    wanted = fault.constraint.replace("Member must", "must", 1)
    pattern = "must satisfy regular expression pattern: "
    if wanted.startswith(pattern):
        wanted = "must satisfy regular expression '%s'" % wanted[len(pattern) :]
    return "Invalid parameter at '%s' failed to satisfy constraint: '%s'" % (fault.path, wanted)


def _ec2(fault: Fault) -> Refusal:
    path = fault.path.replace(".member", "")
    if fault.kind == UNKNOWN:
        return Refusal("UnknownParameter", "The parameter %s is not recognized" % path)
    if fault.kind == MISSING:
        return Refusal("MissingParameter", "The request must contain the parameter " + path)
    message = "Value (%s) for parameter %s is invalid. %s"
    return Refusal("InvalidParameterValue", message % (_text(fault.value), path, fault.constraint))


def _s3(fault: Fault) -> Refusal:
    place = "'%s': %s" % (fault.path, fault.constraint)
    if fault.in_body:
        return Refusal("MalformedXML", "%s (%s)" % (MALFORMED_XML, place))
    if fault.kind == MISSING:
        return Refusal("InvalidRequest", "Missing required parameter for this request: " + place)
    return Refusal("InvalidArgument", "Invalid Argument: " + place)


def _text(value: Any) -> str:
    if isinstance(value, list):
        text = "[%s]" % ", ".join(map(str, value))
    elif isinstance(value, dict):
        text = "{%s}" % ", ".join("%s=%s" % pair for pair in value.items())
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."
