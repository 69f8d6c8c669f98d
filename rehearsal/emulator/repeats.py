"""Answers to requests that a client sends again because the first answer did not reach it.

Every AWS SDK gives the attempts of one call the same ``amz-sdk-invocation-id``. On a busy machine a connection can break
after a request was carried out. AWS would carry out the second attempt too, and a call that may be made only once
(``iam:AddRoleToInstanceProfile``) fails then, in whichever of hundreds of calls it happens. Such a chance says nothing of
what is rehearsed, so a second attempt gets the answer that the first one had, if that was a success.
"""

from collections import OrderedDict
from typing import Any, Dict, Optional, Tuple

from .actions import Call
from .errors import Answer

# What asks may be asked twice, and its answers can be large.
READS = ("Batch", "Describe", "Download", "Get", "Head", "List", "Query", "Receive", "Scan")

Key = Tuple[str, ...]


class Repeats:
    """The latest calls that were successes, and of those that changed something the answers, at most ``limit`` of each."""

    def __init__(self, limit: int = 500) -> None:
        self._limit = limit
        self._answers: "OrderedDict[Key, Answer]" = OrderedDict()
        self._succeeded: "OrderedDict[Key, None]" = OrderedDict()

    def find(self, call: Call, environ: Dict[str, Any]) -> Optional[Answer]:
        """The answer that an earlier attempt of the same call had; None for a first attempt."""
        return self._answers.get(_key(call, environ))

    def has_succeeded(self, call: Call, environ: Dict[str, Any]) -> bool:
        """Whether an earlier attempt of the same call was a success, so that the call is not another one."""
        return _key(call, environ) in self._succeeded

    def keep(self, call: Call, environ: Dict[str, Any], answer: Answer) -> None:
        """Keeps a success for the attempts that may follow."""
        if "HTTP_AMZ_SDK_INVOCATION_ID" not in environ or answer[0] >= "300":
            return
        key = _key(call, environ)
        self._add(self._succeeded, key, None)
        if not call.action.startswith(READS):
            self._add(self._answers, key, answer)

    def clear(self) -> None:
        """Forgets all of them."""
        self._answers.clear()
        self._succeeded.clear()

    def _add(self, latest: "OrderedDict[Key, Any]", key: Key, value: Any) -> None:
        latest[key] = value
        if len(latest) > self._limit:
            latest.popitem(last=False)


def _key(call: Call, environ: Dict[str, Any]) -> Key:
    return call.caller, call.service, call.action, environ.get("HTTP_AMZ_SDK_INVOCATION_ID", "")
