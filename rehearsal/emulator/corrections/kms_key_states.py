"""KMS DisableKey, EnableKey, ScheduleKeyDeletion, CancelKeyDeletion.

moto finds the key by its id alone, and fails with a fault of its own when it is named by its ARN.
"""

from typing import Any, Callable

from moto.kms.models import KmsBackend

NAMES = ("disable_key", "enable_key", "schedule_key_deletion", "cancel_key_deletion")


def _by_any_name(change: Callable[..., Any]) -> Callable[..., Any]:
    def changed(self: KmsBackend, key_id: str, *args: Any, **kwargs: Any) -> Any:
        return change(self, self.any_id_to_key_id(key_id), *args, **kwargs)

    return changed


def apply() -> None:
    for name in NAMES:
        setattr(KmsBackend, name, _by_any_name(getattr(KmsBackend, name)))
