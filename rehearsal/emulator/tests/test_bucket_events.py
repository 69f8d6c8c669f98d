"""What S3 tells EventBridge of objects, and what queues take of it by the policies of the queue and of its key."""

import json
from typing import Any, Dict, List

from .support import REGION
from .test_sessions import HERE, SessionTest, allow, document

RULE = "arn:aws:events:%s:%s:rule/uploads" % (REGION, HERE)
EVENTS = {"Service": "events.amazonaws.com"}
BY_RULE = {"ArnEquals": {"aws:SourceArn": RULE}}
KEY_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"]


class BucketEventsTest(SessionTest):
    def setUp(self) -> None:
        super().setUp()
        self.s3, self.sqs, self.events = (self.client(s) for s in ("s3", "sqs", "events"))
        place = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket="uploads", CreateBucketConfiguration=place)
        self.s3.put_bucket_notification_configuration(
            Bucket="uploads", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        self.queue = self.sqs.create_queue(QueueName="jobs")["QueueUrl"]
        self.arn = "arn:aws:sqs:%s:%s:jobs" % (REGION, HERE)
        self.let(allow("sqs:SendMessage", self.arn, Principal=EVENTS, Condition=BY_RULE))
        self.rule()

    def versioned(self) -> None:
        self.s3.put_bucket_versioning(
            Bucket="uploads", VersioningConfiguration={"Status": "Enabled"}
        )

    def let(self, *statements: Dict[str, Any]) -> None:
        attributes = {"Policy": document(*statements)}
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes=attributes)

    def encrypted(self, *statements: Dict[str, Any]) -> None:
        root = allow("kms:*", Principal={"AWS": "arn:aws:iam::%s:root" % HERE})
        key = self.client("kms").create_key(Policy=document(root, *statements))
        attributes = {"KmsMasterKeyId": key["KeyMetadata"]["Arn"]}
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes=attributes)

    def rule(self, **detail: Any) -> None:
        kinds = ["Object Created", "Object Deleted"]
        pattern = {"source": ["aws.s3"], "detail-type": kinds, **({"detail": detail} if detail else {})}
        self.events.put_rule(Name="uploads", EventPattern=json.dumps(pattern))
        self.events.put_targets(Rule="uploads", Targets=[{"Id": "1", "Arn": self.arn}])

    def put(self, key: str = "in/a.csv") -> None:
        self.s3.put_object(Bucket="uploads", Key=key, Body=b"hello")

    def heard(self) -> List[Dict[str, Any]]:
        found = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        return [json.loads(m["Body"]) for m in found.get("Messages", [])]

    def refused(self) -> List[str]:
        return [d["action"] for d in self.denials()]

    def test_an_object_that_is_put_is_told_as_aws_documents_it(self) -> None:
        self.put()
        [event] = self.heard()
        detail = event.pop("detail")
        self.assertRegex(event.pop("id"), r"^[0-9a-f-]{36}$")
        self.assertRegex(event.pop("time"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(
            event,
            {
                "version": "0",
                "detail-type": "Object Created",
                "source": "aws.s3",
                "account": HERE,
                "region": REGION,
                "resources": ["arn:aws:s3:::uploads"],
            },
        )
        self.assertRegex(detail["object"].pop("sequencer"), r"^[0-9A-F]{18}$")
        self.assertRegex(detail.pop("request-id"), r"^[0-9A-F]{16}$")
        self.assertEqual(
            detail,
            {
                "version": "0",
                "bucket": {"name": "uploads"},
                "object": {
                    "key": "in/a.csv",
                    "size": 5,
                    "etag": "5d41402abc4b2a76b9719d911017c592",
                },
                "requester": HERE,
                "source-ip-address": "127.0.0.1",
                "reason": "PutObject",
            },
        )

    def test_a_delete_marker_is_told_and_has_no_size(self) -> None:
        self.versioned()
        self.put()
        marker = self.s3.delete_object(Bucket="uploads", Key="in/a.csv")["VersionId"]
        created, deleted = (e["detail"] for e in self.heard())
        self.assertEqual(deleted["deletion-type"], "Delete Marker Created")
        self.assertEqual(deleted["reason"], "DeleteObject")
        self.assertEqual(deleted["object"]["version-id"], marker)
        self.assertNotIn("size", deleted["object"])
        self.assertLess(created["object"]["sequencer"], deleted["object"]["sequencer"])

    def test_an_object_without_versions_is_deleted_for_good(self) -> None:
        self.put()
        self.s3.delete_object(Bucket="uploads", Key="in/a.csv")
        self.assertEqual(self.heard()[1]["detail"]["deletion-type"], "Permanently Deleted")

    def test_a_copy_is_told_as_one(self) -> None:
        self.put()
        self.s3.copy_object(Bucket="uploads", Key="b", CopySource="uploads/in/a.csv")
        self.assertEqual(self.heard()[1]["detail"]["reason"], "CopyObject")

    def test_a_bucket_that_is_not_asked_to_tells_nothing(self) -> None:
        self.versioned()
        self.s3.put_bucket_notification_configuration(
            Bucket="uploads", NotificationConfiguration={}
        )
        self.put()
        self.s3.delete_object(Bucket="uploads", Key="in/a.csv")
        self.assertEqual(self.heard(), [])

    def test_a_pattern_chooses_by_how_keys_begin_and_end(self) -> None:
        self.rule(object={"key": [{"wildcard": "in/*.csv"}]})
        for key in ("in/a.csv", "in/a.txt", "out/a.csv"):
            self.put(key)
        self.assertEqual([e["detail"]["object"]["key"] for e in self.heard()], ["in/a.csv"])

    def test_a_queue_lets_in_the_rules_that_its_policy_names(self) -> None:
        other = {"ArnEquals": {"aws:SourceArn": RULE + "-other"}}
        self.let(allow("sqs:SendMessage", self.arn, Principal=EVENTS, Condition=other))
        self.put()
        self.assertEqual((self.heard(), self.refused()), ([], ["sqs:SendMessage"]))

    def test_an_encrypted_queue_takes_what_its_key_lets_eventbridge_encrypt(self) -> None:
        self.encrypted()
        self.put("lost")
        self.assertEqual((self.heard(), self.refused()), ([], ["kms:GenerateDataKey"]))
        self.encrypted(allow(KEY_ACTIONS, Principal=EVENTS))
        self.put("told")
        self.assertEqual([e["detail"]["object"]["key"] for e in self.heard()], ["told"])
