"""Further accounts, which begin as those of an AWS organization do: with one role, that the first account may take on."""

import json
import re
from typing import Any, Dict

from moto.iam.models import iam_backends

from ..control import Refused, route
from .sessions import PARTITION, ROOT_ACCOUNT, find_role

# What AWS Organizations calls it.
ROLE = "OrganizationAccountAccessRole"


@route("POST", "accounts")
def _add(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, str]:
    """Adds an account unless it is there, and answers the role that may do everything in it."""
    account = body["account"]
    if not isinstance(account, str) or not re.fullmatch(r"\d{12}", account):
        raise Refused("account must be a text of 12 digits, not %s" % json.dumps(account))
    arn = "arn:aws:iam::%s:role/%s" % (account, ROLE)
    if find_role(arn) is None:
        trust = _policy(Principal={"AWS": ROOT_ACCOUNT}, Action="sts:AssumeRole")
        role = iam_backends[account][PARTITION].create_role(ROLE, trust, "/", None, "", [], "3600")
        role.put_policy("AdministratorAccess", _policy(Action="*", Resource="*"))
    return {"account": account, "roleArn": arn}


def _policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
