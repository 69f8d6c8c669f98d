"""ELBv2 AddListenerCertificates, ModifyListener, DescribeListeners.

moto forgets the other certificates of a listener whose own one changes, has one twice that is added twice, and tells all of
them as the listener's own, where AWS tells its own alone: the provider then knows none.
"""

from typing import Any, Dict, List, Optional

from moto.elbv2.models import ELBv2Backend, FakeListener
from moto.elbv2.responses import ELBV2Response

OPERATIONS = ("CreateListener", "DescribeListeners", "ModifyListener")


def apply() -> None:
    add = ELBv2Backend.add_listener_certificates
    modify = ELBv2Backend.modify_listener

    def added(
        self: ELBv2Backend, arn: str, certificates: List[Dict[str, Any]]
    ) -> List[str]:
        there = self.describe_listener_certificates(arn)
        return add(self, arn, [c for c in certificates if c["CertificateArn"] not in there])

    def modified(self: ELBv2Backend, arn: str, *args: Any, **kwargs: Any) -> FakeListener:
        [before] = self.describe_listeners(load_balancer_arn=None, listener_arns=[arn])
        others = list(before.certificates or [])[1:]
        listener = modify(self, arn, *args, **kwargs)
        own = list(listener.certificates or [])[:1]
        listener.certificates = own + [each for each in others if each not in own]
        return listener

    def own_alone(certificates: Optional[List[str]]) -> Optional[List[Dict[str, str]]]:
        return [{"CertificateArn": certificates[0]}] if certificates else None

    ELBv2Backend.add_listener_certificates = added
    ELBv2Backend.modify_listener = modified
    for operation in OPERATIONS:
        key = "%sOutput.Listeners.Listener.Certificates" % operation
        ELBV2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER[key] = own_alone
