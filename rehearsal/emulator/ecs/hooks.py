"""Lifecycle hooks of deployments that shift traffic: those of the kind PAUSE wait for ContinueServiceDeployment.

Functions (AWS_LAMBDA) are not called: they show as SUCCEEDED.
"""

from datetime import timedelta
from typing import Any, Callable, Dict, List, Optional

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from .clock import Wait, wait

# Defaults of the API reference: DeploymentLifecycleHookTimeoutConfiguration.
TIMEOUT = {"timeoutInMinutes": 1440, "action": "ROLLBACK"}
WAITING = "AWAITING_ACTION"


class Hooks:
    """The hooks of the stage in which a deployment is, all of which run at once.

    :param announce: is told each status of a hook that pauses.
    """

    def __init__(self, configured: List[Dict[str, Any]], announce: Callable[[Dict[str, Any]], None]) -> None:
        self._waits: Dict[str, Wait] = {}
        self._announce = announce
        self.details = [self._open(hook) for hook in configured]
        for detail in self.waiting:
            announce(detail)

    def _open(self, hook: Dict[str, Any]) -> Dict[str, Any]:
        pauses = hook.get("targetType") == "PAUSE"
        timeout = {**TIMEOUT, **(hook.get("timeoutConfiguration") or {})}
        minutes = timeout["timeoutInMinutes"]
        name = "ecs-pause-" if pauses else "ecs-lambda-"
        detail = {
            "hookId": name + mock_random.get_random_string(43),
            "targetType": "PAUSE" if pauses else "AWS_LAMBDA",
            "status": WAITING if pauses else "SUCCEEDED",
            "expiresAt": utcnow() + timedelta(minutes=minutes),
            "timeoutAction": timeout["action"],
        }
        if hook.get("hookTargetArn"):
            detail["targetArn"] = hook["hookTargetArn"]
        self._waits[detail["hookId"]] = wait(minutes, for_people=True)
        return detail

    @property
    def waiting(self) -> List[Dict[str, Any]]:
        """Those that nobody has answered."""
        return [detail for detail in self.details if detail["status"] == WAITING]

    def answer(self, hook_id: str, action: str) -> bool:
        """Takes what somebody decided of a hook; false where it waits for nothing."""
        for detail in self.waiting:
            if detail["hookId"] == hook_id:
                detail["status"] = "SUCCEEDED" if action == "CONTINUE" else "FAILED"
                self._announce(detail)
                return True
        return False

    def expire(self) -> Optional[str]:
        """Ends those whose time is over; answers why the deployment goes back, if it does."""
        ended = [detail for detail in self.waiting if self._waits[detail["hookId"]].over]
        for detail in ended:
            detail["status"] = "TIMED_OUT"
            self._announce(detail)
        back = [detail["hookId"] for detail in ended if detail["timeoutAction"] == "ROLLBACK"]
        return "lifecycle hook %s timed out." % back[0] if back else None

    def cancel(self) -> None:
        """Ends those that nobody can answer any more."""
        for detail in self.waiting:
            detail["status"] = "FAILED"
