"""Who may take on a role: its trust policy, and for a session of another role that role's own policies."""

from typing import Dict, Optional

from moto.iam.models import Role, iam_backends

from .authorization import Denied, denied, identity_effect
from .conditions import Context
from .policies import Effect, Need, effect
from .sessions import PARTITION, ROOT_ACCOUNT, Session, find_role

ASSUME = "sts:AssumeRole"
ASSUME_BY_TOKEN = "sts:AssumeRoleWithWebIdentity"


def assumed_by_service(role_arn: str, service: str, context: Context) -> Role:
    """The role, when the service may take it on for what ``context`` says (``aws:SourceArn``, ``aws:SourceAccount``).

    :raises Denied: when it may not; the refusal is listed
    """
    return _assumed(role_arn, service, {service}, set(), context, None)


def assumed_by_token(role_arn: str, provider_arn: str, claims: Dict[str, str]) -> Role:
    """The role, when whoever has a token of the provider may take it on. That the token is genuine is taken for granted.

    :param claims: what the token says, such as ``aud`` and ``sub``
    :raises Denied: when it may not, or when the role's account does not have the provider; the refusal is listed
    """
    issuer = provider_arn.split(":oidc-provider/")[-1]
    context: Context = {"%s:%s" % (issuer, name): value for name, value in claims.items()}
    context["aws:securetransport"] = "true"
    account = role_arn.split(":")[4]
    if provider_arn not in iam_backends[account][PARTITION].open_id_providers:
        reason = "because account %s has no such OpenID Connect provider" % account
        raise denied(provider_arn, Need(ASSUME_BY_TOKEN, role_arn), reason, None)
    return _assumed(role_arn, provider_arn, {provider_arn}, set(), context, None, ASSUME_BY_TOKEN)


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
    action: str = ASSUME,
) -> Role:
    def refused(reason: str) -> Denied:
        return denied(name, Need(action, role_arn), reason, session)

    role = find_role(role_arn)
    if role is None:
        raise refused("because it does not exist")
    need = Need(action, None)
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
