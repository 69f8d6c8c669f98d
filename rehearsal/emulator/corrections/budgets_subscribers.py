"""Budgets DescribeSubscribersForNotification, UpdateBudget, ListTagsForResource, TagResource, UntagResource.

moto has none of them, and the Terraform provider asks for the subscribers and the tags of each budget it reads.
"""

import json
from typing import Any, Dict

from moto.budgets.models import Budget, BudgetsBackend
from moto.budgets.responses import BudgetsResponse

from ..tags import tags_of


def _budget(self: BudgetsResponse) -> Budget:
    account, name = self._get_param("AccountId"), self._get_param("BudgetName")
    self.backend.describe_budget(account, name)
    return self.backend.budgets[account][name]


def _key(notification: Dict[str, Any]) -> Any:
    kind = notification.get("ThresholdType", "PERCENTAGE")
    compared = (
        notification["NotificationType"],
        notification["ComparisonOperator"],
        notification["Threshold"],
    )
    return compared + (kind,)


def _subscribers(self: BudgetsResponse) -> str:
    wanted = _key(self._get_param("Notification"))
    found = [n.subscribers for n in _budget(self).notifications if _key(n.details) == wanted]
    return json.dumps({"Subscribers": found[0] if found else []})


def _update(self: BudgetsResponse) -> str:
    given = self._get_param("NewBudget")
    backend: BudgetsBackend = self.backend
    backend.describe_budget(self._get_param("AccountId"), given["BudgetName"])
    budget = backend.budgets[self._get_param("AccountId")][given["BudgetName"]]
    budget.budget = {**budget.budget, **given}
    return "{}"


def _list_tags(self: BudgetsResponse) -> str:
    tags = tags_of(self.backend, self._get_param("ResourceARN"))
    return json.dumps({"ResourceTags": [{"Key": k, "Value": v} for k, v in tags.items()]})


def _tag(self: BudgetsResponse) -> str:
    given = {t["Key"]: t["Value"] for t in self._get_param("ResourceTags")}
    tags_of(self.backend, self._get_param("ResourceARN")).update(given)
    return "{}"


def _untag(self: BudgetsResponse) -> str:
    for key in self._get_param("ResourceTagKeys"):
        tags_of(self.backend, self._get_param("ResourceARN")).pop(key, None)
    return "{}"


def apply() -> None:
    create = BudgetsResponse.create_budget

    def created(self: BudgetsResponse) -> str:
        answer = create(self)
        arn = "arn:aws:budgets::%s:budget/%s" % (
            self._get_param("AccountId"),
            self._get_param("Budget")["BudgetName"],
        )
        given = self._get_param("ResourceTags") or []
        tags_of(self.backend, arn).update({t["Key"]: t["Value"] for t in given})
        return answer

    BudgetsResponse.create_budget = created
    BudgetsResponse.update_budget = _update
    BudgetsResponse.describe_subscribers_for_notification = _subscribers
    BudgetsResponse.list_tags_for_resource = _list_tags
    BudgetsResponse.tag_resource, BudgetsResponse.untag_resource = _tag, _untag
