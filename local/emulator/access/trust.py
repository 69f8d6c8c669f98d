"""Who may take on a role: its trust policy, and for a session of another role that role's own policies."""

from typing import Optional

from moto.iam.models import Role

from .authorization import Denied, denied, identity_effect
from .conditions import Context
from .policies import Effect, Need, effect
from .sessions import ROOT_ACCOUNT, Session, find_role

ASSUME = "sts:AssumeRole"


def assumed_by_service(role_arn: str, service: str, context: Context) -> Role:
    """The role, when the service may take it on for what ``context`` says (``aws:SourceArn``, ``aws:SourceAccount``).

    :raises Denied: when it may not; the refusal is listed
    """
    return _assumed(role_arn, service, {service}, set(), context, None)


def assumed_by(role_arn: str, session: Optional[Session], context: Context) -> Role:
    """The role, when a session may take it on, or the root of the emulator's own account.

    :raises Denied: when it may not; the refusal is listed
    """
    account = session.account if session else ROOT_ACCOUNT
    root = "arn:aws:iam::%s:root" % account
    known: Context = {
        "aws:principalaccount": account,
        "aws:principalarn": root,
        "aws:principaltype": "Account",
        "aws:principalisawsservice": "false",
        "aws:securetransport": "true",
    }
    known.update(session.context() if session else {})
    exact = set(session.principals()) if session else {root, "*"}
    name = session.arn if session else root
    return _assumed(role_arn, name, exact, {root}, {**known, **context}, session)


def _assumed(
    role_arn: str,
    name: str,
    exact: set,
    delegated: set,
    context: Context,
    session: Optional[Session],
) -> Role:
    def refused(reason: str) -> Denied:
        return denied(name, Need(ASSUME, role_arn), reason, session)

    role = find_role(role_arn)
    if role is None:
        raise refused("because it does not exist")
    need = Need(ASSUME, None)
    trust = [role.assume_role_policy_document]
    exactly, at_all = (effect(trust, need, context, names) for names in (exact, exact | delegated))
    own = Effect.ALLOWS
    if session:
        own = identity_effect(session, Need(ASSUME, role_arn, {}), context)
    if at_all is not Effect.ALLOWS:
        raise refused("because its trust policy does not allow it")
    if own is Effect.DENIES:
        raise refused("with an explicit deny in an identity-based policy")
    # In one account a trust policy that names the caller is enough.
    same_account = session is None or session.account == role.account_id
    if own is Effect.ALLOWS or (same_account and exactly is Effect.ALLOWS):
        return role
    raise refused("because no identity-based policy allows the sts:AssumeRole action")
