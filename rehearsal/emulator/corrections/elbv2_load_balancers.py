"""ELBv2 CreateLoadBalancer.

moto has no scheme for a load balancer that asks for none, where AWS's faces the internet, and the same kind of name for one
that is internal.
"""

from typing import Any, Optional

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer


def apply() -> None:
    create = ELBv2Backend.create_load_balancer

    def created(
        self: ELBv2Backend, *args: Any, scheme: Optional[str] = None, **kwargs: Any
    ) -> FakeLoadBalancer:
        balancer = create(self, *args, scheme=scheme or "internet-facing", **kwargs)
        if balancer.scheme == "internal":
            balancer.dns_name = "internal-" + balancer.dns_name
        return balancer

    ELBv2Backend.create_load_balancer = created
