from botocore.exceptions import ClientError

from .support import EmulatorTest


class SecurityGroups(EmulatorTest):
    def test_a_group_is_not_deleted_that_a_rule_of_another_names(self) -> None:
        ec2 = self.client("ec2")
        database, web = [
            ec2.create_security_group(GroupName=n, Description=n)["GroupId"]
            for n in ("database", "web")
        ]
        for group in (database, web):
            ec2.authorize_security_group_ingress(
                GroupId=group,
                IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": web}]}],
            )
        with self.assertRaisesRegex(ClientError, "DependencyViolation.*%s" % web):
            ec2.delete_security_group(GroupId=web)
        rules = ec2.describe_security_group_rules(
            Filters=[{"Name": "group-id", "Values": [database]}]
        )
        ingress = [r for r in rules["SecurityGroupRules"] if not r["IsEgress"]]
        ec2.revoke_security_group_ingress(
            GroupId=database, SecurityGroupRuleIds=[ingress[0]["SecurityGroupRuleId"]]
        )
        # Its own rule names it too, and goes with it.
        ec2.delete_security_group(GroupId=web)
