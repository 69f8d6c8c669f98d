"""The OCI distribution API: what docker, buildah and skopeo speak.

A push streams its blobs outside of the emulator's lock, so that nobody waits for it; whatever touches moto's models
takes the lock.
"""

import io
import json
import re
import threading
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple
from urllib.parse import parse_qs

from ..access.authorization import Denied
from ..access.registry import require_for, session_of
from . import repositories
from .blobs import Blob, BlobStore, DigestMismatch, OffsetMismatch, Upload
from .errors import RegistryError

Answer = Tuple[str, List[Tuple[str, str]], Iterable[bytes]]
PATH = re.compile(
    r"^/v2/(?P<name>.+?)/(?:blobs/uploads/?(?P<upload>[^/]*)"
    r"|(?P<kind>manifests|blobs)/(?P<reference>[^/]+)|tags/list)/?$"
)
RANGE = re.compile(r"^bytes=(\d+)-(\d*)$")


class Request(NamedTuple):
    """One request for a part of a repository. ``reference`` is a digest, a tag or the id of an upload."""

    method: str
    name: str
    kind: str
    reference: str
    query: Dict[str, str]
    environ: Dict[str, Any]

    def body(self) -> Any:
        """The body as a stream that ends where the body does."""
        if self.environ.get("wsgi.input_terminated"):
            return self.environ["wsgi.input"]
        return _Body(self.environ["wsgi.input"], int(self.environ.get("CONTENT_LENGTH") or 0))


class _Body:
    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int) -> bytes:
        piece = self._stream.read(min(size, self._left))
        if self._left and not piece:
            raise ConnectionError("the client went away in the middle of a body")
        self._left -= len(piece)
        return piece


def concerns(environ: Dict[str, Any]) -> bool:
    """Whether a request is for the registry; one that is signed is for an AWS API with a path like it."""
    path = environ["PATH_INFO"]
    signed = environ.get("HTTP_AUTHORIZATION", "").startswith("AWS4-")
    return (path == "/v2" or path.startswith("/v2/")) and not signed


class Registry:
    """Answers requests under ``/v2/``; ``requests`` counts them."""

    def __init__(self, lock: threading.RLock) -> None:
        self.requests = 0
        self._lock = lock
        self._blobs = BlobStore()

    def answer(self, environ: Dict[str, Any]) -> Answer:
        """Answers one request. A session may do what its role may; everybody else, even without credentials, all."""
        with self._lock:
            self.requests += 1
        try:
            status, headers, content = self._answer(environ)
        except RegistryError as error:
            status, headers, body = error.answer()
            content = [body]
        except Denied as error:
            return self._refused(403, "DENIED", error)
        except DigestMismatch as error:
            return self._refused(400, "DIGEST_INVALID", error)
        except OffsetMismatch as error:
            return self._refused(416, "BLOB_UPLOAD_INVALID", error)
        headers.append(("Docker-Distribution-Api-Version", "registry/2.0"))
        return status, headers, [] if environ["REQUEST_METHOD"] == "HEAD" else content

    @staticmethod
    def _refused(status: int, code: str, error: Exception) -> Answer:
        line, headers, body = RegistryError(status, code, str(error)).answer()
        return line, headers, [body]

    def _answer(self, environ: Dict[str, Any]) -> Answer:
        if environ["PATH_INFO"].rstrip("/") == "/v2":
            if "HTTP_AUTHORIZATION" in environ:
                return _empty("200 OK")
            # Without this question a client keeps the credentials that it has to itself.
            return _empty("401 Unauthorized", ("WWW-Authenticate", 'Basic realm="emulator"'))
        match = PATH.match(environ["PATH_INFO"])
        if not match:
            raise RegistryError(404, "UNSUPPORTED", "there is no %s" % environ["PATH_INFO"])
        uploads = match["upload"] is not None
        kind = "uploads" if uploads else match["kind"] or "tags"
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        request = Request(
            environ["REQUEST_METHOD"],
            match["name"],
            kind,
            (match["upload"] if uploads else match["reference"]) or "",
            {key: values[0] for key, values in query.items()},
            environ,
        )
        method = "GET" if request.method == "HEAD" else request.method
        handler = self._handlers().get((method, kind))
        if handler is None:
            message = "%s is not possible for %s" % (request.method, kind)
            raise RegistryError(405, "UNSUPPORTED", message)
        with self._lock:
            place = repositories.find(request.name)
            session = session_of(environ)
            if session:
                require_for(session, request.method, kind, place.repository)
        return handler(request, place)

    def _handlers(self) -> Dict[Tuple[str, str], Callable[[Request, Any], Answer]]:
        return {
            ("GET", "manifests"): self._get_manifest,
            ("PUT", "manifests"): self._put_manifest,
            ("GET", "tags"): self._list_tags,
            ("GET", "blobs"): self._get_blob,
            ("POST", "uploads"): self._begin_upload,
            ("GET", "uploads"): self._show_upload,
            ("PATCH", "uploads"): self._continue_upload,
            ("PUT", "uploads"): self._finish_upload,
            ("DELETE", "uploads"): self._cancel_upload,
        }

    def _get_manifest(self, request: Request, place: repositories.Place) -> Answer:
        with self._lock:
            image = repositories.image_of(place, request.reference)
            content = image.image_manifest.encode()
        headers = [
            ("Content-Type", image.image_manifest_media_type),
            ("Content-Length", str(len(content))),
            ("Docker-Content-Digest", image.get_image_digest()),
        ]
        return "200 OK", headers, [content]

    def _put_manifest(self, request: Request, place: repositories.Place) -> Answer:
        body, content = request.body(), io.BytesIO()
        for piece in iter(lambda: body.read(65536), b""):
            content.write(piece)
        kind = request.environ.get("CONTENT_TYPE", "").split(";")[0].strip()
        with self._lock:
            digest = repositories.put_manifest(place, request.reference, content.getvalue(), kind)
        return _created(request, "manifests", digest)

    def _list_tags(self, request: Request, place: repositories.Place) -> Answer:
        with self._lock:
            tags = repositories.tags_of(place)
        tags = [tag for tag in tags if tag > request.query.get("last", "")]
        tags = tags[: int(request.query["n"])] if request.query.get("n") else tags
        content = json.dumps({"name": request.name, "tags": tags}).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        return "200 OK", headers, [content]

    def _get_blob(self, request: Request, place: repositories.Place) -> Answer:
        if request.reference not in place.blobs:
            raise RegistryError(404, "BLOB_UNKNOWN", "no such blob: " + request.reference)
        blob = self._blobs.get(request.reference)
        start, end = _range(request.environ.get("HTTP_RANGE", ""), blob)
        headers = [
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(end - start)),
            ("Accept-Ranges", "bytes"),
            ("Docker-Content-Digest", request.reference),
        ]
        if end - start < blob.size:
            headers.append(("Content-Range", "bytes %d-%d/%d" % (start, end - 1, blob.size)))
            return "206 Partial Content", headers, blob.read(start, end)
        return "200 OK", headers, blob.read()

    def _begin_upload(self, request: Request, place: repositories.Place) -> Answer:
        mounted, source = request.query.get("mount"), request.query.get("from")
        if mounted and source and self._mounts(place, mounted, source):
            return _created(request, "blobs", mounted)
        upload = self._blobs.begin(request.name)
        if "digest" in request.query:
            return self._finish(request, place, upload)
        return _accepted(request, upload)

    def _mounts(self, place: repositories.Place, digest: str, source: str) -> bool:
        """Takes a blob over from another repository of the same registry, as ECR can."""
        with self._lock:
            try:
                other = repositories.find(source)
            except RegistryError:
                return False
            if other.backend is not place.backend or digest not in other.blobs:
                return False
            place.blobs.add(digest)
        return True

    def _show_upload(self, request: Request, place: repositories.Place) -> Answer:
        status, headers, content = _accepted(request, self._upload(request))
        return "204 No Content", headers, content

    def _continue_upload(self, request: Request, place: repositories.Place) -> Answer:
        upload = self._upload(request)
        claimed = re.match(r"^(?:bytes )?(\d+)-", request.environ.get("HTTP_CONTENT_RANGE", ""))
        upload.append(request.body(), int(claimed[1]) if claimed else None)
        return _accepted(request, upload)

    def _finish_upload(self, request: Request, place: repositories.Place) -> Answer:
        return self._finish(request, place, self._upload(request))

    def _finish(self, request: Request, place: repositories.Place, upload: Upload) -> Answer:
        digest = request.query.get("digest", "")
        upload.append(request.body())
        self._blobs.finish(upload, digest)
        place.blobs.add(digest)
        return _created(request, "blobs", digest)

    def _cancel_upload(self, request: Request, place: repositories.Place) -> Answer:
        self._blobs.cancel(self._upload(request))
        return _empty("204 No Content")

    def _upload(self, request: Request) -> Upload:
        found = self._blobs.upload(request.reference, request.name)
        if found is None:
            raise RegistryError(404, "BLOB_UPLOAD_UNKNOWN", "no such upload: " + request.reference)
        return found


def _range(header: str, blob: Blob) -> Tuple[int, int]:
    match: Optional[re.Match] = RANGE.match(header)
    if not match:
        return 0, blob.size
    start, end = int(match[1]), min(int(match[2] or blob.size - 1) + 1, blob.size)
    if start >= end:
        raise RegistryError(416, "RANGE_INVALID", "the blob has %d bytes" % blob.size)
    return start, end


def _empty(status: str, *headers: Tuple[str, str]) -> Answer:
    return status, [("Content-Length", "0"), *headers], []


def _created(request: Request, kind: str, digest: str) -> Answer:
    location = "/v2/%s/%s/%s" % (request.name, kind, digest)
    return _empty("201 Created", ("Location", location), ("Docker-Content-Digest", digest))


def _accepted(request: Request, upload: Upload) -> Answer:
    return _empty(
        "202 Accepted",
        ("Location", "/v2/%s/blobs/uploads/%s" % (request.name, upload.id)),
        ("Docker-Upload-UUID", upload.id),
        ("Range", "0-%d" % max(upload.size - 1, 0)),
    )
