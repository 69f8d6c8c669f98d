"""Error answers in the protocol that the caller speaks."""

import json
from typing import List, Tuple
from xml.sax.saxutils import escape

Answer = Tuple[str, List[Tuple[str, str]], bytes]


STATUSES = {400: "400 Bad Request", 403: "403 Forbidden"}


def client_error(protocol: str, code: str, message: str, status: int = 400) -> Answer:
    """A refusal that SDKs do not retry, in the shape of ``protocol`` (json, rest-json, query, ec2 or rest-xml)."""
    if protocol in ("json", "rest-json", "smithy-rpc-v2-cbor"):
        body = json.dumps({"__type": code, "message": message})
        kind = "application/x-amz-json-1.1"
    elif protocol == "rest-xml":
        body = "<Error><Code>%s</Code><Message>%s</Message></Error>" % (
            escape(code),
            escape(message),
        )
        kind = "application/xml"
    else:
        # One document that both the query protocol and EC2's variant of it read.
        error = "<Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>" % (
            escape(code),
            escape(message),
        )
        body = (
            "<ErrorResponse>%s<Errors>%s</Errors><RequestId>emulator</RequestId></ErrorResponse>"
            % (error, error)
        )
        kind = "text/xml"
    headers = [
        ("Content-Type", kind),
        ("x-amzn-errortype", code),
        ("Content-Length", str(len(body.encode()))),
    ]
    return STATUSES[status], headers, body.encode()
