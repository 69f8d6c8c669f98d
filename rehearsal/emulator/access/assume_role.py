"""STS AssumeRole, and ``POST /gantry-emulator/sessions`` by which a service takes on a role.

moto gives a session of any role to anybody, even of one that does not exist. Here the role must be there and its trust
policy must allow the caller, as must the policies of the role that the caller has taken on.
"""

import re
from typing import Any, Dict, Optional

from moto.iam.models import Role
from moto.sts.models import sts_backends

from ..control import Refused, route
from .authorization import Denied
from .conditions import Context
from .requests import Request
from .sessions import PARTITION, Session
from .trust import assumed_by, assumed_by_service, assumed_by_token

CHAINED_SECONDS = 3600


def check(session: Optional[Session], request: Request) -> None:
    """Lets a request for a session pass.

    :raises Denied: when the role does not exist or does not trust the caller
    :raises ValueError: when the session would last too long
    """
    given = {
        "sts:externalid": request.params.get("ExternalId"),
        "sts:rolesessionname": request.params.get("RoleSessionName"),
        "aws:requestedregion": request.call.region,
    }
    context: Context = {key: value for key, value in given.items() if value}
    role = assumed_by(request.params.get("RoleArn", ""), session, context)
    longest = int(role.max_session_duration or CHAINED_SECONDS)
    limit = "MaxSessionDuration set for this role."
    if session:
        # However long the sessions of the role may otherwise last.
        longest, limit = CHAINED_SECONDS, "1 hour session limit for roles assumed by role chaining"
    if int(request.params.get("DurationSeconds", CHAINED_SECONDS)) > longest:
        raise ValueError("The requested DurationSeconds exceeds the " + limit)


@route("POST", "sessions")
def _begin(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, str]:
    """Takes on a role as a service does, for a resource of an account, or as a token of an OpenID Connect provider lets it."""
    try:
        role = _by_token(body) if body.get("provider") else _by_service(body)
    except Denied as refused:
        raise Refused(str(refused))
    given = body.get("sessionName") or body.get("service", "token").split(".")[0]
    name = re.sub(r"[^\w+=,.@-]", "-", given)
    session = sts_backends[role.account_id][PARTITION].assume_role(
        region_name="us-east-1",
        role_session_name=name[:64],
        role_arn=role.arn,
        policy=None,
        duration=CHAINED_SECONDS,
        external_id=None,
    )
    return {
        "accessKeyId": session.access_key_id,
        "secretAccessKey": session.secret_access_key,
        "sessionToken": session.session_token,
    }


def _by_service(body: Dict[str, Any]) -> Role:
    context: Context = {"aws:securetransport": "true", "aws:principalisawsservice": "true"}
    for name, key in (("sourceArn", "aws:sourcearn"), ("sourceAccount", "aws:sourceaccount")):
        if body.get(name):
            context[key] = body[name]
    return assumed_by_service(body["roleArn"], body["service"], context)


def _by_token(body: Dict[str, Any]) -> Role:
    return assumed_by_token(body["roleArn"], body["provider"], body.get("claims", {}))
