"""The WSGI application: control endpoints, services of our own, then moto."""

import io
import sys
import threading
import time
import traceback
from typing import Any, Callable, Dict, Iterable, List

from . import control, corrections, planned_errors, resets, services, strict, trail
from .access import gate
from .actions import Call, identify
from .calls import CallLog
from .errors import Answer, client_error
from .registry.api import Registry, concerns
from .repeats import Repeats
from .traffic import record


class Application:
    """Answers one request at a time.

    moto's models are plain dictionaries without locks: an iteration in one thread while another one inserts fails, and
    a conditional write is not atomic. The interpreter runs one thread at a time anyway, so one lock costs nothing.
    """

    def __init__(self, moto: Callable[..., Iterable[bytes]], calls: CallLog) -> None:
        self._moto = moto
        self._calls = calls
        self._lock = threading.RLock()
        self._registry = Registry(self._lock)
        control.register_registry(lambda: self._registry.requests)
        self._repeats = Repeats()
        self.log: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True)

    def __call__(
        self, environ: Dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if concerns(environ):
            return self._registry_call(environ, start_response)
        body = (
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            if not _chunked(environ)
            else None
        )
        path = environ["PATH_INFO"]
        if path.startswith(control.PREFIX):
            with self._lock:
                status, headers, content = control.answer(environ, body or b"")
            start_response(status, headers)
            return [content]
        if body is not None:
            environ["wsgi.input"] = io.BytesIO(body)
        if path.startswith("/moto-api/"):
            with self._lock:
                if path == "/moto-api/reset":
                    resets.reset()
                    self._calls.clear()
                    self._repeats.clear()
                return list(self._moto(environ, start_response))
        return self._api_call(environ, body or b"", start_response)

    def _api_call(
        self, environ: Dict[str, Any], body: bytes, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        call = identify(environ, body)
        started = time.monotonic()
        if (call.service, call.action) == ("sqs", "ReceiveMessage"):
            # Waits for messages that another request must be able to bring.
            self._calls.add(call, environ["PATH_INFO"])
            status, headers, content = self._run(call, environ, body)
        else:
            with self._lock:
                status, headers, content = self._run_once(call, environ, body)
        refusal = (
            "" if status < "400" else content[:300].decode("utf-8", "replace").replace("\n", " ")
        )
        spent = (time.monotonic() - started) * 1000
        at, code = time.strftime("%H:%M:%S"), status.split(" ")[0]
        self.log("%s %4d ms %s %s:%s %s" % (at, spent, code, call.service, call.action, refusal))
        start_response(status, headers)
        return [content]

    def _run_once(self, call: Call, environ: Dict[str, Any], body: bytes) -> Answer:
        known = self._repeats.find(call, environ)
        if known:
            self.log("the answer to the next line's call did not arrive; it is given again")
            return known
        if not self._repeats.has_succeeded(call, environ):
            self._calls.add(call, environ["PATH_INFO"])
        answer = self._run(call, environ, body)
        record.look(call)
        trail.keep(call, body, answer)
        self._repeats.keep(call, environ, answer)
        return answer

    def _registry_call(
        self, environ: Dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        started = time.monotonic()
        status, headers, content = self._registry.answer(environ)
        at, spent = time.strftime("%H:%M:%S"), (time.monotonic() - started) * 1000
        request = environ["REQUEST_METHOD"] + " " + environ["PATH_INFO"]
        self.log("%s %4d ms %s registry %s" % (at, spent, status.split(" ")[0], request))
        start_response(status, headers)
        return content

    def _run(self, call: Call, environ: Dict[str, Any], body: bytes) -> Answer:
        own = services.find(call)
        try:
            refused = planned_errors.error_for(call, environ, body)
            refused = refused or strict.check(call, environ, None if _chunked(environ) else body)
            refused = refused or gate.admit(call, environ, body)
            if refused:
                return refused
            answer = own(call, body) if own else self._run_moto(call, environ)
            return gate.review(call, environ, answer)
        except NotImplementedError as error:  # What moto says of an action that it lacks.
            return client_error(call.protocol, "UnknownOperationException", str(error))
        except Exception as error:  # A 500 would be retried for minutes.
            self.log(traceback.format_exc())
            return client_error(
                call.protocol, "EmulatorError", "%s: %s" % (type(error).__name__, error)
            )

    def _run_moto(self, call: Call, environ: Dict[str, Any]) -> Answer:
        answered: List[Any] = []

        def keep(status: str, headers: List[Any], exc_info: Any = None) -> None:
            if exc_info:
                raise exc_info[1]
            answered[:] = [status, headers]

        content = b"".join(self._moto(environ, keep))
        status, headers = answered
        if status.startswith("5"):
            message = "moto answered %s to %s:%s" % (status, call.service, call.action)
            return client_error(call.protocol, "EmulatorError", message)
        if status.startswith("404") and content.startswith(b"<!doctype html>"):
            # Flask's page for a path that moto does not route, which no SDK can read.
            message = "moto has no route for %s:%s" % (call.service, call.action)
            return client_error(call.protocol, "UnknownOperationException", message)
        return status, headers, content


def _chunked(environ: Dict[str, Any]) -> bool:
    return "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()


def create_application(identity: control.Identity) -> Application:
    """The emulator as a WSGI application: corrections applied, control endpoints registered."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    class Moto(DomainDispatcherApplication):
        def get_backend_for_host(self, host: Any) -> Any:
            backend = super().get_backend_for_host(host)
            if host and not backend:
                raise NotImplementedError("moto has no service for " + host)
            return backend

    corrections.apply()
    calls = CallLog()
    control.register_basics(identity, calls)
    return Application(Moto(create_backend_app), calls)
