"""ELBv2 CreateLoadBalancer, SetIpAddressType.

moto gives IPv6 addresses to a load balancer in any subnets. AWS refuses where one of them has no IPv6 network.
"""

from typing import Any, Dict, List, Optional

from moto.ec2.models import ec2_backends
from moto.elbv2.exceptions import ValidationError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer


def _check(backend: ELBv2Backend, ip_type: str, subnets: List[str]) -> None:
    if ip_type != "dualstack":
        return
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    if not all(ec2.get_subnet(each).ipv6_cidr_block_association_set for each in subnets):
        raise ValidationError("You must specify subnets with an associated IPv6 CIDR block.")


def apply() -> None:
    create = ELBv2Backend.create_load_balancer
    change = ELBv2Backend.set_ip_address_type

    def created(
        self: ELBv2Backend,
        *args: Any,
        ip_address_type: str = "ipv4",
        subnet_ids: Optional[List[str]] = None,
        subnet_mappings: Optional[List[Dict[str, str]]] = None,
        **kwargs: Any,
    ) -> FakeLoadBalancer:
        mapped = [each["SubnetId"] for each in subnet_mappings or []]
        _check(self, ip_address_type, [*(subnet_ids or []), *mapped])
        kwargs.update(ip_address_type=ip_address_type, subnet_ids=subnet_ids)
        return create(self, *args, subnet_mappings=subnet_mappings, **kwargs)

    def changed(self: ELBv2Backend, arn: str, ip_type: str) -> None:
        balancer = self.load_balancers.get(arn)
        if balancer is not None:
            _check(self, ip_type, [each.id for each in balancer.subnets])
        change(self, arn, ip_type)

    ELBv2Backend.create_load_balancer = created
    ELBv2Backend.set_ip_address_type = changed
