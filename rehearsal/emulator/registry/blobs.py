"""Blobs and uploads: files without a name, so that nothing stays behind however this process ends."""

import hashlib
import os
import resource
import tempfile
import uuid
from typing import Any, Dict, Iterator, Optional

from ..resets import on_reset

CHUNK = 1 << 20
# Each blob is an open file. The usual limit, 1024, is soft.
OPEN_FILES = 16384


class DigestMismatch(Exception):
    """What came has another digest than the client says."""


class OffsetMismatch(Exception):
    """A chunk does not begin where the last one ended."""


class _File:
    """A file without a name; it ends with the last reader that holds it."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile(prefix="gantry-emulator-") as named_once:
            self.descriptor = os.dup(named_once.fileno())

    def __del__(self) -> None:
        os.close(self.descriptor)


class Blob:
    """Content that does not change any more; readable from several threads at a time."""

    def __init__(self, file: _File, size: int) -> None:
        self._file = file
        self.size = size

    def read(self, start: int = 0, end: Optional[int] = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``end``, in pieces."""
        end = self.size if end is None else end
        while start < end:
            piece = os.pread(self._file.descriptor, min(CHUNK, end - start), start)
            yield piece
            start += len(piece)


class Upload:
    """Content on its way."""

    def __init__(self, repository: str) -> None:
        self.id = str(uuid.uuid4())
        self.repository = repository
        self.size = 0
        self._file = _File()
        self._hash = hashlib.sha256()

    def append(self, stream: Any, start: Optional[int] = None) -> None:
        """Adds everything that ``stream`` still has; ``start`` is where the client believes it goes."""
        if start not in (None, self.size):
            raise OffsetMismatch("the upload has %d bytes, not %s" % (self.size, start))
        for piece in iter(lambda: stream.read(CHUNK), b""):
            left = memoryview(piece)
            while left:
                left = left[os.write(self._file.descriptor, left) :]
            self._hash.update(piece)
            self.size += len(piece)

    def finish(self, digest: str) -> Blob:
        """The blob, when it is what the client says."""
        found = "sha256:" + self._hash.hexdigest()
        if found != digest:
            raise DigestMismatch("the content has the digest %s, not %s" % (found, digest))
        return Blob(self._file, self.size)


class BlobStore:
    """Blobs by digest. Which repository has which is kept with the repositories: see ``repositories.py``."""

    def __init__(self) -> None:
        self._blobs: Dict[str, Blob] = {}
        self._uploads: Dict[str, Upload] = {}
        on_reset(self._forget)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

    def _forget(self) -> None:
        self._blobs, self._uploads = {}, {}

    def get(self, digest: str) -> Blob:
        return self._blobs[digest]

    def begin(self, repository: str) -> Upload:
        """A new upload for the repository of this name."""
        upload = Upload(repository)
        self._uploads[upload.id] = upload
        return upload

    def upload(self, upload_id: str, repository: str) -> Optional[Upload]:
        """The upload under way for this repository."""
        found = self._uploads.get(upload_id)
        return found if found and found.repository == repository else None

    def finish(self, upload: Upload, digest: str) -> None:
        """Turns an upload into a blob; one that is there already stays as it is."""
        self._blobs.setdefault(digest, upload.finish(digest))
        self.cancel(upload)

    def cancel(self, upload: Upload) -> None:
        self._uploads.pop(upload.id, None)
