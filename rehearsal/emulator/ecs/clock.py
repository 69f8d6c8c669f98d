"""The time of deployments that shift traffic: bakes, steps and hooks count their minutes on it.

Unless somebody says how long a minute takes, it takes none: no test waits for a bake that it does not look at. People
and their pipelines are waited for by minutes of their own, which a rehearsal need not shorten.
"""

import time
from typing import NamedTuple


class Minutes:
    """The minutes of one kind that have passed since the emulator started."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._counted = 0.0
        self._since = time.monotonic()

    @property
    def passed(self) -> float:
        """How many have passed."""
        if not self.seconds:
            return self._counted
        return self._counted + (time.monotonic() - self._since) / self.seconds

    def run(self, seconds: float) -> None:
        """Lets each take so many seconds from now on."""
        self._counted, self._since = self.passed, time.monotonic()
        self.seconds = seconds

    def add(self) -> None:
        """Lets one pass at once."""
        self._counted += 1


class Clock:
    """Minutes of bakes and steps, those of hooks, and how far a look brings a deployment."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """A minute takes no time, and a look brings a deployment one stage further."""
        self.own = Minutes()
        self.people = Minutes()
        self.stages_per_look = 1

    def pass_minute(self) -> None:
        """Lets one minute pass at once, of both kinds."""
        self.own.add()
        self.people.add()


CLOCK = Clock()


class Wait(NamedTuple):
    """A time that ends by itself."""

    until: float
    # People are waited for: a minute that takes no time is none of theirs.
    for_people: bool = False

    @property
    def over(self) -> bool:
        """Whether its minutes have passed."""
        if self.for_people:
            return CLOCK.people.passed >= self.until
        return not CLOCK.own.seconds or CLOCK.own.passed >= self.until


def wait(minutes: float, for_people: bool = False) -> Wait:
    """A wait of so many minutes from now."""
    passed = (CLOCK.people if for_people else CLOCK.own).passed
    return Wait(passed + minutes, for_people)
