"""A bucket whose key is disabled takes nothing and gives nothing."""

from typing import Any

from botocore.exceptions import ClientError

from .support import REGION, EmulatorTest


class DisabledKeyTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.kms, self.s3 = self.client("kms"), self.client("s3")
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]
        place = {"LocationConstraint": REGION}
        for name, key in (("artifacts", self.key), ("other", None)):
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
            default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
            if key:
                self.s3.put_bucket_encryption(
                    Bucket=name,
                    ServerSideEncryptionConfiguration={
                        "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
                    },
                )
            self.s3.put_object(Bucket=name, Key="a", Body=b"1")

    def refused(self, call: Any, code: str = "KMS.DisabledException", **more: Any) -> str:
        with self.assertRaises(ClientError) as caught:
            call(**{"Bucket": "artifacts", "Key": "a", **more})
        answer = caught.exception.response
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
        self.assertEqual((answer["Error"]["Code"], status), (code, 400))
        return answer["Error"]["Message"]

    def test_refuses_reads_and_writes_until_the_key_is_enabled(self) -> None:
        self.kms.disable_key(KeyId=self.key)
        message = self.refused(self.s3.put_object, Body=b"2")
        self.assertEqual(message, self.key + " is disabled.")
        self.refused(self.s3.get_object)
        self.refused(self.s3.create_multipart_upload)
        self.refused(self.s3.copy_object, Key="b", CopySource="other/a")
        self.kms.enable_key(KeyId=self.key)
        self.s3.put_object(Bucket="artifacts", Key="a", Body=b"2")
        self.assertEqual(self.s3.get_object(Bucket="artifacts", Key="a")["Body"].read(), b"2")

    def test_a_key_that_goes_is_as_bad(self) -> None:
        self.kms.schedule_key_deletion(KeyId=self.key, PendingWindowInDays=7)
        self.refused(self.s3.get_object, "KMS.KMSInvalidStateException")

    def test_other_buckets_and_listings_go_on(self) -> None:
        self.kms.disable_key(KeyId=self.key)
        self.s3.put_object(Bucket="other", Key="a", Body=b"2")
        self.assertEqual(self.s3.list_objects_v2(Bucket="artifacts")["KeyCount"], 1)
        self.s3.delete_object(Bucket="artifacts", Key="a")

    def test_a_key_named_by_the_request_counts(self) -> None:
        self.kms.create_alias(AliasName="alias/shop", TargetKeyId=self.key)
        self.kms.disable_key(KeyId=self.key)
        for name in (self.key, self.key.split("/")[-1], "alias/shop"):
            sse = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": name}
            self.refused(self.s3.put_object, Bucket="other", Body=b"2", **sse)
