"""S3 PutObject, CopyObject, CreateMultipartUpload, GetObject under a key of KMS that is disabled or goes.

moto encrypts nothing and never asks for the key. AWS refuses to write into a bucket whose key is disabled, and to read
what was written under it.
"""

from typing import Any, Optional

from moto.kms.models import Key, kms_backends
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, FakeKey, FakeMultipart, S3Backend
from moto.s3.responses import S3Response

BY_STATE = {"Disabled": "KMS.DisabledException", "PendingDeletion": "KMS.KMSInvalidStateException"}
SAID_OF_STATE = {"Disabled": "%s is disabled.", "PendingDeletion": "%s is pending deletion."}


class _Unusable(S3ClientError):
    def __init__(self, key: Key) -> None:
        super().__init__(SAID_OF_STATE[key.key_state] % key.arn)
        self.code = BY_STATE[key.key_state]


def _key(backend: S3Backend, bucket: FakeBucket, name: str) -> Optional[Key]:
    """The key that an ARN, an id or an alias names; None for AWS's own, which nobody disables."""
    parts = name.split(":")
    region, account = parts[3:5] if len(parts) == 6 else (bucket.region_name, backend.account_id)
    if not account.isdigit() or region not in kms_backends[account]:
        return None
    keys = kms_backends[account][region]
    return keys.keys.get(keys.any_id_to_key_id(name))


def _require(backend: S3Backend, bucket_name: str, name: Optional[str]) -> None:
    bucket = backend.get_bucket(bucket_name)
    if name is None and bucket.encryption:
        default = bucket.encryption["Rule"]["ApplyServerSideEncryptionByDefault"]
        name = default.get("KMSMasterKeyID")
    key = _key(backend, bucket, name) if name else None
    if key is not None and key.key_state in BY_STATE:
        raise _Unusable(key)


def apply() -> None:
    put, begin, read = (
        S3Backend.put_object,
        S3Backend.create_multipart_upload,
        S3Response.get_object,
    )

    def written(self: S3Backend, bucket_name: str, *args: Any, **kwargs: Any) -> FakeKey:
        _require(self, bucket_name, kwargs.get("kms_key_id"))
        return put(self, bucket_name, *args, **kwargs)

    def begun(self: S3Backend, bucket_name: str, *args: Any, **kwargs: Any) -> FakeMultipart:
        _require(self, bucket_name, kwargs.get("kms_key_id"))
        return begin(self, bucket_name, *args, **kwargs)

    def shown(self: S3Response) -> Any:
        key, _ = self._get_key()
        if key.kms_key_id:
            _require(self.backend, self.bucket_name, key.kms_key_id)
        return read(self)

    S3Backend.put_object, S3Backend.create_multipart_upload = written, begun
    S3Response.get_object = shown
