"""CloudTrail LookupEvents.

moto knows trails and no events. Here the history has what was called (``trail.py``), of the caller's account and region,
newest first.
"""

import calendar
import json
import time
from typing import Any, Dict, List

from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.exceptions import JsonRESTError

from .. import trail

MOST = 50


def _named(event: Dict[str, Any]) -> List[Any]:
    """What a call names. AWS knows which parameter names a resource; here each that is a text counts."""
    return [value for value in (event["requestParameters"] or {}).values() if isinstance(value, str)]


# By the name of an attribute: what an event has of it.
ATTRIBUTES = {
    "EventName": lambda event: [event["eventName"]],
    "EventId": lambda event: [event["eventID"]],
    "EventSource": lambda event: [event["eventSource"]],
    "ReadOnly": lambda event: ["false"],
    "ResourceName": _named,
}


class _Invalid(JsonRESTError):
    code = 400


def _seconds(event: Dict[str, Any]) -> int:
    return calendar.timegm(time.strptime(event["eventTime"], "%Y-%m-%dT%H:%M:%SZ"))


def _lookup(self: CloudTrailResponse) -> str:
    attributes = self._get_param("LookupAttributes") or []
    if any(one["AttributeKey"] not in ATTRIBUTES for one in attributes) or len(attributes) > 1:
        raise _Invalid("InvalidLookupAttributesException", "Lookup attributes are not valid.")
    start, end = self._get_param("StartTime"), self._get_param("EndTime")
    if start and end and float(start) > float(end):
        raise _Invalid("InvalidTimeRangeException", "The start time is after the end time.")
    found = [
        event
        for event in reversed(trail.events)
        if event["recipientAccountId"] == self.current_account
        and event["awsRegion"] == self.region
        and all(a["AttributeValue"] in ATTRIBUTES[a["AttributeKey"]](event) for a in attributes)
        and (start is None or _seconds(event) >= int(float(start)))
        and (end is None or _seconds(event) <= float(end))
    ]
    begin, size = int(self._get_param("NextToken") or 0), int(self._get_param("MaxResults") or MOST)
    answer: Dict[str, Any] = {"Events": [_shown(e) for e in found[begin : begin + size]]}
    if begin + size < len(found):
        answer["NextToken"] = str(begin + size)
    return json.dumps(answer)


def _shown(event: Dict[str, Any]) -> Dict[str, Any]:
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "EventSource": event["eventSource"],
        "EventTime": _seconds(event),
        "ReadOnly": "false",
        "Username": event["userIdentity"]["arn"].split("/")[-1],
        "CloudTrailEvent": json.dumps(event),
    }


def apply() -> None:
    CloudTrailResponse.lookup_events = _lookup
