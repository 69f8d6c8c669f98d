"""A deployment that shifts traffic, while it is under way."""

from typing import Any, Dict, List, Optional, Tuple

from moto.core.utils import utcnow

from .clock import Wait, wait
from .green import others_than
from .hooks import Hooks
from .rollout import count
from .stages import Stage, stages_of


class Shift:
    """Its two colours, the stage in which it is and what holds it there."""

    def __init__(self, service: Any, green: Dict[str, Any], blue: Optional[Dict[str, Any]]) -> None:
        self.green, self.blue = green, blue
        # The deployment that runs alone in the end: blue's where it goes back.
        self.kept = green
        self.stages = stages_of(service.deployment_configuration, bool(others_than(service, blue)))
        self.index = 0
        self.tested = False
        self.wait: Wait = wait(0)
        self.limit: Wait = wait(0)
        self.hooks = Hooks([], lambda detail: None)
        # Why people want it to go back, until it does.
        self.unwanted: Optional[str] = None

    @property
    def stage(self) -> Stage:
        """Where it is."""
        return self.stages[self.index]

    @property
    def scaled_up(self) -> bool:
        """Whether green has its tasks."""
        return "SCALE_UP" in [stage.name for stage in self.stages[: self.index]]

    @property
    def goes_back(self) -> bool:
        """Whether it is rolled back."""
        return self.kept is not self.green


def sides(shift: Shift) -> List[Tuple[Dict[str, Any], float, float]]:
    """Green and, where there is one, blue, each with its shares of production's traffic and of the test's, in percent."""
    percent = shift.stages[min(shift.index, len(shift.stages) - 1)].percent
    tests = 100.0 if shift.tested else 0.0
    blue = [(shift.blue, 100 - percent, 100 - tests)] if shift.blue else []
    return [(shift.green, percent, tests), *blue]


def tell(service: Any) -> None:
    """Writes into the record where the deployment is, what runs, and where requests go."""
    shift: Shift = service.shift
    record = service.service_deployments[0]
    stage = shift.stages[min(shift.index, len(shift.stages) - 1)]
    record.update(
        lifecycleStage=stage.name, lifecycleHookDetails=shift.hooks.details, updatedAt=utcnow()
    )
    count(service)
    summaries = [record["targetServiceRevision"], *record["sourceServiceRevisions"]]
    for summary, (deployment, production, test) in zip(summaries, sides(shift)):
        summary.update(
            requestedTaskCount=deployment["desiredCount"],
            runningTaskCount=deployment["runningCount"],
            pendingTaskCount=deployment["pendingCount"],
            requestedTestTrafficWeight=test,
            requestedProductionTrafficWeight=production,
        )
