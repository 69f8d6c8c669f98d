"""The lifecycle stages that a deployment which shifts traffic goes through, by its strategy."""

from typing import Any, Dict, List, NamedTuple

# Defaults of the API reference: CanaryConfiguration, LinearConfiguration.
CANARY = {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 10}
LINEAR = {"stepPercent": 10.0, "stepBakeTimeInMinutes": 6}


class Stage(NamedTuple):
    """One stage: how much of production's traffic green has from its start on, and how long it lasts at least."""

    name: str
    percent: float = 0.0
    minutes: float = 0


def stages_of(configuration: Dict[str, Any], reconciles: bool) -> List[Stage]:
    """The stages of a deployment; RECONCILE_SERVICE only where more than one revision runs as it starts."""
    names = ("PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT")
    found = [Stage("RECONCILE_SERVICE")] if reconciles else []
    found += [Stage(name) for name in names]
    before = 0.0
    for percent, minutes in _steps(configuration):
        # Both stages come again at each step of the traffic.
        found.append(Stage("PRE_PRODUCTION_TRAFFIC_SHIFT", before))
        found.append(Stage("PRODUCTION_TRAFFIC_SHIFT", percent, minutes))
        before = percent
    found.append(Stage("POST_PRODUCTION_TRAFFIC_SHIFT", 100.0))
    found.append(Stage("BAKE_TIME", 100.0, configuration.get("bakeTimeInMinutes") or 0))
    return [*found, Stage("CLEAN_UP", 100.0)]


def _steps(configuration: Dict[str, Any]) -> List[Any]:
    """The percentages that traffic goes through, each with the minutes until the next; none is waited for at 100."""
    strategy, percents, minutes = configuration["strategy"], [], 0
    if strategy == "CANARY":
        canary = configuration["canaryConfiguration"]
        percents, minutes = [canary["canaryPercent"]], canary["canaryBakeTimeInMinutes"]
    elif strategy == "LINEAR":
        linear = configuration["linearConfiguration"]
        step, minutes = linear["stepPercent"], linear["stepBakeTimeInMinutes"]
        percents = [round(step * n, 1) for n in range(1, int(100 / step) + 1)]
    return [(percent, minutes) for percent in percents if percent < 100] + [(100.0, 0)]
