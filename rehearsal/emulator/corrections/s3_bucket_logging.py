"""S3 GetBucketLogging, PutBucketLogging.

moto keeps by what the keys of a bucket's log are made, and does not answer it: a change at each preview. And it fails on a policy of the
target that speaks of everybody (``"Principal": "*"``), as whoever refuses what comes without TLS has one.
"""

import json
from typing import Any, Dict, List, Optional

from moto.s3.models import LOGGING_SERVICE_PRINCIPAL, FakeBucket
from moto.s3.responses import S3Response


def _listed(value: Any) -> List[Any]:
    return value if isinstance(value, list) else [value]


def _lets_in(statement: Dict[str, Any], resources: List[str]) -> bool:
    principal = statement.get("Principal")
    services = _listed(principal.get("Service")) if isinstance(principal, dict) else []
    return (
        statement.get("Effect") == "Allow"
        and LOGGING_SERVICE_PRINCIPAL in services
        and "s3:PutObject" in _listed(statement.get("Action"))
        and any(resource in resources for resource in _listed(statement.get("Resource")))
    )


def _takes_logs(target_bucket: FakeBucket, target_prefix: Optional[str]) -> bool:
    if not target_bucket.policy:
        return False
    arn = "arn:%s:s3:::%s/" % (target_bucket.partition, target_bucket.name)
    resources = ["%s%s*" % (arn, target_prefix or ""), arn + "*"]
    statements = json.loads(target_bucket.policy.decode())["Statement"]
    return any(_lets_in(statement, resources) for statement in statements)


def apply() -> None:
    get = S3Response.get_bucket_logging

    def corrected(self: S3Response):
        status, headers, body = get(self)
        logging = self.backend.get_bucket_logging(self.bucket_name) or {}
        partitioned = (logging.get("TargetObjectKeyFormat") or {}).get("PartitionedPrefix")
        if partitioned:
            inner = (
                "<TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>%s"
                "</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat>"
            ) % partitioned["PartitionDateSource"]
            closing = "</LoggingEnabled>"
            body = body.replace(closing, inner + closing)
        return status, headers, body

    S3Response.get_bucket_logging = corrected
    FakeBucket._log_permissions_enabled_policy = staticmethod(_takes_logs)
