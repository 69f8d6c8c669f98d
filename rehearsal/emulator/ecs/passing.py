"""How time passes for deployments that shift traffic: ``POST /gantry-emulator/ecs/clock``."""

from typing import Any, Dict

from ..control import Refused, route
from . import shifting
from .clock import CLOCK
from .faults import all_services

# Two weeks, the longest that a hook waits.
MOST_MINUTES = 20160


@route("GET", "ecs/clock")
def _clock(_body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    return {
        "minutes": CLOCK.minutes,
        "minuteSeconds": CLOCK.minute_seconds,
        "stagesPerLook": CLOCK.stages_per_look,
    }


@route("POST", "ecs/clock")
def _set(body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    unknown = sorted(set(body) - {"minutes", "minuteSeconds", "stagesPerLook"})
    if unknown:
        raise Refused("unknown: %s; there are: minutes, minuteSeconds, stagesPerLook" % ", ".join(unknown))
    seconds = body.get("minuteSeconds", CLOCK.minute_seconds)
    if not _is_number(seconds) or seconds < 0:
        raise Refused("minuteSeconds must be a number from 0 on, not %s" % seconds)
    stages = body.get("stagesPerLook", CLOCK.stages_per_look)
    if not isinstance(stages, int) or stages < 1:
        raise Refused("stagesPerLook must be a whole number from 1 on, not %s" % stages)
    minutes = body.get("minutes")
    if minutes is not None and (not isinstance(minutes, int) or not 0 <= minutes <= MOST_MINUTES):
        raise Refused("minutes must be a whole number from 0 to %d, not %s" % (MOST_MINUTES, minutes))
    CLOCK.run(float(seconds))
    CLOCK.stages_per_look = stages
    if minutes is not None:
        _pass(minutes)
    return _clock({}, query)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _pass(minutes: int) -> None:
    """Brings every deployment as far as it comes, now and after each of the minutes."""
    for passed in range(minutes + 1):
        if passed:
            CLOCK.pass_minute()
        for service in all_services():
            while shifting.step(service):
                pass
