"""Logs of the requests to a bucket: what was put is answered, and only a bucket that lets S3 in takes them."""

from botocore.exceptions import ClientError

from .support import REGION
from .test_sessions import HERE, SessionTest, allow, document

BY_DAY = {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}


class BucketLoggingTest(SessionTest):
    def setUp(self) -> None:
        super().setUp()
        self.s3 = self.client("s3")
        for name in ("uploads", "logs"):
            place = {"LocationConstraint": REGION}
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)

    def log(self, **more) -> None:
        enabled = {"TargetBucket": "logs", "TargetPrefix": "s3/", **more}
        self.s3.put_bucket_logging(
            Bucket="uploads", BucketLoggingStatus={"LoggingEnabled": enabled}
        )

    def let(self) -> None:
        statement = allow(
            "s3:PutObject",
            "arn:aws:s3:::logs/s3/*",
            Principal={"Service": "logging.s3.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": HERE}},
        )
        tls_only = {
            **{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*"},
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        self.s3.put_bucket_policy(Bucket="logs", Policy=document(tls_only, statement))

    def logged(self):
        return self.s3.get_bucket_logging(Bucket="uploads").get("LoggingEnabled")

    def test_it_answers_what_was_put(self) -> None:
        self.let()
        self.log(TargetObjectKeyFormat=BY_DAY)
        expected = {"TargetBucket": "logs", "TargetPrefix": "s3/"}
        self.assertEqual(self.logged(), {**expected, "TargetObjectKeyFormat": BY_DAY})
        self.log()
        self.assertEqual(self.logged(), expected)

    def test_it_ends(self) -> None:
        self.let()
        self.log(TargetObjectKeyFormat=BY_DAY)
        self.s3.put_bucket_logging(Bucket="uploads", BucketLoggingStatus={})
        self.assertIsNone(self.logged())

    def test_a_bucket_that_does_not_let_s3_in_takes_none(self) -> None:
        with self.assertRaisesRegex(ClientError, "InvalidTargetBucketForLogging"):
            self.log()
