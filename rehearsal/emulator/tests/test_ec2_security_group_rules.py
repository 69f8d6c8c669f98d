from .support import EmulatorTest


class SecurityGroupRules(EmulatorTest):
    def test_a_rule_for_another_group_keeps_its_description(self) -> None:
        ec2 = self.client("ec2")
        groups = [
            ec2.create_security_group(GroupName=n, Description=n)["GroupId"]
            for n in ("lb", "tasks")
        ]
        ec2.authorize_security_group_ingress(
            GroupId=groups[1],
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 3000,
                    "ToPort": 3000,
                    "UserIdGroupPairs": [
                        {"GroupId": groups[0], "Description": "From the load balancer"}
                    ],
                }
            ],
        )
        rules = ec2.describe_security_group_rules(
            Filters=[{"Name": "group-id", "Values": [groups[1]]}]
        )
        descriptions = [
            r.get("Description") for r in rules["SecurityGroupRules"] if not r["IsEgress"]
        ]
        self.assertEqual(descriptions, ["From the load balancer"])

    def test_a_rule_is_modified_whatever_its_peer(self) -> None:
        ec2 = self.client("ec2")
        group, other = [
            ec2.create_security_group(GroupName=n, Description=n)["GroupId"] for n in ("a", "b")
        ]
        lists = ec2.describe_managed_prefix_lists()["PrefixLists"]
        permissions = [
            {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0", "Description": "v6"}]},
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]},
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "PrefixListIds": [
                    {"PrefixListId": lists[0]["PrefixListId"], "Description": "list"}
                ],
            },
        ]
        ids = []
        for permission in permissions:
            made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])[
                "SecurityGroupRules"
            ]
            ids.append(made[0]["SecurityGroupRuleId"])
        rules = ec2.describe_security_group_rules(SecurityGroupRuleIds=ids)["SecurityGroupRules"]
        self.assertEqual(sorted(str(r.get("Description")) for r in rules), ["None", "list", "v6"])
        change = {"IpProtocol": "-1", "ReferencedGroupId": group, "Description": "itself"}
        ec2.modify_security_group_rules(
            GroupId=group,
            SecurityGroupRules=[{"SecurityGroupRuleId": ids[1], "SecurityGroupRule": change}],
        )
        rule = ec2.describe_security_group_rules(SecurityGroupRuleIds=[ids[1]])[
            "SecurityGroupRules"
        ][0]
        self.assertEqual(
            (rule["Description"], rule["ReferencedGroupInfo"]["GroupId"]), ("itself", group)
        )
