"""How time passes for deployments that shift traffic: ``POST /gantry-emulator/ecs/clock``."""

from typing import Any, Dict

from ..control import Refused, route
from . import shifting
from .clock import CLOCK
from .faults import all_services

# Two weeks, the longest that a hook waits.
MOST_MINUTES = 20160
FIELDS = ("minutes", "minuteSeconds", "hookMinuteSeconds", "stagesPerLook")


@route("GET", "ecs/clock")
def _clock(_body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    return {
        "minutes": CLOCK.own.passed,
        "minuteSeconds": CLOCK.own.seconds,
        "hookMinuteSeconds": CLOCK.people.seconds,
        "stagesPerLook": CLOCK.stages_per_look,
    }


@route("POST", "ecs/clock")
def _set(body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    unknown = sorted(set(body) - set(FIELDS))
    if unknown:
        raise Refused("unknown: %s; there are: %s" % (", ".join(unknown), ", ".join(FIELDS)))
    own = _seconds(body, "minuteSeconds", CLOCK.own.seconds)
    people = _seconds(body, "hookMinuteSeconds", body.get("minuteSeconds", CLOCK.people.seconds))
    stages = body.get("stagesPerLook", CLOCK.stages_per_look)
    if not isinstance(stages, int) or stages < 1:
        raise Refused("stagesPerLook must be a whole number from 1 on, not %s" % stages)
    minutes = body.get("minutes")
    if minutes is not None and (not isinstance(minutes, int) or not 0 <= minutes <= MOST_MINUTES):
        raise Refused("minutes must be a whole number from 0 to %d, not %s" % (MOST_MINUTES, minutes))
    CLOCK.own.run(own)
    CLOCK.people.run(people)
    CLOCK.stages_per_look = stages
    if minutes is not None:
        _pass(minutes)
    return _clock({}, query)


def _seconds(body: Dict[str, Any], name: str, default: float) -> float:
    value = body.get(name, default)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value < 0:
        raise Refused("%s must be a number from 0 on, not %s" % (name, value))
    return float(value)


def _pass(minutes: int) -> None:
    """Brings every deployment as far as it comes, now and after each of the minutes."""
    for passed in range(minutes + 1):
        if passed:
            CLOCK.pass_minute()
        for service in all_services():
            while shifting.step(service):
                pass
