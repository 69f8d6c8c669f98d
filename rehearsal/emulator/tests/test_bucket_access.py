"""What a session may do with a bucket and its objects, by its role's policies and by the bucket's own."""

import json

from .support import REGION
from .test_sessions import HERE, THERE, SessionTest, allow, deny, document


class BucketsTest(SessionTest):
    BUCKET = "arn:aws:s3:::bucket"

    def setUp(self) -> None:
        super().setUp()
        self.root = self.client("s3")
        place = {"LocationConstraint": REGION}
        self.root.create_bucket(Bucket="bucket", CreateBucketConfiguration=place)
        self.root.put_bucket_versioning(
            Bucket="bucket", VersioningConfiguration={"Status": "Enabled"}
        )
        self.version = self.root.put_object(Bucket="bucket", Key="a/b", Body=b"1")["VersionId"]

    def test_objects_versions_and_listings_have_actions_of_their_own(self) -> None:
        under = {"StringLike": {"s3:prefix": ["a/*"]}}
        keys = self.session(
            allow(["s3:GetObject", "s3:PutObject"], self.BUCKET + "/a/*"),
            allow("s3:ListBucket", self.BUCKET, Condition=under),
        )
        s3, named = self.client("s3", **keys), {"Bucket": "bucket"}
        s3.head_object(**named, Key="a/b")
        s3.put_object(**named, Key="a/c", Body=b"2")
        upload = s3.create_multipart_upload(**named, Key="a/d")["UploadId"]
        s3.upload_part(**named, Key="a/d", UploadId=upload, PartNumber=1, Body=b"3")
        s3.copy_object(**named, Key="a/e", CopySource="bucket/a/b")
        self.assertDenied(s3.copy_object, **named, Key="a/e", CopySource="bucket/b/b")
        versioned = {**named, "Key": "a/b", "VersionId": self.version}
        self.assertDenied(s3.get_object, "s3:GetObjectVersion", **versioned)
        self.assertDenied(s3.get_object, **named, Key="b/b")
        self.assertDenied(s3.delete_object, **named, Key="a/b")
        self.assertDenied(s3.delete_objects, **named, Delete={"Objects": [{"Key": "a/b"}]})
        s3.list_objects_v2(**named, Prefix="a/x")
        self.assertDenied(s3.list_objects_v2, **named, Prefix="b/")
        self.assertDenied(s3.list_objects_v2, **named)
        self.assertDenied(s3.put_object, "s3:PutObjectAcl", **named, Key="a/c", ACL="private")
        self.assertDenied(s3.get_bucket_encryption, "s3:GetEncryptionConfiguration", **named)
        self.assertEqual(self.assertDenied(s3.head_bucket, "Forbidden", **named), "403")

    def test_a_bucket_of_another_account_than_expected_is_refused_to_everybody(self) -> None:
        wrong = {"Bucket": "bucket", "ExpectedBucketOwner": THERE}
        self.assertEqual(self.assertDenied(self.root.head_bucket, "Forbidden", **wrong), "403")
        self.assertDenied(self.root.get_bucket_versioning, "Access Denied", **wrong)
        self.root.head_bucket(Bucket="bucket", ExpectedBucketOwner=HERE)
        with self.assertRaises(self.root.exceptions.ClientError) as missing:
            self.root.head_bucket(Bucket="none", ExpectedBucketOwner=HERE)
        self.assertEqual(missing.exception.response["Error"]["Code"], "404")

    def test_whoever_may_not_list_does_not_learn_what_is_missing(self) -> None:
        readers = allow("s3:GetObject", self.BUCKET + "/*")
        blind = self.client("s3", **self.session(readers, name="blind"))
        seeing = self.session(readers, allow("s3:ListBucket", self.BUCKET), name="seeing")
        wanted = {"Bucket": "bucket", "Key": "none"}
        self.assertEqual(self.assertDenied(blind.get_object, **wanted), "AccessDenied")
        under = allow("s3:ListBucket", self.BUCKET, Condition={"StringLike": {"s3:prefix": "*"}})
        partly = self.client("s3", **self.session(readers, under, name="partly"))
        self.assertEqual(self.assertDenied(partly.get_object, **wanted), "AccessDenied")
        with self.assertRaises(self.root.exceptions.NoSuchKey):
            self.client("s3", **seeing).get_object(**wanted)

    def test_the_bucket_s_own_policy_counts(self) -> None:
        keys = self.session(name="granted")
        s3, wanted = self.client("s3", **keys), {"Bucket": "bucket", "Key": "a/b"}
        self.assertDenied(s3.get_object, **wanted)
        role = "arn:aws:iam::%s:role/granted" % HERE
        granted = allow("s3:GetObject", self.BUCKET + "/*", Principal={"AWS": role})
        self.root.put_bucket_policy(Bucket="bucket", Policy=document(granted))
        s3.get_object(**wanted)
        denied = deny("s3:GetObject", self.BUCKET + "/*", Principal={"AWS": role})
        self.root.put_bucket_policy(Bucket="bucket", Policy=document(granted, denied))
        self.assertDenied(s3.get_object, "explicit deny in a resource-based", **wanted)
        self.root.get_object(**wanted)

    def test_another_account_s_bucket_needs_both_sides(self) -> None:
        keys = self.elsewhere()
        s3, wanted = self.client("s3", **keys), {"Bucket": "bucket", "Key": "a/b"}
        self.assertDenied(s3.get_object, "no resource-based policy", **wanted)
        granted = allow("s3:GetObject", self.BUCKET + "/*", Principal={"AWS": THERE})
        self.root.put_bucket_policy(Bucket="bucket", Policy=document(granted))
        self.assertEqual(s3.get_object(**wanted)["Body"].read(), b"1")
        self.assertEqual(
            [json.dumps(d["resource"]) for d in self.denials()], ['"%s/a/b"' % self.BUCKET]
        )
