"""KMS CreateKey without a usage: AWS makes a key that encrypts and decrypts, and says so of it; moto says nothing."""

from typing import Any

from moto.kms.models import Key, KmsBackend

_create = KmsBackend.create_key


def _with_usage(
    self: KmsBackend, policy: Any, key_usage: Any, *args: Any, **kwargs: Any
) -> Key:
    return _create(self, policy, key_usage or "ENCRYPT_DECRYPT", *args, **kwargs)


def apply() -> None:
    KmsBackend.create_key = _with_usage
