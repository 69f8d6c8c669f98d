"""ECR CreatePullThroughCacheRule, DescribePullThroughCacheRules, DeletePullThroughCacheRule: moto has none of them."""

import json
from typing import Any, Dict

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecr.responses import ECRResponse


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


def _delete(self: ECRResponse) -> ActionResult:
    rule = _found(self, self._get_param("ecrRepositoryPrefix"))
    del _rules(self)[rule["ecrRepositoryPrefix"]]
    return ActionResult(rule)


def apply() -> None:
    ECRResponse.create_pull_through_cache_rule = _create
    ECRResponse.describe_pull_through_cache_rules = _describe
    ECRResponse.delete_pull_through_cache_rule = _delete
