"""What a request to DynamoDB needs: an action on each table, and on each item of a transaction.

``dynamodb:LeadingKeys`` are the partition keys that a request names, in any of its forms
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
"""

import re
from typing import Any, Dict, List, Optional

from moto.dynamodb.models import Table, dynamodb_backends

from .conditions import Context
from .names import action_of, knows_no_resource
from .policies import Need
from .requests import Request
from .resources import dynamodb_arns

TRANSACTED = {
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Delete": "dynamodb:DeleteItem",
    "Get": "dynamodb:GetItem",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
}
BATCHED = {"PutRequest": "Item", "DeleteRequest": "Key"}


def needs(request: Request) -> List[Need]:
    """All that is judged by itself."""
    if "Transact" in request.call.action:
        return [
            Need(TRANSACTED[kind], _arn(request, item), _keys(request, item["TableName"], [item]))
            for entry in request.params.get("TransactItems", [])
            for kind, item in entry.items()
            if kind in TRANSACTED
        ]
    action = action_of("dynamodb", request.call.action)
    if knows_no_resource(action):
        return [Need(action, "*")]
    return [
        Need(action, arn, _keys(request, arn.split("/")[1] if arn else "", _items(request)))
        for arn in dynamodb_arns(request) or [None]
    ]


def _arn(request: Request, item: Dict[str, Any]) -> str:
    return request.arn("dynamodb", "table/" + item["TableName"].split("/")[-1])


def _items(request: Request) -> List[Dict[str, Any]]:
    """The parts of a request that name items, each with its ``Key``, its ``Item`` or a condition on its key."""
    batches = request.params.get("RequestItems") or {}
    found: List[Dict[str, Any]] = []
    for batch in batches.values():
        if isinstance(batch, dict):
            found += [{"Key": key} for key in batch.get("Keys", [])]
        else:
            found += [
                {"Key": write[kind].get(part, {})}
                for write in batch
                for kind, part in BATCHED.items()
                if kind in write
            ]
    return found or [request.params]


def _keys(request: Request, table_name: str, items: List[Dict[str, Any]]) -> Context:
    tables = dynamodb_backends[request.account][request.call.region].tables
    table = tables.get(table_name.split("/")[-1])
    named = [_key(table, item) for item in items] if table else []
    keys = [key for key in named if key is not None]
    return {"dynamodb:leadingkeys": keys} if keys else {}


def _key(table: Table, item: Dict[str, Any]) -> Optional[str]:
    name = table.hash_key_attr
    value = (item.get("Key") or item.get("Item") or {}).get(name)
    return _text(value) if value else _queried(name, item)


def _queried(name: str, item: Dict[str, Any]) -> Optional[str]:
    """The partition that the condition of a query names."""
    names = item.get("ExpressionAttributeNames") or {}
    pairs = re.findall(r"([#\w.-]+)\s*=\s*(:\w+)", item.get("KeyConditionExpression") or "")
    values = item.get("ExpressionAttributeValues") or {}
    return next((_text(values[v]) for n, v in pairs if names.get(n, n) == name and v in values), None)


def _text(value: Dict[str, Any]) -> str:
    return str(next(iter(value.values())))
