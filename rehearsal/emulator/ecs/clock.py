"""The time of deployments that shift traffic: bakes, steps and hooks count their minutes on it.

Unless somebody says how long a minute takes, it takes none: no test waits for a bake that it does not look at.
"""

import time
from typing import NamedTuple


class Clock:
    """The minutes that have passed since the emulator started."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """A minute takes no time, and a look brings a deployment one stage further."""
        self.minute_seconds = 0.0
        self.stages_per_look = 1
        self._counted = 0.0
        self._since = time.monotonic()

    @property
    def minutes(self) -> float:
        """How many have passed."""
        if not self.minute_seconds:
            return self._counted
        return self._counted + (time.monotonic() - self._since) / self.minute_seconds

    def run(self, minute_seconds: float) -> None:
        """Lets a minute take so many seconds from now on."""
        self._counted, self._since = self.minutes, time.monotonic()
        self.minute_seconds = minute_seconds

    def pass_minute(self) -> None:
        """Lets one minute pass at once."""
        self._counted += 1


CLOCK = Clock()


class Wait(NamedTuple):
    """A time that ends by itself."""

    until: float
    # People are waited for: a minute that takes no time is none of theirs.
    for_people: bool = False

    @property
    def over(self) -> bool:
        """Whether its minutes have passed."""
        if not CLOCK.minute_seconds and not self.for_people:
            return True
        return CLOCK.minutes >= self.until


def wait(minutes: float, for_people: bool = False) -> Wait:
    """A wait of so many minutes from now."""
    return Wait(CLOCK.minutes + minutes, for_people)
