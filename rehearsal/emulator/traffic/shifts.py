"""How ECS moved requests between target groups, and when: ``GET /gantry-emulator/traffic/shifts``."""

from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

from ..control import route

_shifts: List[Dict[str, Any]] = []


def reset() -> None:
    """Forgets them."""
    _shifts.clear()


def note(
    service: Any,
    traffic: str,
    rule: str,
    weights: Dict[str, int],
    task_definitions: Dict[str, Optional[str]],
) -> None:
    """Notes that a rule of a service leads so now; ``traffic`` is ``production`` or ``test``."""
    _shifts.append(
        {
            "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "cluster": service.cluster_name,
            "service": service.name,
            "serviceDeploymentArn": service.service_deployments[0]["serviceDeploymentArn"],
            "lifecycleStage": service.shift.stage.name,
            "traffic": traffic,
            "rule": rule,
            "weights": weights,
            "taskDefinitions": task_definitions,
        }
    )


@route("GET", "traffic/shifts")
def _told(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    since = int(query.get("since", "0"))
    return {"cursor": len(_shifts), "shifts": _shifts[since:]}
