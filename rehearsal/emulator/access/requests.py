"""A request as the derivation of its needs sees it."""

import json
from typing import Any, Dict, List, NamedTuple
from urllib.parse import parse_qs

from ..actions import Call


class Request(NamedTuple):
    """``account`` is that of the session; ``params`` are the parameters where the protocol has them in the body."""

    call: Call
    account: str
    path: str
    query: Dict[str, str]
    headers: Dict[str, str]
    body: bytes
    params: Dict[str, Any]

    def arn(self, service: str, rest: str, account: str = "") -> str:
        """An ARN in the region of the request."""
        return "arn:aws:%s:%s:%s:%s" % (service, self.call.region, account or self.account, rest)

    def named(self, key: str) -> List[str]:
        """A parameter that is one text or a list of them."""
        value = self.params.get(key) or []
        return value if isinstance(value, list) else [value]


def read(call: Call, account: str, environ: Dict[str, Any], body: bytes) -> Request:
    """Takes a WSGI request apart."""
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    headers = {
        key[len("HTTP_") :].lower().replace("_", "-"): value
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    flat = {key: values[0] for key, values in query.items()}
    return Request(call, account, path, flat, headers, body, _params(call, flat, body))


def _params(call: Call, query: Dict[str, str], body: bytes) -> Dict[str, Any]:
    if call.protocol == "query":
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        return {**query, **{key: values[0] for key, values in form.items()}}
    try:
        params = json.loads(body or b"{}") if call.protocol != "rest-xml" else {}
    except ValueError:
        params = {}
    return params if isinstance(params, dict) else {}
