"""CloudTrail's event history: what calls changed something, by whom. The correction ``cloudtrail_events.py`` answers from it.

Of the services that are called in JSON with ``X-Amz-Target`` alone (ECS, Secrets Manager, SSM, CodePipeline and others); calls
that only read are left out. Values that a service's description calls sensitive are hidden, as CloudTrail hides them.
"""

import json
import time
import uuid
from typing import Any, Dict, List

from .access.sessions import ROOT_ACCOUNT, find_session
from .actions import Call, description_of
from .errors import Answer
from .resets import on_reset

READS = ("Get", "List", "Describe", "BatchGet", "Lookup", "Search", "Query", "Scan", "Poll")
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
# Data events, which the event history has not ("Logging data events", AWS CloudTrail user guide).
DATA = ("dynamodb", "logs", "monitoring", "sqs")

events: List[Dict[str, Any]] = []


@on_reset
def _reset() -> None:
    events.clear()


def keep(call: Call, body: bytes, answer: Answer) -> None:
    """Adds a call that was answered to the history of its account and region."""
    if call.protocol != "json" or call.service in DATA or call.action.startswith(READS):
        return
    operation = description_of(call.service)["operations"].get(call.action)
    if operation is None:
        return
    session = find_session(call.caller)
    account = session.account if session else ROOT_ACCOUNT
    status, _, content = answer
    event = {
        "eventVersion": "1.11",
        "eventID": str(uuid.uuid4()),
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "eventSource": call.service + ".amazonaws.com",
        "eventName": call.action,
        "awsRegion": call.region,
        "readOnly": False,
        "recipientAccountId": account,
        "userIdentity": _identity(call, account),
        "requestParameters": _shown(call.service, operation.get("input"), _parsed(body)),
    }
    parsed = _parsed(content)
    if status < "400":
        event["responseElements"] = _shown(call.service, operation.get("output"), parsed)
    else:
        event["errorCode"] = str(parsed.get("__type", "")).split("#")[-1]
    events.append(event)


def _identity(call: Call, account: str) -> Dict[str, Any]:
    session = find_session(call.caller)
    if session is None:
        return {"type": "Root", "arn": "arn:aws:iam::%s:root" % account, "accountId": account}
    issuer = {
        "type": "Role",
        "arn": session.role_arn,
        "userName": session.role_arn.split("/")[-1],
    }
    return {
        "type": "AssumedRole",
        "arn": session.arn,
        "accountId": account,
        "sessionContext": {"sessionIssuer": issuer},
    }


def _parsed(body: bytes) -> Dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _shown(service: str, reference: Any, given: Dict[str, Any]) -> Any:
    """The parameters as CloudTrail writes them: names begin with a small letter, and what is sensitive is hidden."""
    return _value(description_of(service).get("shapes", {}), (reference or {}).get("shape"), given)


def _value(shapes: Dict[str, Any], name: Any, given: Any) -> Any:
    shape = shapes.get(name, {})
    if shape.get("sensitive"):
        return HIDDEN
    if shape.get("type") == "structure" and isinstance(given, dict):
        members = shape.get("members", {})
        return {
            key[:1].lower() + key[1:]: _value(shapes, members.get(key, {}).get("shape"), value)
            for key, value in given.items()
        }
    if shape.get("type") == "list" and isinstance(given, list):
        return [_value(shapes, shape["member"].get("shape"), value) for value in given]
    return given
