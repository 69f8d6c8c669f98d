"""ECR Create-, Describe-, Validate- and DeletePullThroughCacheRule: moto has none of them."""

import json
from typing import Any, Dict, Optional

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecr.responses import ECRResponse
from moto.secretsmanager.exceptions import SecretNotFoundException
from moto.secretsmanager.models import secretsmanager_backends


class PullThroughCacheRuleNotFound(ServiceException):
    code = "PullThroughCacheRuleNotFoundException"


class PullThroughCacheRuleAlreadyExists(ServiceException):
    code = "PullThroughCacheRuleAlreadyExistsException"


def _rules(self: ECRResponse) -> Dict[str, Any]:
    return self.ecr_backend.__dict__.setdefault("pull_through_cache_rules", {})


def _create(self: ECRResponse) -> ActionResult:
    prefix, now = self._get_param("ecrRepositoryPrefix"), utcnow()
    if prefix in _rules(self):
        raise PullThroughCacheRuleAlreadyExists(
            "A pull through cache rule with prefix '%s' already exists" % prefix
        )
    rule = {
        "registryId": self.current_account,
        "createdAt": now,
        "updatedAt": now,
        **json.loads(self.body),
    }
    _rules(self)[prefix] = rule
    return ActionResult(rule)


def _found(self: ECRResponse, prefix: str) -> Dict[str, Any]:
    if prefix not in _rules(self):
        raise PullThroughCacheRuleNotFound("No pull through cache rule with prefix '%s'" % prefix)
    return _rules(self)[prefix]


def _describe(self: ECRResponse) -> ActionResult:
    wanted = self._get_param("ecrRepositoryPrefixes") or list(_rules(self))
    return ActionResult({"pullThroughCacheRules": [_found(self, prefix) for prefix in wanted]})


def _validate(self: ECRResponse) -> ActionResult:
    """No registry is asked: a login counts where the secret has what AWS reads of it."""
    rule = _found(self, self._get_param("ecrRepositoryPrefix"))
    failure = _fault_of(self, rule.get("credentialArn"))
    return ActionResult(
        {**rule, "isValid": failure is None, **({"failure": failure} if failure else {})}
    )


def _fault_of(self: ECRResponse, secret: Optional[str]) -> Optional[str]:
    if secret is None:
        return None
    backend = secretsmanager_backends[self.current_account][self.region]
    try:
        login = json.loads(backend.get_secret_value(secret, "", "")["SecretString"])
    except (SecretNotFoundException, ValueError):
        return "The secret cannot be read."
    if isinstance(login, dict) and {"username", "accessToken"} <= set(login):
        return None
    return "The secret has no username and accessToken."


def _delete(self: ECRResponse) -> ActionResult:
    rule = _found(self, self._get_param("ecrRepositoryPrefix"))
    del _rules(self)[rule["ecrRepositoryPrefix"]]
    return ActionResult(rule)


def apply() -> None:
    ECRResponse.create_pull_through_cache_rule = _create
    ECRResponse.describe_pull_through_cache_rules = _describe
    ECRResponse.validate_pull_through_cache_rule = _validate
    ECRResponse.delete_pull_through_cache_rule = _delete
