"""Whatever botocore writes by AWS's models is read back as it was given: every action of the services used here."""

import datetime
import unittest
from typing import Any, Dict, List

from botocore.awsrequest import AWSRequest
from botocore.model import OperationModel, ServiceModel
from botocore.serialize import SERIALIZERS

from ..actions import Call, description_of
from ..strict import readers
from .strict_support import CHECKED

TIME = datetime.datetime(2026, 1, 2, 3, 4, 5)
PROTOCOLS = ("ec2", "json", "query", "rest-json", "rest-xml")
# How deep shapes are filled; many hold themselves.
DEPTH = 6


def sample(shape: Any, depth: int = 0) -> Any:
    """A value that has every member, as deep as it is looked at."""
    kind = shape.type_name
    if kind == "structure":
        if depth >= DEPTH:
            return {}
        members = list(shape.members.items())
        filled = members[:1] if shape.metadata.get("union") else members
        return {name: sample(member, depth + 1) for name, member in filled}
    if kind == "list":
        return [sample(shape.member, depth + 1)] * (2 if depth < 3 else 1)
    if kind == "map":
        return {sample(shape.key, depth + 1): sample(shape.value, depth + 1)}
    if kind in ("integer", "long"):
        return 7
    if kind in ("float", "double"):
        return 1.5
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return TIME
    if kind == "blob":
        return b"blob"
    return (getattr(shape, "enum", None) or ["text"])[0]


def expected(shape: Any, value: Any) -> Any:
    """What is read of a sample: times, documents and bodies without a form are not kept."""
    kind = shape.type_name
    if getattr(shape, "is_document_type", False) or kind == "timestamp":
        return None
    if kind == "structure":
        payload = shape.serialization.get("payload")
        return {
            name: None
            if name == payload and shape.members[name].type_name in ("blob", "string")
            else expected(shape.members[name], part)
            for name, part in value.items()
        }
    if kind == "list":
        return [expected(shape.member, item) for item in value]
    if kind == "map":
        return {k: expected(shape.value, v) for k, v in value.items()}
    return value


def filled(value: Any) -> Any:
    """A value without what is empty, which forms cannot say."""
    if isinstance(value, dict):
        parts = {key: filled(part) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part not in ({}, [])}
    if isinstance(value, list):
        return [part for part in map(filled, value) if part not in ({}, [])]
    return value


def environ_of(request: Dict[str, Any]) -> Dict[str, Any]:
    """The WSGI environment of a serialized request."""
    prepared = AWSRequest(
        method=request["method"],
        url="http://127.0.0.1" + request["url_path"],
        params=request["query_string"],
        headers=request["headers"],
        data=request["body"],
    ).prepare()
    raw = prepared.url[len("http://127.0.0.1") :]
    body = prepared.body or b""
    environ = {
        "REQUEST_METHOD": request["method"],
        "RAW_URI": raw,
        "PATH_INFO": raw.partition("?")[0],
        "QUERY_STRING": raw.partition("?")[2],
    }
    for name, value in prepared.headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = (
            value.decode() if isinstance(value, bytes) else value
        )
    return {"environ": environ, "body": body.encode() if isinstance(body, str) else body}


def read_back(service: str, operation: OperationModel, protocol: str) -> Any:
    serializer = SERIALIZERS[protocol]()
    given = sample(operation.input_shape)
    request = environ_of(serializer.serialize_to_request(given, operation))
    spoken = "query" if protocol == "ec2" else protocol
    call = Call(service, operation.name, "test", "eu-west-1", spoken)
    return given, readers.read(call, operation, request["environ"], request["body"])


class ReadersTest(unittest.TestCase):
    maxDiff = None

    def test_read_what_botocore_writes(self) -> None:
        seen: Dict[str, int] = {}
        odd: List[str] = []
        for service in CHECKED:
            description = description_of(service)
            model = ServiceModel(description, service)
            spoken = [p for p in description["metadata"]["protocols"] if p in PROTOCOLS]
            for name in model.operation_names:
                operation = model.operation_model(name)
                if operation.input_shape is None or operation.deprecated:
                    continue
                for protocol in spoken:
                    seen[protocol] = seen.get(protocol, 0) + 1
                    given, read = read_back(service, operation, protocol)
                    place = "%s:%s in %s" % (service, name, protocol)
                    odd += ["%s: %s" % (place, fault) for fault in read.faults[:2]]
                    wanted = expected(operation.input_shape, given)
                    if filled(read.value) != filled(wanted):
                        odd.append("%s: %s instead of %s" % (place, read.value, wanted))
        self.assertEqual(odd, [])
        self.assertEqual(sorted(seen), sorted(PROTOCOLS))
        self.assertGreater(sum(seen.values()), 1500)
