"""Scaling of a service by the depth of a queue."""

from typing import Any, Dict, List

from .ecs_support import ServiceTest


class BacklogTest(ServiceTest):
    def setUp(self) -> None:
        super().setUp()
        self.create(self.define("nginx:1"))
        self.ecs.update_service(cluster="c", service="web", desiredCount=0)
        self.sqs = self.client("sqs")
        self.queue = self.sqs.create_queue(QueueName="q")["QueueUrl"]
        self.scaling = self.client("application-autoscaling")
        self.target = {
            "ServiceNamespace": "ecs",
            "ResourceId": "service/c/web",
            "ScalableDimension": "ecs:service:DesiredCount",
        }
        self.scaling.register_scalable_target(**self.target, MinCapacity=0, MaxCapacity=2)
        self.alarm(
            "GreaterThanThreshold",
            [
                {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 2, "ScalingAdjustment": 1},
                {"MetricIntervalLowerBound": 2, "ScalingAdjustment": 5},
            ],
        )
        self.alarm(
            "LessThanOrEqualToThreshold", [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": 0}]
        )

    def alarm(self, comparison: str, steps: List[Dict[str, Any]]) -> None:
        policy = self.scaling.put_scaling_policy(
            **self.target,
            PolicyName=comparison,
            PolicyType="StepScaling",
            StepScalingPolicyConfiguration={
                "AdjustmentType": "ExactCapacity",
                "StepAdjustments": steps,
            },
        )["PolicyARN"]
        metrics = [
            {
                "Id": ident,
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SQS",
                        "MetricName": "ApproximateNumberOfMessages" + state,
                        "Dimensions": [{"Name": "QueueName", "Value": "q"}],
                    },
                    "Period": 60,
                    "Stat": "Maximum",
                },
                "ReturnData": False,
            }
            for ident, state in (("v", "Visible"), ("n", "NotVisible"))
        ]
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=comparison,
            ComparisonOperator=comparison,
            Threshold=0,
            EvaluationPeriods=1,
            Metrics=[*metrics, {"Id": "sum", "Expression": "v + n", "ReturnData": True}],
            AlarmActions=[policy],
        )

    def after_a_minute(self) -> int:
        self.control("scaling/minute", {})
        service = self.describe()
        self.assertEqual(service["desiredCount"], service["runningCount"])
        return service["desiredCount"]

    def test_tasks_start_with_the_first_message_and_stop_after_the_last(self) -> None:
        self.assertEqual(self.after_a_minute(), 0)
        self.sqs.send_message(QueueUrl=self.queue, MessageBody="1")
        self.assertEqual(self.after_a_minute(), 1)
        received = self.sqs.receive_message(QueueUrl=self.queue)["Messages"][0]
        # It is in work now, and counts still.
        self.assertEqual(self.after_a_minute(), 1)
        self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=received["ReceiptHandle"])
        self.assertEqual(self.after_a_minute(), 0)

    def test_there_are_never_more_than_the_target_allows(self) -> None:
        for body in "123":
            self.sqs.send_message(QueueUrl=self.queue, MessageBody=body)
        self.assertEqual(self.after_a_minute(), 2)

    def test_what_is_suspended_is_left_alone_until_it_goes_on(self) -> None:
        self.sqs.send_message(QueueUrl=self.queue, MessageBody="1")
        for suspended, count in ((True, 0), (False, 1)):
            self.scaling.register_scalable_target(
                **self.target,
                SuspendedState={
                    "DynamicScalingInSuspended": suspended,
                    "DynamicScalingOutSuspended": suspended,
                    "ScheduledScalingSuspended": suspended,
                },
            )
            self.assertEqual(self.after_a_minute(), count)

    def test_other_limits_bring_the_service_between_them_at_once(self) -> None:
        for least, most, count in ((1, 2, 1), (3, 5, 3), (0, 2, 2), (0, 5, 2)):
            self.scaling.register_scalable_target(
                **self.target, MinCapacity=least, MaxCapacity=most
            )
            service = self.describe()
            self.assertEqual((service["desiredCount"], service["runningCount"]), (count, count))
            self.assertEqual(len(service["deployments"]), 1)

    def test_an_alarm_tells_its_state(self) -> None:
        self.sqs.send_message(QueueUrl=self.queue, MessageBody="1")
        self.after_a_minute()
        alarms = self.client("cloudwatch").describe_alarms()["MetricAlarms"]
        states = {alarm["AlarmName"]: alarm["StateValue"] for alarm in alarms}
        self.assertEqual(states["GreaterThanThreshold"], "ALARM")
        self.assertEqual(states["LessThanOrEqualToThreshold"], "OK")
