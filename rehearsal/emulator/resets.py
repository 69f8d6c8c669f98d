"""What is forgotten on ``POST /moto-api/reset`` besides moto's own state."""

from typing import Callable, List

_hooks: List[Callable[[], None]] = []


def on_reset(hook: Callable[[], None]) -> None:
    """Calls ``hook`` at each reset."""
    _hooks.append(hook)


def reset() -> None:
    """Calls every hook."""
    for hook in _hooks:
        hook()
