"""S3 PutObject, GetObject, DeleteObjects under a bucket policy.

moto takes a denial for one under whose conditions it holds as one that always holds, and one for a named principal as
one for everybody: the policy that every bucket of a platform has, which denies requests without TLS, denies all.
Denials that depend on who asks, or how, are left out here; those for everybody hold.
"""

import json
from typing import Any, Dict

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def _holds_for_everybody(statement: Dict[str, Any]) -> bool:
    if statement["Effect"] != "Deny":
        return True
    principal = statement.get("Principal")
    everybody = principal == "*" or (
        isinstance(principal, dict) and principal.get("AWS") in ("*", ["*"])
    )
    return everybody and not statement.get("Condition")


def apply() -> None:
    def permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
        if self.policy is None:
            return PermissionResult.NEUTRAL
        policy = json.loads(self.policy)
        statements = (
            policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        )
        kept = [s for s in statements if _holds_for_everybody(s)]
        return IAMPolicy(json.dumps({**policy, "Statement": kept})).is_action_permitted(
            action, resource
        )

    FakeBucket.get_permission = permission
