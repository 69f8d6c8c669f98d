"""WAFV2: web ACLs and what they protect."""

from .support import EmulatorTest


class WebAclTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.waf = self.client("wafv2")
        self.balancer = (
            "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/lb/0123456789abcdef"
        )

    def acl(self, name: str) -> dict:
        return self.waf.create_web_acl(
            Name=name,
            Scope="REGIONAL",
            DefaultAction={"Allow": {}},
            VisibilityConfig={
                "SampledRequestsEnabled": True,
                "CloudWatchMetricsEnabled": True,
                "MetricName": "all",
            },
        )["Summary"]

    def test_a_resource_has_one_web_acl(self) -> None:
        first, second = self.acl("first"), self.acl("second")
        for acl in (first, second):
            self.waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=self.balancer)
        got = self.waf.get_web_acl_for_resource(ResourceArn=self.balancer)["WebACL"]
        self.assertEqual(got["Name"], "second")

    def test_a_web_acl_that_protects_something_stays(self) -> None:
        acl = self.acl("shop")
        self.waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=self.balancer)

        def delete() -> None:
            self.waf.delete_web_acl(
                Name="shop", Scope="REGIONAL", Id=acl["Id"], LockToken=acl["LockToken"]
            )

        with self.assertRaisesRegex(Exception, "WAFAssociatedItemException"):
            delete()
        self.waf.disassociate_web_acl(ResourceArn=self.balancer)
        delete()
