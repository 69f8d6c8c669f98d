"""The endpoints under ``/gantry-emulator/``, by which the program that started the emulator steers it."""

import json
import os
import threading
from typing import Any, Callable, Dict, List, NamedTuple, Tuple
from urllib.parse import parse_qs

from .calls import CallLog

PREFIX = "/gantry-emulator/"
Route = Callable[[Dict[str, Any], Dict[str, str]], Any]
ROUTES: Dict[Tuple[str, str], Route] = {}


class Identity(NamedTuple):
    """What tells this emulator from any other process that a port or pid may belong to by now."""

    nonce: str
    pid: int
    started_at: float


class Refused(Exception):
    """A control request that names something that is not there, or asks for what is not possible."""


def route(method: str, name: str) -> Callable[[Route], Route]:
    """Registers ``f(body, query)`` under ``/gantry-emulator/<name>``; what it returns is answered as JSON."""

    def register(f: Route) -> Route:
        ROUTES[(method, name)] = f
        return f

    return register


def register_basics(identity: Identity, calls: CallLog) -> None:
    """The endpoints that concern the process, not AWS."""

    @route("GET", "identity")
    def _identity(_body: Dict[str, Any], _query: Dict[str, str]) -> Any:
        return {"nonce": identity.nonce, "pid": identity.pid, "startedAt": identity.started_at}

    @route("POST", "stop")
    def _stop(body: Dict[str, Any], _query: Dict[str, str]) -> Any:
        if body.get("nonce") != identity.nonce:
            raise Refused("this emulator was started by someone else: the nonce differs")
        # After the answer is out.
        threading.Timer(0.1, os._exit, [0]).start()
        return {"stopping": True}

    @route("GET", "calls")
    def _calls(_body: Dict[str, Any], query: Dict[str, str]) -> Any:
        return calls.summary(
            int(query.get("since", "0")),
            query.get("caller", ""),
            query.get("sequence") == "true",
            query.get("without", ""),
        )

    @route("DELETE", "calls")
    def _clear(_body: Dict[str, Any], _query: Dict[str, str]) -> Any:
        calls.clear()
        return calls.summary()


def register_registry(requests: Callable[[], int]) -> None:
    """How many requests the registry has had: whoever must know whether a client reaches it compares two answers."""

    @route("GET", "registry")
    def _registry(_body: Dict[str, Any], _query: Dict[str, str]) -> Any:
        return {"requests": requests()}


def answer(environ: Dict[str, Any], body: bytes) -> Tuple[str, List[Tuple[str, str]], bytes]:
    """Answers a request under the prefix."""
    name = environ["PATH_INFO"][len(PREFIX) :].strip("/")
    query = {k: v[0] for k, v in parse_qs(environ.get("QUERY_STRING", "")).items()}
    handler = ROUTES.get((environ["REQUEST_METHOD"], name))
    if handler is None:
        known = ", ".join(sorted("%s %s" % r for r in ROUTES))
        return _json("404 Not Found", {"error": "no such endpoint; there are: " + known})
    try:
        return _json("200 OK", handler(json.loads(body or b"{}"), query))
    except (Refused, KeyError, ValueError, TypeError) as error:
        message = (
            "missing in the request: %s" % error if isinstance(error, KeyError) else str(error)
        )
        return _json("400 Bad Request", {"error": message})


def _json(status: str, value: Any) -> Tuple[str, List[Tuple[str, str]], bytes]:
    body = json.dumps(value, default=str).encode()
    return status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))], body
