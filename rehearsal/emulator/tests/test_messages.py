"""Topics of SNS and queues of SQS."""

import json

from .support import EmulatorTest


class SubscriptionsTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.sns, self.sqs = self.client("sns"), self.client("sqs")
        self.topic = self.sns.create_topic(Name="orders")["TopicArn"]
        self.queue = self.sqs.create_queue(QueueName="jobs")["QueueUrl"]
        self.subscription = self.sns.subscribe(
            TopicArn=self.topic,
            Protocol="sqs",
            Endpoint="arn:aws:sqs:eu-west-1:%s:jobs" % self.topic.split(":")[4],
            Attributes={"FilterPolicy": '{"event":["placed"]}'},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]

    def received(self) -> list:
        messages = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        return [json.loads(m["Body"])["Message"] for m in messages.get("Messages", [])]

    def test_an_empty_filter_policy_takes_the_one_that_is_there_away(self) -> None:
        self.sns.publish(TopicArn=self.topic, Message="1")
        self.assertEqual(self.received(), [])
        self.sns.set_subscription_attributes(
            SubscriptionArn=self.subscription, AttributeName="FilterPolicy", AttributeValue="{}"
        )
        attributes = self.sns.get_subscription_attributes(SubscriptionArn=self.subscription)
        self.assertNotIn("FilterPolicy", attributes["Attributes"])
        self.sns.publish(TopicArn=self.topic, Message="2")
        self.assertEqual(self.received(), ["2"])

    def test_another_filter_policy_takes_its_place(self) -> None:
        self.sns.set_subscription_attributes(
            SubscriptionArn=self.subscription,
            AttributeName="FilterPolicy",
            AttributeValue='{"event":["paid"]}',
        )
        attributes = self.sns.get_subscription_attributes(SubscriptionArn=self.subscription)
        self.assertEqual(attributes["Attributes"]["FilterPolicy"], '{"event":["paid"]}')


class PublishedTest(EmulatorTest):
    def published(self) -> list:
        found = self.request("GET", "/gantry-emulator/messages")["messages"]
        return [{k: v for k, v in m.items() if k not in ("at", "topic")} for m in found]

    def test_what_was_published_is_told_with_a_text_for_each_protocol_and_who_gets_it(self) -> None:
        sns = self.client("sns")
        topic = sns.create_topic(Name="ops")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
        texts = {"default": "{}", "email": "Release 1 failed."}
        sns.publish(
            TopicArn=topic, Subject="FAILED", Message=json.dumps(texts), MessageStructure="json"
        )
        sns.publish(TopicArn=topic, Message="plain")
        who = [{"protocol": "email", "endpoint": "ops@example.com"}]
        self.assertEqual(
            self.published(),
            [
                {"subject": "FAILED", "texts": texts, "subscriptions": who},
                {"subject": None, "texts": {"default": "plain"}, "subscriptions": who},
            ],
        )
        self.request("POST", "/moto-api/reset", {})
        self.assertEqual(self.published(), [])


class QueuePoliciesTest(EmulatorTest):
    def test_a_policy_stays_when_something_else_is_set(self) -> None:
        sqs = self.client("sqs")
        queue = {"QueueUrl": sqs.create_queue(QueueName="jobs")["QueueUrl"]}
        statement = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(**queue, Attributes={"Policy": policy})
        sqs.set_queue_attributes(**queue, Attributes={"VisibilityTimeout": "60"})
        found = sqs.get_queue_attributes(**queue, AttributeNames=["All"])["Attributes"]
        self.assertEqual((found["Policy"], found["VisibilityTimeout"]), (policy, "60"))
        sqs.set_queue_attributes(**queue, Attributes={"Policy": ""})
        found = sqs.get_queue_attributes(**queue, AttributeNames=["All"])["Attributes"]
        self.assertNotIn("Policy", found)
