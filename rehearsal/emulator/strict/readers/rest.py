"""REST: parameters in path, query string and headers, and a body in JSON, in XML or of no form."""

import json
from typing import Any, Dict, List, Optional
from urllib.parse import parse_qs
from xml.etree import ElementTree

from botocore.model import OperationModel

from ...actions import Call, labels_of
from ..faults import MALFORMED, UNKNOWN, Fault
from ..models import lower_first
from .json_body import JsonReader
from .scalars import read_text
from .xml_body import XmlReader

# What any request's query string may have: the SDK's name of the action, and the parts of a presigned address.
COMMON_QUERY = {"x-id", "AWSAccessKeyId", "Signature", "Expires"}


def read(
    call: Call,
    operation: OperationModel,
    environ: Dict[str, Any],
    body: Optional[bytes],
    faults: List[Fault],
) -> Any:
    shape = operation.input_shape
    value: Dict[str, Any] = {}
    placed: List[Fault] = []
    labels = labels_of(call.service, call.action, environ)
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        location = member.serialization.get("location")
        if location == "uri" and wire in labels:
            value[name] = read_text(member, labels[wire], lower_first(name), placed)
        elif location == "header":
            header = "HTTP_" + wire.upper().replace("-", "_")
            text = environ.get(header, environ.get(header[len("HTTP_") :]))
            if text:
                value[name] = _header(member, text, lower_first(name), placed)
        elif location == "headers":
            # A map in headers that begin alike; how its keys were written is lost on the way.
            prefix = "HTTP_" + wire.upper().replace("-", "_")
            named = {k[len(prefix) :].lower(): v for k, v in environ.items() if k.startswith(prefix)}
            value.update({name: named} if named else {})
    _query(operation, environ, value, placed)
    faults.extend(fault._replace(in_body=False) for fault in placed)
    if body is not None:
        _body(call, shape, body, value, faults)
    return value


def _header(member: Any, text: str, path: str, faults: List[Fault]) -> Any:
    if member.serialization.get("jsonvalue"):
        return None
    if member.type_name == "list":
        return [read_text(member.member, part.strip(), path, faults) for part in text.split(",")]
    return read_text(member, text, path, faults)


def _query(
    operation: OperationModel, environ: Dict[str, Any], value: Dict[str, Any], faults: List[Fault]
) -> None:
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    uri = operation.http["requestUri"].partition("?")[2]
    literal = {pair.partition("=")[0] for pair in uri.split("&")}
    wire = {
        member.serialization.get("name", name): (name, member)
        for name, member in operation.input_shape.members.items()
        if member.serialization.get("location") == "querystring"
    }
    maps = [name for name, member in wire.values() if member.type_name == "map"]
    for key, texts in query.items():
        if key in wire and wire[key][1].type_name != "map":
            name, member = wire[key]
            path = lower_first(name)
            value[name] = (
                [read_text(member.member, text, path, faults) for text in texts]
                if member.type_name == "list"
                else read_text(member, texts[0], path, faults)
            )
        elif not maps and key not in literal | COMMON_QUERY and not key.startswith("X-Amz-"):
            faults.append(Fault(UNKNOWN, key, texts[0], "is not known"))


def _body(
    call: Call, shape: Any, body: bytes, value: Dict[str, Any], faults: List[Fault]
) -> None:
    payload = shape.serialization.get("payload")
    member = shape.members[payload] if payload else None
    if member is not None and member.type_name in ("blob", "string"):
        # Of no form; objects are not looked at.
        value.update({payload: None} if body else {})
        return
    in_body = [m for m in shape.members.values() if "location" not in m.serialization]
    if not body or not in_body:
        return
    try:
        if call.protocol == "rest-xml":
            element = ElementTree.fromstring(body)
            reader = XmlReader(faults)
            if payload:
                value[payload] = reader.read(member, element, lower_first(payload))
            else:
                reader.members(shape, element, "", value)
            return
        document = json.loads(body)
    except (ValueError, ElementTree.ParseError) as error:
        faults.append(Fault(MALFORMED, "", None, "The body cannot be read: %s" % error))
        return
    if payload:
        value[payload] = JsonReader(faults).read(member, document, lower_first(payload))
    elif isinstance(document, dict):
        JsonReader(faults).members(shape, document, "", value)
    else:
        faults.append(Fault(MALFORMED, "", None, "The body is no object"))
