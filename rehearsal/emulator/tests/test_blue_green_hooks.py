"""Deployments that shift traffic wait at hooks, and go back."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List

from .blue_green_support import BlueGreenTest

BLUE = [[0, 100], [0, 100]]


def pause(stage: str = "POST_TEST_TRAFFIC_SHIFT", **timeout: Any) -> Dict[str, Any]:
    return {"targetType": "PAUSE", "lifecycleStages": [stage], "timeoutConfiguration": timeout}


class HookTest(BlueGreenTest):
    def wait(self, *hooks: Dict[str, Any], **configuration: Any) -> List[Dict[str, Any]]:
        """Starts a second deployment with hooks, and answers those at which it waits."""
        self.begin(**configuration)
        given = {"lifecycleHooks": list(hooks)}
        self.update(self.second, deploymentConfiguration=given)
        self.clock(minutes=0)
        return self.service_deployment()["lifecycleHookDetails"]

    def answer(self, hook: Dict[str, Any], **action: Any) -> None:
        self.ecs.continue_service_deployment(
            serviceDeploymentArn=self.arn, hookId=hook["hookId"], **action
        )


class PauseTest(HookTest):
    def test_it_waits_until_somebody_lets_it_go_on(self) -> None:
        (hook,) = self.wait(pause(timeoutInMinutes=30, action="ROLLBACK"))
        self.assertEqual(
            (hook["targetType"], hook["status"], hook["timeoutAction"]),
            ("PAUSE", "AWAITING_ACTION", "ROLLBACK"),
        )
        left = hook["expiresAt"] - datetime.now(timezone.utc)
        self.assertTrue(timedelta(minutes=29) < left < timedelta(minutes=31), left)
        tested = ["POST_TEST_TRAFFIC_SHIFT", [0, 100], [100, 0]]
        self.assertEqual([self.seen() for _ in range(3)], [tested] * 3)
        self.answer(hook)
        self.clock(minutes=0)
        self.assertEqual(self.seen(), ["BAKE_TIME", [100, 0], [100, 0]])
        self.clock(minutes=10)
        self.assertEqual(self.service_deployment()["status"], "SUCCESSFUL")

    def test_a_hook_is_answered_once(self) -> None:
        (hook,) = self.wait(pause())
        self.answer(hook, action="CONTINUE")
        with self.assertRaisesRegex(Exception, "InvalidParameterException.*does not wait"):
            self.answer(hook, action="ROLLBACK")
        self.assertEqual(self.service_deployment()["status"], "IN_PROGRESS")

    def test_an_unknown_deployment_is_told(self) -> None:
        with self.assertRaisesRegex(Exception, "ServiceDeploymentNotFoundException"):
            self.ecs.continue_service_deployment(serviceDeploymentArn="arn:nothing", hookId="h")

    def test_rollback_is_an_answer_too(self) -> None:
        (hook,) = self.wait(pause())
        self.answer(hook, action="ROLLBACK")
        seen = [(self.service_deployment()["status"], *self.weights(self.test)) for _ in range(3)]
        self.assertEqual(
            seen,
            [
                ("ROLLBACK_IN_PROGRESS", 0, 100),
                ("ROLLBACK_IN_PROGRESS", 0, 100),
                ("ROLLBACK_SUCCESSFUL", 0, 100),
            ],
        )
        self.assertEqual(self.describe()["taskDefinition"], self.first)
        self.assertEqual(self.images(self.other), [self.first] * 2)
        self.assertEqual(self.images(self.group), [])
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])

    def test_time_decides_where_nobody_does(self) -> None:
        self.wait(pause(timeoutInMinutes=30, action="ROLLBACK"))
        self.clock(minutes=29)
        self.assertEqual(self.service_deployment()["status"], "IN_PROGRESS")
        self.clock(minutes=1)
        record = self.service_deployment()
        self.assertEqual(record["status"], "ROLLBACK_SUCCESSFUL")
        self.assertRegex(record["rollback"]["reason"], "timed out")
        self.assertEqual(
            record["rollback"]["serviceRevisionArn"], record["sourceServiceRevisions"][0]["arn"]
        )

    def test_time_may_decide_to_go_on(self) -> None:
        self.wait(pause(timeoutInMinutes=30, action="CONTINUE"))
        self.clock(minutes=30)
        self.assertEqual(self.service_deployment()["lifecycleStage"], "BAKE_TIME")

    def test_minutes_that_take_no_time_end_no_wait_for_people(self) -> None:
        self.wait(pause(timeoutInMinutes=1))
        self.clock(minuteSeconds=0)
        self.assertEqual([self.seen()[0] for _ in range(5)], ["POST_TEST_TRAFFIC_SHIFT"] * 5)

    def test_hooks_may_have_minutes_of_their_own(self) -> None:
        self.wait(pause(timeoutInMinutes=1))
        self.clock(minuteSeconds=0.001, hookMinuteSeconds=60)
        self.assertEqual([self.seen()[0] for _ in range(5)], ["POST_TEST_TRAFFIC_SHIFT"] * 5)
        self.clock(hookMinuteSeconds=0.001)
        self.until("CLEAN_UP")
        self.assertEqual(self.service_deployment()["status"], "ROLLBACK_SUCCESSFUL")

    def test_all_hooks_of_a_stage_wait_at_once(self) -> None:
        hooks = self.wait(pause(), pause())
        self.answer(hooks[0])
        statuses = [h["status"] for h in self.service_deployment()["lifecycleHookDetails"]]
        self.assertEqual(statuses, ["SUCCEEDED", "AWAITING_ACTION"])
        self.answer(hooks[1])
        self.clock(minutes=0)
        self.assertEqual(self.service_deployment()["lifecycleStage"], "BAKE_TIME")

    def test_a_hook_before_the_shift_waits_at_each_step(self) -> None:
        canary = {"canaryPercent": 20.0, "canaryBakeTimeInMinutes": 0}
        hooks = self.wait(
            pause("PRE_PRODUCTION_TRAFFIC_SHIFT"), strategy="CANARY", canaryConfiguration=canary
        )
        self.assertEqual(self.weights(self.production), [0, 100])
        self.answer(hooks[0])
        self.clock(minutes=0)
        again = self.service_deployment()["lifecycleHookDetails"]
        self.assertEqual(self.seen(), ["PRE_PRODUCTION_TRAFFIC_SHIFT", [20, 80], [100, 0]])
        self.assertNotEqual(again[0]["hookId"], hooks[0]["hookId"])


class HookEventsTest(HookTest):
    def setUp(self) -> None:
        super().setUp()
        self.sqs, sns, events = self.client("sqs"), self.client("sns"), self.client("events")
        self.queue = self.sqs.create_queue(QueueName="heard")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        topic = sns.create_topic(Name="hooks")["TopicArn"]
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
        endpoint = arn["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint)
        pattern = {"source": ["aws.ecs"], "detail-type": ["ECS Hook State Change"]}
        events.put_rule(Name="hooks", EventPattern=json.dumps(pattern))
        events.put_targets(Rule="hooks", Targets=[{"Id": "1", "Arn": topic}])

    def heard(self) -> List[Dict[str, Any]]:
        found = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        return [json.loads(json.loads(m["Body"])["Message"]) for m in found.get("Messages", [])]

    def test_what_waits_and_how_it_ended_are_events(self) -> None:
        (hook,) = self.wait(pause())
        (event,) = self.heard()
        self.assertEqual(event["resources"], [self.arn])
        told = {k: event["detail"][k] for k in ("eventName", "hookId", "hookType", "lifecycleStage")}
        self.assertEqual(
            told,
            {
                "eventName": "HOOK_AWAITING_ACTION",
                "hookId": hook["hookId"],
                "hookType": "PAUSE",
                "lifecycleStage": "POST_TEST_TRAFFIC_SHIFT",
            },
        )
        self.assertEqual(event["detail"]["serviceDeploymentArn"], self.arn)
        self.answer(hook, action="ROLLBACK")
        self.assertEqual([e["detail"]["eventName"] for e in self.heard()], ["HOOK_FAILED"])

    def test_a_time_out_is_an_event(self) -> None:
        self.wait(pause(timeoutInMinutes=1, action="CONTINUE"))
        self.clock(minutes=1)
        names = [e["detail"]["eventName"] for e in self.heard()]
        self.assertEqual(names, ["HOOK_AWAITING_ACTION", "HOOK_TIMED_OUT"])


class RollBackTest(BlueGreenTest):
    def stop(self, **more: Any) -> None:
        self.ecs.stop_service_deployment(serviceDeploymentArn=self.arn, **more)

    def go_back_from(self, stage: str) -> None:
        self.begin()
        self.clock(minuteSeconds=0)
        self.update(self.second)
        self.until(stage)
        self.stop(stopType="ROLLBACK")

    def test_production_is_led_back_first_and_green_ends_last(self) -> None:
        self.go_back_from("BAKE_TIME")
        self.assertEqual(
            [self.seen() for _ in range(3)],
            [
                ["PRODUCTION_TRAFFIC_SHIFT", [0, 100], [100, 0]],
                ["TEST_TRAFFIC_SHIFT", *BLUE],
                ["CLEAN_UP", *BLUE],
            ],
        )
        self.clock(minutes=0)
        self.assertEqual(self.service_deployment()["status"], "ROLLBACK_SUCCESSFUL")
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.first})

    def test_what_has_stopped_is_started_again_before_requests_come(self) -> None:
        self.go_back_from("CLEAN_UP")
        self.clock(minutes=0)
        self.assertEqual(self.images(self.other), [self.first] * 2)
        self.assertEqual([self.weights(self.production), self.weights(self.test)], BLUE)

    def test_a_roll_back_is_asked_for_once_or_twice_but_not_afterwards(self) -> None:
        self.go_back_from("POST_SCALE_UP")
        self.stop()
        self.clock(minutes=0)
        with self.assertRaisesRegex(Exception, "ConflictException.*ROLLBACK_SUCCESSFUL"):
            self.stop()

    def test_the_next_deployment_after_a_roll_back_has_the_same_colours(self) -> None:
        self.go_back_from("BAKE_TIME")
        self.clock(minutes=0)
        self.update(self.third)
        self.until("BAKE_TIME")
        self.assertEqual(self.weights(self.production), [100, 0])
        self.assertEqual(self.images(self.group), [self.third] * 2)

    def test_abort_is_refused(self) -> None:
        self.begin()
        self.update(self.second)
        with self.assertRaisesRegex(Exception, "InvalidParameterException.*ABORT"):
            self.stop(stopType="ABORT")

    def test_the_first_deployment_has_nothing_to_go_back_to(self) -> None:
        given = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 10}
        self.create(self.first, loadBalancers=self.balancers(), deploymentConfiguration=given)
        self.until("BAKE_TIME")
        self.stop()
        self.assertEqual(self.service_deployment()["status"], "STOPPED")
        self.assertEqual((self.states(), self.tasks()), ([("PRIMARY", "FAILED", 0)], []))

    def test_rules_that_lead_to_one_group_alone_end_it(self) -> None:
        self.begin()
        alone = [{"Type": "forward", "TargetGroupArn": self.other}]
        for rule in (self.production, self.test):
            self.elb.modify_rule(RuleArn=rule, Actions=alone)
        self.update(self.second)
        self.clock(minutes=0)
        record = self.service_deployment()
        self.assertEqual(record["status"], "ROLLBACK_SUCCESSFUL")
        self.assertRegex(record["statusReason"], "invalid networking configuration")

    def test_a_rolling_deployment_is_stopped_too(self) -> None:
        self.create(self.first)
        self.plan(outcome="staysInProgress")
        self.update(self.second)
        self.stop()
        self.describe()
        self.assertEqual(self.service_deployment()["status"], "ROLLBACK_SUCCESSFUL")
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.first})


class GreenFailsTest(BlueGreenTest):
    def test_it_goes_on_trying_until_somebody_stops_it(self) -> None:
        self.begin()
        self.plan(outcome="fails", failedTasks=3)
        self.update(self.second)
        self.until("SCALE_UP")
        self.clock(minutes=60)
        record = self.service_deployment()
        self.assertEqual((record["status"], record["lifecycleStage"]), ("IN_PROGRESS", "SCALE_UP"))
        self.assertGreater(self.describe()["deployments"][0]["failedTasks"], 60)
        self.assertEqual([self.weights(self.production), self.weights(self.test)], BLUE)
        self.ecs.stop_service_deployment(serviceDeploymentArn=self.arn, stopType="ROLLBACK")
        self.clock(minutes=0)
        self.assertEqual(self.service_deployment()["status"], "ROLLBACK_SUCCESSFUL")
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.first})

    def test_a_day_is_the_longest_that_it_tries(self) -> None:
        self.begin()
        self.plan(outcome="staysInProgress")
        self.update(self.second)
        self.until("SCALE_UP")
        self.clock(minutes=1439)
        self.assertEqual(self.service_deployment()["status"], "IN_PROGRESS")
        self.clock(minutes=1)
        self.assertEqual(self.service_deployment()["status"], "ROLLBACK_SUCCESSFUL")
