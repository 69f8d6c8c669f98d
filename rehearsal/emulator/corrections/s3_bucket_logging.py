"""S3 GetBucketLogging.

moto keeps by what the keys of a bucket's log are made, and does not answer it: a change at each preview.
"""

from moto.s3.responses import S3Response


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
