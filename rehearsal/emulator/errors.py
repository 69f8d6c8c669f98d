"""Error answers in the protocol that the caller speaks."""

import json
from http import HTTPStatus
from typing import List, Tuple
from xml.sax.saxutils import escape

Answer = Tuple[str, List[Tuple[str, str]], bytes]


def client_error(protocol: str, code: str, message: str, status: int = 400) -> Answer:
    """A refusal in the shape of ``protocol`` (json, rest-json, query, ec2 or rest-xml).

    SDKs do not retry a 400 or 403, unless the code is one for throttling.
    """
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
    return "%d %s" % (status, HTTPStatus(status).phrase), headers, body.encode()
