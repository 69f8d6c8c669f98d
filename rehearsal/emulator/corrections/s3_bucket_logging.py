"""S3 GetBucketLogging, PutBucketLogging.

moto keeps by what the keys of a bucket's log are made, and does not answer it: a change at each preview. And it fails on a policy of the
target that speaks of everybody (``"Principal": "*"``), as whoever refuses what comes without TLS has one.
"""

from typing import Optional

from moto.s3.models import LOGGING_SERVICE_PRINCIPAL, FakeBucket
from moto.s3.responses import S3Response

from ..access.log_delivery import takes_logs


def _takes_logs(target_bucket: FakeBucket, target_prefix: Optional[str]) -> bool:
    return takes_logs(target_bucket, LOGGING_SERVICE_PRINCIPAL, "%stest" % (target_prefix or ""))


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
