"""The health of targets that a test has set."""

from typing import Dict, NamedTuple, Optional

TARGET_STATES = ("initial", "healthy", "unhealthy", "unused", "draining", "unavailable")


class Health(NamedTuple):
    state: str
    reason: Optional[str]
    description: Optional[str]


_by_group: Dict[str, Health] = {}


def set_health(
    group: str, state: Optional[str], reason: Optional[str], description: Optional[str]
) -> None:
    """Lets every target of the group show this state; None gives them back their own."""
    if state is None:
        _by_group.pop(group, None)
    else:
        _by_group[group] = Health(state, reason, description)


def health_of(group: str) -> Optional[Health]:
    """What was set for the group."""
    return _by_group.get(group)


def reset() -> None:
    """Forgets everything that was set."""
    _by_group.clear()
