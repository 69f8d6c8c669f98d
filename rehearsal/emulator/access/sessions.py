"""Sessions of roles, by the access key that a request is signed with."""

from typing import List, NamedTuple, Optional

from moto.iam.models import Role, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from .conditions import Context

PARTITION = "aws"
ROOT_ACCOUNT = "123456789012"


class Session(NamedTuple):
    """A role that somebody took on."""

    account: str
    arn: str
    role_arn: str
    access_key: str
    policy: Optional[str]

    def role(self) -> Optional[Role]:
        """The role, unless it was deleted since."""
        return find_role(self.role_arn)

    def principals(self) -> List[str]:
        """How policies of resources name exactly this one."""
        return [self.role_arn, self.arn, "*"]

    def context(self) -> Context:
        """What conditions can ask about the one who acts."""
        return {
            "aws:principalaccount": self.account,
            "aws:principalarn": self.role_arn,
            "aws:principaltype": "AssumedRole",
            "aws:principalisawsservice": "false",
            "aws:securetransport": "true",
            "aws:viaawsservice": "false",
        }


def find_role(arn: str) -> Optional[Role]:
    """The role of this ARN, in whatever account it is."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("role/"):
        return None
    roles = iam_backends[parts[4]][PARTITION].roles.values() if parts[4].isdigit() else []
    return next((role for role in roles if role.arn == arn), None)


def role_arn(account: str, name: str) -> str:
    """The ARN of a role by its name, with the path that it has."""
    role = next(
        (r for r in iam_backends[account][PARTITION].roles.values() if r.name == name), None
    )
    return role.arn if role else "arn:aws:iam::%s:role/%s" % (account, name)


def find_session(access_key: str) -> Optional[Session]:
    """The session whose key this is; None for a key of any other kind."""
    if not _is_temporary(access_key):
        return None
    for account, partitions in list(sts_backends.items()):
        found = partitions[PARTITION].get_assumed_role_from_access_key(access_key)
        if found:
            return _session(account, found)
    return None


def _session(account: str, found: AssumedRole) -> Session:
    return Session(account, found.arn, found.role_arn, found.access_key_id, found.policy)


def is_forgotten(access_key: str) -> bool:
    """Whether a key has the form of a session's and belongs to none."""
    return _is_temporary(access_key) and not find_session(access_key)


def _is_temporary(access_key: str) -> bool:
    return len(access_key) == 20 and access_key.startswith("ASIA")


def documents_of(role: Role) -> List[str]:
    """The policies of a role, its own and those attached to it."""
    attached = [
        version.document
        for policy in role.managed_policies.values()
        for version in policy.versions
        if version.is_default
    ]
    return [*role.policies.values(), *attached]


def boundary_of(role: Role) -> Optional[str]:
    """The policy that bounds what a role may be allowed."""
    arn = role.permissions_boundary_arn
    policy = iam_backends[role.account_id][PARTITION].managed_policies.get(arn) if arn else None
    return next((v.document for v in policy.versions if v.is_default), None) if policy else None
