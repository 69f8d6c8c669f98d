"""Whether a session may do what it asks for, and the list of what was refused (``GET /gantry-emulator/denials``)."""

import time
from typing import Any, Dict, List, NamedTuple, Optional

from ..control import route
from ..resets import on_reset
from .conditions import Context
from .policies import Effect, Need, effect
from .sessions import Session, boundary_of, documents_of


class ResourcePolicy(NamedTuple):
    """The policy of the resource itself, and the account that owns it."""

    document: Optional[str]
    account: str


class Denied(Exception):
    """A request that IAM refuses; the message is worded as AWS words it."""


_denials: List[Dict[str, Any]] = []


@on_reset
def _reset() -> None:
    _denials.clear()


def identity_effect(session: Session, need: Need, context: Context) -> Effect:
    """What the policies of the session's role come to, within its boundary and the session's own policy."""
    role = session.role()
    if role is None:
        return Effect.SILENT
    allowed = effect(documents_of(role), need, context)
    for bound in filter(None, (boundary_of(role), session.policy)):
        within = effect([bound], need, context)
        if within is Effect.DENIES:
            return within
        if within is Effect.SILENT and allowed is Effect.ALLOWS:
            allowed = Effect.SILENT
    return allowed


def refusal(
    session: Session, need: Need, context: Context, policy: Optional[ResourcePolicy] = None
) -> Optional[str]:
    """Why a session may not do what ``need`` says; None when it may."""
    everything = {**session.context(), **context, **need.context}
    own = identity_effect(session, need, everything)
    if own is Effect.DENIES:
        return "with an explicit deny in an identity-based policy"
    document, owner = policy or ResourcePolicy(None, session.account)
    root = "arn:aws:iam::%s:root" % session.account
    exact, at_all = (
        effect([document], need, everything, names) if document else Effect.SILENT
        for names in (set(session.principals()), {*session.principals(), root})
    )
    if Effect.DENIES in (exact, at_all):
        return "with an explicit deny in a resource-based policy"
    if own is not Effect.ALLOWS and (owner != session.account or exact is not Effect.ALLOWS):
        return "because no identity-based policy allows the %s action" % need.action
    # A key's own policy must agree in its own account, too.
    alone = owner == session.account and not (document and need.action.startswith("kms:"))
    if not alone and at_all is not Effect.ALLOWS:
        return "because no resource-based policy allows the %s action" % need.action
    return None


def require(
    session: Session, need: Need, context: Context, policy: Optional[ResourcePolicy] = None
) -> None:
    """Lets a request pass that the session may make.

    :raises Denied: when it may not; the refusal is listed
    """
    reason = refusal(session, need, context, policy)
    if reason is not None:
        raise denied(session.arn, need, reason, session)


def denied(user: str, need: Need, reason: str, session: Optional[Session] = None) -> Denied:
    """Lists a refusal and words it."""
    _denials.append(
        {
            "at": time.time(),
            "caller": session.access_key if session else None,
            "role": session.role_arn if session else None,
            "user": user,
            "action": need.action,
            "resource": need.resource,
            "reason": reason,
        }
    )
    resource = need.resource or "one that the emulator cannot tell"
    return Denied(
        "User: %s is not authorized to perform: %s on resource: %s %s"
        % (user, need.action, resource, reason)
    )


@route("GET", "denials")
def _list(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    since = int(query.get("since", "0"))
    return {"cursor": len(_denials), "denials": _denials[since:]}
