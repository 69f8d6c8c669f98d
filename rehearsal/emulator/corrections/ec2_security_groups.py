"""EC2 DeleteSecurityGroup.

moto deletes a group that a rule of another one names. EC2 refuses it ("DeleteSecurityGroup", EC2 API reference), and the provider asks
for a quarter of an hour, then fails: a program that leaves such a rule behind must not pass here.
"""

from typing import Any

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend


def _names(group: SecurityGroup, group_id: str) -> bool:
    return any(
        rule.source_group and rule.source_group.get("GroupId") == group_id
        for rule in (*group.ingress_rules, *group.egress_rules)
    )


def apply() -> None:
    delete = SecurityGroupBackend._delete_security_group

    def deleted(self: SecurityGroupBackend, vpc_id: Any, group_id: str) -> Any:
        others = (group for groups in self.groups.values() for group in groups.values() if group.id != group_id)
        if any(_names(group, group_id) for group in others):
            raise DependencyViolationError("resource %s has a dependent object" % group_id)
        return delete(self, vpc_id, group_id)

    SecurityGroupBackend._delete_security_group = deleted
