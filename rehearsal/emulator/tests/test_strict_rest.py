"""REST requests that AWS's own service models do not admit; what is kept of refusals."""

import json
from typing import Any

from .strict_support import StrictTest


class RestTest(StrictTest):
    def test_json_in_the_body(self) -> None:
        code, message = self.refused(
            self.client("lambda").create_function,
            FunctionName="f",
            Role="nobody",
            Code={"ZipFile": b"x"},
            MemorySize=64,
        )
        self.assertEqual(code, "ValidationException")
        self.assertIn("Value 'nobody' at 'role' failed to satisfy constraint", message)
        self.assertIn("Member must have value greater than or equal to 128", message)

    def test_parts_of_the_path(self) -> None:
        _, message = self.refused(self.client("lambda").get_function, FunctionName="f f")
        self.assertIn("at 'functionName' failed to satisfy constraint", message)

    def test_the_query_string(self) -> None:
        status, text = self.send("lambda", "GET", "/2015-03-31/functions/?MaxItems=0")
        self.assertEqual(status, 400)
        self.assertIn("Value '0' at 'maxItems' failed to satisfy constraint", text)
        status, text = self.send("lambda", "GET", "/2015-03-31/functions/?Limit=1")
        self.assertEqual((status, json.loads(text)["__type"]), (400, "UnknownParameter"))

    def test_xml_in_the_body(self) -> None:
        code, message = self.refused(
            self.client("route53").create_hosted_zone, Name="x" * 1025, CallerReference="r"
        )
        self.assertEqual(code, "InvalidInput")
        self.assertIn("at 'name' failed to satisfy constraint: Member must have length", message)


class S3Test(StrictTest):
    def bucket(self) -> Any:
        s3 = self.client("s3")
        place = {"LocationConstraint": "eu-west-1"}
        s3.create_bucket(Bucket="bucket", CreateBucketConfiguration=place)
        return s3

    def test_a_body_that_is_not_of_the_schema(self) -> None:
        s3 = self.bucket()
        code, message = self.refused(
            s3.put_bucket_versioning, Bucket="bucket", VersioningConfiguration={"Status": "On"}
        )
        self.assertEqual(code, "MalformedXML")
        self.assertIn("did not validate against our published schema ('versioningConfiguration", message)
        body = b"<VersioningConfiguration><State>Enabled</State></VersioningConfiguration>"
        status, text = self.send("s3", "PUT", "/bucket?versioning", body)
        self.assertEqual(status, 400)
        self.assertIn("'versioningConfiguration.state': is not known", text)

    def test_headers(self) -> None:
        code, message = self.refused(
            self.bucket().put_object,
            Bucket="bucket",
            Key="k",
            Body=b"x",
            ServerSideEncryption="rot13",
        )
        self.assertEqual(code, "InvalidArgument")
        self.assertIn("'serverSideEncryption': Member must satisfy enum value set: [AES256", message)

    def test_an_answer_to_head_has_no_body(self) -> None:
        self.bucket()
        status, text = self.send("s3", "HEAD", "/bucket/k?partNumber=one")
        self.assertEqual((status, text), (400, ""))

    def test_an_object_is_told_from_an_upload_of_it(self) -> None:
        s3 = self.bucket()
        s3.put_object(Bucket="bucket", Key="k", Body=b"x")
        s3.delete_object(Bucket="bucket", Key="k")
        self.assertIn("s3:DeleteObject", self.request("GET", "/gantry-emulator/calls")["calls"])

    def test_lifecycle_and_notifications_have_the_names_of_today(self) -> None:
        s3 = self.bucket()
        rule = {"ID": "a", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}
        s3.put_bucket_lifecycle_configuration(
            Bucket="bucket", LifecycleConfiguration={"Rules": [rule]}
        )
        s3.get_bucket_lifecycle_configuration(Bucket="bucket")
        s3.put_bucket_notification_configuration(
            Bucket="bucket", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        s3.get_bucket_notification_configuration(Bucket="bucket")
        calls = self.request("GET", "/gantry-emulator/calls")["calls"]
        self.assertEqual(
            sorted(calls),
            [
                "s3:CreateBucket",
                "s3:GetBucketLifecycleConfiguration",
                "s3:GetBucketNotificationConfiguration",
                "s3:PutBucketLifecycleConfiguration",
                "s3:PutBucketNotificationConfiguration",
            ],
        )


class ViolationsTest(StrictTest):
    def test_are_listed(self) -> None:
        self.refused(self.client("ecr").create_repository, repositoryName="a")
        listed = self.request("GET", "/gantry-emulator/violations")
        self.assertEqual(listed["cursor"], 1)
        self.assertEqual(listed["violations"][0]["action"], "ecr:CreateRepository")
        self.assertIn("'must have length greater", listed["violations"][0]["message"])
        later = self.request("GET", "/gantry-emulator/violations?since=1")
        self.assertEqual(later["violations"], [])
        self.request("POST", "/moto-api/reset", {})
        self.assertEqual(self.request("GET", "/gantry-emulator/violations")["cursor"], 0)

    def test_change_nothing(self) -> None:
        ecr = self.client("ecr")
        self.refused(ecr.create_repository, repositoryName="a")
        self.assertEqual(ecr.describe_repositories()["repositories"], [])
