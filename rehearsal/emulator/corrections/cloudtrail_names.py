"""CloudTrail StartLogging, StopLogging, DeleteTrail.

moto finds a trail by its name only; the Terraform provider names it by its ARN.
"""

from typing import Any, Callable

from moto.cloudtrail.models import CloudTrailBackend


def _by_name(action: Callable[..., Any]) -> Callable[..., Any]:
    def named(self: CloudTrailBackend, name: str) -> Any:
        return action(self, self.get_trail(name).trail_name)

    return named


def apply() -> None:
    for action in ("start_logging", "stop_logging", "delete_trail"):
        setattr(CloudTrailBackend, action, _by_name(getattr(CloudTrailBackend, action)))
