"""ELBv2 ModifyLoadBalancerAttributes.

moto lets a load balancer log to any bucket. AWS writes a file first, and refuses where there is no such bucket in the region,
where its policy does not let Elastic Load Balancing write, or where it is encrypted with another key than S3's own.
"""

from typing import Dict

from moto.core.exceptions import ServiceException
from moto.elbv2.models import ELBv2Backend
from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends

from ..access.log_delivery import takes_logs

PRINCIPAL = "logdelivery.elasticloadbalancing.amazonaws.com"


class InvalidConfigurationRequest(ServiceException):
    code = "InvalidConfigurationRequest"


def _check(backend: ELBv2Backend, attrs: Dict[str, str]) -> None:
    name = attrs.get("access_logs.s3.bucket") or ""
    prefix = attrs.get("access_logs.s3.prefix")
    start = "%s/" % prefix if prefix else ""
    try:
        bucket = s3_backends[backend.account_id][backend.partition].get_bucket(name)
    except MissingBucket:
        raise InvalidConfigurationRequest("S3 bucket '%s' does not exist" % name)
    if bucket.region_name != backend.region_name:
        raise InvalidConfigurationRequest(
            "Access logs bucket '%s' is not in region %s" % (name, backend.region_name)
        )
    if "aws:kms" in str(bucket.encryption or "") or not takes_logs(
        bucket, PRINCIPAL, "%sAWSLogs/%s/test" % (start, backend.account_id)
    ):
        raise InvalidConfigurationRequest(
            "Access Denied for bucket: %s. Please check S3bucket permission" % name
        )


def apply() -> None:
    modify = ELBv2Backend.modify_load_balancer_attributes

    def modified(self: ELBv2Backend, arn: str, attrs: Dict[str, str]) -> Dict[str, str]:
        balancer = self.load_balancers.get(arn)
        if balancer and attrs.get("access_logs.s3.enabled") == "true":
            _check(self, {**balancer.attrs, **attrs})
        return modify(self, arn, attrs)

    ELBv2Backend.modify_load_balancer_attributes = modified
