"""What reaches a topic, by the policies of the topic and of its key."""

import json
from typing import Any, Dict, List

from .test_sessions import HERE, SessionTest, allow, document

RULE = "arn:aws:events:eu-west-1:%s:rule/failure" % HERE
EVENTS = {"Service": "events.amazonaws.com"}
ROOT = {"AWS": "arn:aws:iam::%s:root" % HERE}
KEY_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"]


class PublishingTest(SessionTest):
    def setUp(self) -> None:
        super().setUp()
        self.kms, self.sns, self.sqs = self.client("kms"), self.client("sns"), self.client("sqs")
        self.events = self.client("events")

    def key(self, *statements: Dict[str, Any]) -> str:
        root = allow("kms:*", Principal=ROOT)
        return self.kms.create_key(Policy=document(root, *statements))["KeyMetadata"]["Arn"]

    def for_events(self, **more: Any) -> Dict[str, Any]:
        return allow(KEY_ACTIONS, Principal=EVENTS, **more)

    def topic(self, key: str = "", *policy: Dict[str, Any]) -> str:
        """A topic with a queue that hears it; unless a policy is given, the rule may publish."""
        made = self.sns.create_topic(Name="failures")["TopicArn"]
        if key:
            self.sns.set_topic_attributes(
                TopicArn=made, AttributeName="KmsMasterKeyId", AttributeValue=key
            )
        by_rule = {"ArnEquals": {"aws:SourceArn": RULE}}
        own = policy or (allow("sns:Publish", made, Principal=EVENTS, Condition=by_rule),)
        self.sns.set_topic_attributes(
            TopicArn=made, AttributeName="Policy", AttributeValue=document(*own)
        )
        self.queue = self.sqs.create_queue(QueueName="mail")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        self.sns.subscribe(
            TopicArn=made, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"]
        )
        return made

    def rule(self, topic: str, **target: Any) -> None:
        pattern = {"source": ["acme"], "detail": {"state": ["FAILED"]}}
        self.events.put_rule(Name="failure", EventPattern=json.dumps(pattern))
        self.events.put_targets(Rule="failure", Targets=[{"Id": "1", "Arn": topic, **target}])

    def happen(self, state: str = "FAILED") -> None:
        event = {"Source": "acme", "DetailType": "changed", "Detail": json.dumps({"state": state})}
        self.assertEqual(self.events.put_events(Entries=[event])["FailedEntryCount"], 0)

    def heard(self) -> List[str]:
        found = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        return [json.loads(m["Body"])["Message"] for m in found.get("Messages", [])]

    def refused(self) -> List[str]:
        return [d["action"] for d in self.denials()]

    def test_a_rule_reaches_an_encrypted_topic_whose_key_names_its_service_without_a_condition(self) -> None:
        self.rule(self.topic(self.key(self.for_events())))
        self.happen()
        self.happen("SUCCEEDED")
        [message] = self.heard()
        self.assertEqual(json.loads(message)["detail"], {"state": "FAILED"})
        self.assertEqual(self.refused(), [])

    def test_a_key_that_asks_for_the_source_never_lets_eventbridge_in(self) -> None:
        for condition in (
            {"StringEquals": {"aws:SourceAccount": HERE}},
            {"ArnEquals": {"aws:SourceArn": RULE}},
        ):
            self.request("POST", "/moto-api/reset", {})
            self.rule(self.topic(self.key(self.for_events(Condition=condition))))
            self.happen()
            self.assertEqual((self.heard(), self.refused()), ([], ["kms:GenerateDataKey"]))

    def test_a_key_that_names_no_service_and_one_of_aws_itself_do_not_either(self) -> None:
        for key in (self.key(), "alias/aws/sns"):
            self.rule(self.topic(key))
            self.happen()
            self.assertEqual(self.heard(), [])
        self.assertEqual(self.refused(), ["kms:GenerateDataKey"] * 2)

    def test_a_key_that_is_disabled_lets_nobody_in(self) -> None:
        key = self.key(self.for_events())
        self.rule(self.topic(key))
        self.kms.disable_key(KeyId=key)
        self.happen()
        self.assertEqual(self.heard(), [])
        self.assertIn("Disabled", self.denials()[0]["reason"])

    def test_a_topic_lets_in_the_rules_that_its_policy_names(self) -> None:
        other = {"ArnEquals": {"aws:SourceArn": RULE + "-other"}}
        account = {"StringEquals": {"aws:SourceAccount": HERE}}
        for condition in (other, account):
            self.request("POST", "/moto-api/reset", {})
            self.rule(self.topic("", allow("sns:Publish", Principal=EVENTS, Condition=condition)))
            self.happen()
            self.assertEqual((self.heard(), self.refused()), ([], ["sns:Publish"]))

    def test_a_topic_without_a_policy_of_its_own_lets_no_service_in(self) -> None:
        made = self.sns.create_topic(Name="plain")["TopicArn"]
        self.rule(made)
        self.happen()
        self.assertEqual(self.refused(), ["sns:Publish"])

    def test_a_disabled_rule_sends_nothing(self) -> None:
        self.rule(self.topic())
        self.events.disable_rule(Name="failure")
        self.happen()
        self.assertEqual((self.heard(), self.refused()), ([], []))

    def test_a_template_makes_the_message(self) -> None:
        transformer = {
            "InputPathsMap": {"state": "$.detail.state"},
            "InputTemplate": '"It is <state>."',
        }
        self.rule(self.topic(), InputTransformer=transformer)
        self.happen()
        self.assertEqual(self.heard(), ['"It is FAILED."'])

    def test_a_session_needs_the_key_of_the_topic_through_sns(self) -> None:
        key = self.key()
        topic = self.topic(key)
        publish = allow("sns:Publish", topic)
        via = {"StringEquals": {"kms:ViaService": "sns.eu-west-1.amazonaws.com"}}
        without = self.client("sns", **self.session(publish, name="without"))
        self.assertDenied(without.publish, "kms:GenerateDataKey", TopicArn=topic, Message="hello")
        right = self.session(publish, allow(KEY_ACTIONS, key, Condition=via), name="right")
        self.client("sns", **right).publish(TopicArn=topic, Message="hello")
        self.assertEqual(self.heard(), ["hello"])
        # Through SNS, and not otherwise.
        encrypt = self.client("kms", **right).generate_data_key
        self.assertDenied(encrypt, "kms:GenerateDataKey", KeyId=key, KeySpec="AES_256")

    def test_a_key_whose_policy_leaves_the_account_out_is_out_of_reach_of_its_roles(self) -> None:
        mine = allow("kms:*", Principal={"AWS": "arn:aws:iam::%s:role/other" % HERE})
        key = self.kms.create_key(Policy=document(mine))["KeyMetadata"]["Arn"]
        session = self.client("kms", **self.session(allow("kms:*")))
        self.assertDenied(session.describe_key, "no resource-based policy", KeyId=key)
        named = self.client("kms", **self.session(name="other"))
        self.assertEqual(named.describe_key(KeyId=key)["KeyMetadata"]["Arn"], key)
