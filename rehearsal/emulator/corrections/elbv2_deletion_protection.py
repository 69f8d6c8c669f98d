"""ELBv2 DeleteLoadBalancer: moto deletes a load balancer that is protected against it."""

from moto.core.exceptions import ServiceException
from moto.elbv2.models import ELBv2Backend


class OperationNotPermitted(ServiceException):
    code = "OperationNotPermitted"


def apply() -> None:
    delete = ELBv2Backend.delete_load_balancer

    def corrected(self: ELBv2Backend, arn: str) -> None:
        balancer = self.load_balancers.get(arn)
        if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
            raise OperationNotPermitted(
                "Load balancer '%s' cannot be deleted because deletion protection is enabled" % arn
            )
        delete(self, arn)

    ELBv2Backend.delete_load_balancer = corrected
