"""WAFV2 AssociateWebACL, DeleteWebACL.

moto leaves a resource with the web ACL that it had before, whose rules AWS asks no more, and deletes a web ACL that still
protects something, which AWS refuses.
"""

from moto.core.exceptions import JsonRESTError
from moto.wafv2.models import WAFV2Backend
from moto.wafv2.utils import make_arn_for_wacl


class WAFAssociatedItemException(JsonRESTError):
    def __init__(self) -> None:
        super().__init__(
            "WAFAssociatedItemException",
            "AWS WAF couldn't perform the operation because your resource is being used by another "
            "resource or it's associated with another resource.",
        )


def apply() -> None:
    associate = WAFV2Backend.associate_web_acl
    delete = WAFV2Backend.delete_web_acl

    def associated(self: WAFV2Backend, web_acl_arn: str, resource_arn: str) -> None:
        if web_acl_arn in self.wacls:
            self.disassociate_web_acl(resource_arn)
        associate(self, web_acl_arn, resource_arn)

    def deleted(self: WAFV2Backend, name: str, scope: str, _id: str, lock_token: str) -> None:
        arn = make_arn_for_wacl(
            name=name,
            account_id=self.account_id,
            region_name=self.region_name,
            _id=_id,
            scope=scope,
        )
        if arn in self.wacls and self.wacls[arn].associated_resources:
            raise WAFAssociatedItemException()
        delete(self, name, scope, _id, lock_token)

    WAFV2Backend.associate_web_acl = associated
    WAFV2Backend.delete_web_acl = deleted
