"""EC2 DescribeSecurityGroupRules, ModifySecurityGroupRules.

moto tells the description of a rule for an address range only: one for another security group, or for a prefix list,
would come back without it, and every refresh would see that as a change. And it modifies rules for IPv4 ranges only,
and none for all protocols.
"""

from typing import Any, Dict, Optional

from moto.ec2.exceptions import InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule


def _modify(self: SecurityGroupBackend, group_id: str, rules: Dict[str, Dict[str, Any]]) -> None:
    group = self.get_security_group_by_name_or_id(group_id)
    for rule_id, wanted in rules.items():
        rule = group.get_rule(rule_id)
        if rule is None:
            raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
        rule.ip_protocol = str(wanted.get("IpProtocol", rule.ip_protocol))
        all_protocols = rule.ip_protocol == "-1"
        rule.from_port = None if all_protocols else wanted.get("FromPort")
        rule.to_port = None if all_protocols else wanted.get("ToPort")
        ranges = {"CidrIpv4": "CidrIp", "CidrIpv6": "CidrIpv6"}
        rule.ip_range = {name: wanted[key] for key, name in ranges.items() if wanted.get(key)}
        referenced = wanted.get("ReferencedGroupId")
        rule.source_group = {**rule.source_group, "GroupId": referenced} if referenced else {}
        rule.prefix_list_id = wanted.get("PrefixListId")
        rule.given_description = wanted.get("Description")


def apply() -> None:
    create = SecurityGroupRule.__init__

    def created(self: SecurityGroupRule, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        # A range, a group or a prefix list: whichever the caller gives holds the description.
        named = (kwargs.get(name) for name in ("ip_range", "source_group", "prefix_list_id"))
        peers = [peer for peer in (*args[5:8], *named) if isinstance(peer, dict)]
        self.given_description = next(
            (peer["Description"] for peer in peers if peer.get("Description")), None
        )

    def description(self: SecurityGroupRule) -> Optional[str]:
        return self.given_description

    SecurityGroupRule.__init__ = created
    SecurityGroupRule.description = property(description)
    SecurityGroupBackend.modify_security_group_rules = _modify
