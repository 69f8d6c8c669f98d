"""The log of API calls that ``GET /gantry-emulator/calls`` answers from."""

from collections import Counter
from typing import Any, Dict, List, Tuple

from .actions import Call


class CallLog:
    """Every call in the order in which they were carried out. A cursor is the number of calls before it.

    A second attempt of a call that was answered (see ``repeats.py``) is no call of its own: who counts calls counts what
    a program asked for, not how often a connection broke. One after an error is: AWS counts it too.
    """

    def __init__(self) -> None:
        self._calls: List[Tuple[Call, str]] = []

    def add(self, call: Call, path: str = "") -> None:
        self._calls.append((call, path))

    def clear(self) -> None:
        self._calls = []

    def summary(
        self, since: int = 0, caller: str = "", sequence: bool = False, without: str = ""
    ) -> Dict[str, Any]:
        """Counts by ``service:Action`` of the calls after the cursor ``since``, of one caller or of all.

        With ``sequence`` they are also listed in the order of their arrival; those whose path contains ``without``
        do not count.
        """
        calls = [
            call
            for call, path in self._calls[since:]
            if (not caller or call.caller == caller) and not (without and without in path)
        ]
        callers: Dict[str, Counter] = {}
        for call in calls:
            callers.setdefault(call.caller, Counter())[call.service + ":" + call.action] += 1
        counts: Counter = sum(callers.values(), Counter())
        return {
            "cursor": len(self._calls),
            "total": len(calls),
            "calls": dict(sorted(counts.items())),
            "callers": {name: dict(sorted(c.items())) for name, c in sorted(callers.items())},
            "sequence": [c.service + ":" + c.action for c in calls] if sequence else [],
        }
