"""STS AssumeRole.

moto gives a session of any role to anybody, even of one that does not exist. Here the role must be there and its trust
policy must allow the caller, as must the policies of the role that the caller has taken on; and a service takes on a
role by ``POST /gantry-emulator/sessions``.
"""

import re
from typing import Any, Dict, Optional

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.sts.models import AssumedRole, sts_backends
from moto.sts.responses import TokenResponse

from ..access.authorization import Denied
from ..access.conditions import Context
from ..access.sessions import PARTITION, find_session
from ..access.trust import assumed_by, assumed_by_service
from ..control import Refused, route

# A session that was made by another session.
CHAINED_SECONDS = 3600


class AccessDenied(ServiceException):
    code = "AccessDenied"


class ValidationError(ServiceException):
    code = "ValidationError"


def _context(self: TokenResponse) -> Context:
    given = {
        "sts:externalid": self._get_param("ExternalId"),
        "sts:rolesessionname": self._get_param("RoleSessionName"),
        "aws:requestedregion": self.region,
    }
    return {key: value for key, value in given.items() if value}


@route("POST", "sessions")
def _begin(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, str]:
    """Takes on a role as a service does, for a resource of an account."""
    arn, context = body["roleArn"], {"aws:securetransport": "true"}
    for name, key in (("sourceArn", "aws:sourcearn"), ("sourceAccount", "aws:sourceaccount")):
        if body.get(name):
            context[key] = body[name]
    try:
        role = assumed_by_service(arn, body["service"], context)
    except Denied as refused:
        raise Refused(str(refused))
    name = re.sub(r"[^\w+=,.@-]", "-", body.get("sessionName") or body["service"].split(".")[0])
    session = _session(role.account_id, arn, name[:64])
    return {
        "accessKeyId": session.access_key_id,
        "secretAccessKey": session.secret_access_key,
        "sessionToken": session.session_token,
    }


def _session(account: str, role_arn: str, name: str, policy: Optional[str] = None) -> AssumedRole:
    return sts_backends[account][PARTITION].assume_role(
        region_name="us-east-1",
        role_session_name=name,
        role_arn=role_arn,
        policy=policy,
        duration=CHAINED_SECONDS,
        external_id=None,
    )


def apply() -> None:
    assume_role = TokenResponse.assume_role

    def assumed(self: TokenResponse) -> ActionResult:
        session = find_session(self.get_access_key())
        try:
            role = assumed_by(self._get_param("RoleArn"), session, _context(self))
        except Denied as refused:
            raise AccessDenied(str(refused))
        seconds = self._get_int_param("DurationSeconds", CHAINED_SECONDS)
        longest = CHAINED_SECONDS if session else int(role.max_session_duration or CHAINED_SECONDS)
        if seconds > longest:
            limit = (
                "1 hour session limit for roles assumed by role chaining"
                if session
                else "MaxSessionDuration set for this role."
            )
            raise ValidationError("The requested DurationSeconds exceeds the " + limit)
        return assume_role(self)

    TokenResponse.assume_role = assumed
