"""ELBv2 ModifyLoadBalancerAttributes.

moto lets a load balancer log to any bucket. AWS writes a file first, and refuses where there is no such bucket in the region,
where its policy does not let Elastic Load Balancing write, or where it is encrypted with another key than S3's own.
"""

import json
from fnmatch import fnmatchcase
from typing import Any, Dict, List

from moto.core.exceptions import ServiceException
from moto.elbv2.models import ELBv2Backend
from moto.s3.exceptions import MissingBucket
from moto.s3.models import FakeBucket, s3_backends

PRINCIPAL = "logdelivery.elasticloadbalancing.amazonaws.com"


class InvalidConfigurationRequest(ServiceException):
    code = "InvalidConfigurationRequest"


def _list(given: Any) -> List[Any]:
    return given if isinstance(given, list) else [given]


def _lets_in(bucket: FakeBucket, path: str) -> bool:
    """Whether log delivery may write at a path; conditions count as met."""
    if bucket.policy is None:
        return False
    arn = "%s/%s" % (bucket.arn, path)
    return any(
        statement["Effect"] == "Allow"
        and PRINCIPAL in _list(dict(statement["Principal"]).get("Service"))
        and "s3:PutObject" in _list(statement["Action"])
        and any(fnmatchcase(arn, pattern) for pattern in _list(statement["Resource"]))
        for statement in _list(json.loads(bucket.policy)["Statement"])
        if isinstance(statement.get("Principal"), dict)
    )


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
    if "aws:kms" in str(bucket.encryption or "") or not _lets_in(
        bucket, "%sAWSLogs/%s/test" % (start, backend.account_id)
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
