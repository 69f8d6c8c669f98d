"""What policies say about an action on a resource."""

import json
from enum import Enum
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Set

from .conditions import Context, Unknowable, holds, like, listed, pattern, substituted


class Effect(Enum):
    """What the statements that match come to. A denial outweighs everything."""

    DENIES = "denies"
    ALLOWS = "allows"
    SILENT = "is silent"


class Need(NamedTuple):
    """What a request needs: an action on a resource.

    ``resource`` is ``*`` for an action that knows none, and None where the request does not tell which one it is: then
    every statement that allows the action on something counts.
    """

    action: str
    resource: Optional[str]
    context: Context = {}


def statements(document: str) -> List[Dict[str, Any]]:
    """The statements of a policy document."""
    found = json.loads(document)["Statement"]
    return found if isinstance(found, list) else [found]


def effect(
    documents: Iterable[str], need: Need, context: Context, principals: Optional[Set[str]] = None
) -> Effect:
    """What policies say. Those of a resource name whom they are about: one of ``principals``."""
    seen = Effect.SILENT
    everything = {**context, **need.context}
    for statement in (s for document in documents for s in statements(document)):
        if not _matches(statement, need, everything, principals):
            continue
        if statement["Effect"] == "Deny":
            return Effect.DENIES
        seen = Effect.ALLOWS
    return seen


def _matches(
    statement: Dict[str, Any], need: Need, context: Context, principals: Optional[Set[str]]
) -> bool:
    if principals is not None and not (_principals(statement) & principals):
        return False
    if "NotAction" in statement:
        concerned = not _names(statement["NotAction"], need.action)
    else:
        concerned = _names(statement["Action"], need.action)
    if not concerned or not _about(statement, need.resource, context):
        return False
    try:
        return holds(statement.get("Condition", {}), context)
    except Unknowable:
        return False


def _names(actions: Any, action: str) -> bool:
    return any(pattern(text, True).match(action) for text in listed(actions))


def _about(statement: Dict[str, Any], resource: Optional[str], context: Context) -> bool:
    if "NotResource" in statement:
        others = [substituted(text, context) for text in listed(statement["NotResource"])]
        return resource is None or not any(like(text, resource) for text in others)
    if "Resource" not in statement:
        return True
    named = [substituted(text, context) for text in listed(statement["Resource"])]
    if resource is None:
        return statement["Effect"] == "Allow" or "*" in named
    return any(like(text, resource) for text in named)


def _principals(statement: Dict[str, Any]) -> Set[str]:
    """Everybody whom a statement names; an account stands for its root."""
    named = statement.get("Principal", {})
    if isinstance(named, str):
        return {named}
    found = set()
    for kind, values in named.items():
        for value in listed(values):
            account = kind == "AWS" and value.isdigit()
            found.add("arn:aws:iam::%s:root" % value if account else value)
    return found
