"""CloudWatch Logs FilterLogEvents.

moto minds no prefix of streams, orders events by stream, and takes a filter pattern for one that matches all where it
does not understand it, also where a quote or bracket of it is never closed, which AWS refuses.
"""

import json
import re
from typing import Any

from moto.logs.exceptions import InvalidParameterException
from moto.logs.responses import LogsResponse

_PAIRS = {"{": "}", "[": "]", "(": ")"}


def _is_closed(pattern: str) -> bool:
    open_ones = []
    for sign in re.sub(r'"(?:\\.|[^"\\])*"', "", pattern):
        if sign in _PAIRS:
            open_ones.append(_PAIRS[sign])
        elif sign == '"' or (sign in _PAIRS.values() and (not open_ones or open_ones.pop() != sign)):
            return False
    return not open_ones


def apply() -> None:
    filtered = LogsResponse.filter_log_events

    def answered(self: LogsResponse) -> str:
        if not _is_closed(self._get_param("filterPattern") or ""):
            raise InvalidParameterException("Invalid filter pattern")
        prefix = self._get_param("logStreamNamePrefix")
        group = self.logs_backend.groups.get(self._get_param("logGroupName"))
        given: Any = {"interleaved": True}
        if prefix is not None and group is not None:
            names = [name for name in group.streams if name.startswith(prefix)]
            # No name at all would be all of them.
            given["logStreamNames"] = names or [prefix]
        self.body = json.dumps({**json.loads(self.body), **given})
        return filtered(self)

    LogsResponse.filter_log_events = answered
