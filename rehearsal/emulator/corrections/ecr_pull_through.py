"""ECR Create-, Describe-, Validate- and DeletePullThroughCacheRule: moto has none of them."""

import json
import re
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


class SecretNotFound(ServiceException):
    code = "SecretNotFoundException"


class Invalid(ServiceException):
    code = "ValidationException"


# "Creating a pull through cache rule" (ECR user guide), and the pattern of the API reference.
PART = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
PREFIX = re.compile(r"(?=.{2,30}$)(?:%s/)*%s/?|ROOT" % (PART, PART))
WITH_LOGIN = ("registry-1.docker.io", "ghcr.io", "registry.gitlab.com", "cgr.dev")
SECRETS = "ecr-pullthroughcache/"


def _rules(self: ECRResponse) -> Dict[str, Any]:
    return self.ecr_backend.__dict__.setdefault("pull_through_cache_rules", {})


def _refuse(self: ECRResponse, prefix: str) -> None:
    """What AWS's documentation says of each; the words are not ECR's."""
    if not PREFIX.fullmatch(prefix):
        raise Invalid("The repository prefix '%s' is not valid" % prefix)
    url, secret = self._get_param("upstreamRegistryUrl"), self._get_param("credentialArn")
    if secret is None:
        if url in WITH_LOGIN:
            raise Invalid("The registry %s needs a credentialArn" % url)
        return
    name = secret.split(":secret:")[-1]
    if not name.startswith(SECRETS):
        raise Invalid("The name of the secret must begin with %s" % SECRETS)
    try:
        secretsmanager_backends[self.current_account][self.region].describe_secret(secret)
    except SecretNotFoundException:
        raise SecretNotFound("The secret %s was not found" % secret)


def _create(self: ECRResponse) -> ActionResult:
    prefix, now = self._get_param("ecrRepositoryPrefix"), utcnow()
    _refuse(self, prefix)
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
