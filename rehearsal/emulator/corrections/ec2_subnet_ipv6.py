"""EC2 DescribeSubnets.

moto wraps the state of a subnet's IPv6 network once too often, so that the provider sees none that is associated.
"""

from typing import Any, Dict, List

from moto.ec2.models.subnets import Subnet


def _associations(self: Subnet) -> List[Dict[str, Any]]:
    return [
        {
            "associationId": each["associationId"],
            "ipv6CidrBlock": each["ipv6CidrBlock"],
            "ipv6CidrBlockState": {"state": each["ipv6CidrBlockState"]["State"]},
        }
        for each in self.ipv6_cidr_block_associations.values()
        if each["ipv6CidrBlockState"]["State"] == "associated"
    ]


def apply() -> None:
    Subnet.ipv6_cidr_block_association_set = property(_associations)
