"""What fault tests plan for a deployment: an alarm in the bake, tasks that log and die, no capacity."""

from typing import Any, Dict, List

from botocore.exceptions import ClientError

from .ecs_support import ServiceTest


class EcsAlarmsTest(ServiceTest):
    def setUp(self) -> None:
        super().setUp()
        self.cloudwatch = self.client("cloudwatch")
        self.alarm("shop-5xx", "OK")
        self.first, self.second = self.define("web:1"), self.define("web:2")

    def alarm(self, name: str, state: str) -> None:
        self.cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/ApplicationELB",
            MetricName="HTTPCode_Target_5XX_Count",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        self.state(name, state)

    def state(self, name: str, state: str) -> None:
        self.cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")

    def deploy(self, *names: str, rollback: bool = True) -> None:
        """Deploys the second task definition, and leaves it baking."""
        alarms = {"alarmNames": list(names), "enable": True, "rollback": rollback}
        self.create(self.first, deploymentConfiguration={"alarms": alarms})
        self.plan(outcome="staysInProgress", bakes=True)
        self.update(self.second)

    def watched(self) -> Dict[str, Any]:
        return self.service_deployment()["alarms"]

    def test_a_baking_deployment_runs_alone(self) -> None:
        self.deploy("shop-5xx")
        self.assertEqual(
            self.states(), [("PRIMARY", "IN_PROGRESS", 2), ("ACTIVE", "COMPLETED", 0)]
        )
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.second})
        self.assertEqual(
            self.watched(),
            {"status": "MONITORING", "alarmNames": ["shop-5xx"], "triggeredAlarmNames": []},
        )

    def test_an_alarm_rolls_back(self) -> None:
        self.deploy("shop-5xx")
        self.state("shop-5xx", "ALARM")
        self.assertEqual(self.states()[0], ("ACTIVE", "FAILED", 0))
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.first})
        record = self.service_deployment()
        self.assertEqual(record["status"], "ROLLBACK_SUCCESSFUL")
        self.assertIn("alarm detected: shop-5xx", record["statusReason"])
        self.assertEqual(record["alarms"]["status"], "TRIGGERED")
        self.assertEqual(record["alarms"]["triggeredAlarmNames"], ["shop-5xx"])

    def test_an_alarm_without_rollback_fails_the_deployment(self) -> None:
        self.deploy("shop-5xx", rollback=False)
        self.state("shop-5xx", "ALARM")
        self.assertEqual(self.states()[0], ("PRIMARY", "FAILED", 0))
        self.assertEqual(self.service_deployment()["status"], "STOPPED")

    def test_an_alarm_that_stays_quiet_lets_the_deployment_complete(self) -> None:
        self.deploy("shop-5xx")
        self.state("shop-5xx", "INSUFFICIENT_DATA")
        self.assertEqual(self.states()[0][1], "IN_PROGRESS")
        self.control("ecs/current-deployment", {"cluster": "c", "service": "web"})
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        self.assertEqual(self.watched()["status"], "MONITORING_COMPLETE")

    def test_an_alarm_that_is_missing_is_not_watched(self) -> None:
        self.deploy("shop-5xx", "shop-latency")
        self.assertEqual(self.watched()["alarmNames"], ["shop-5xx"])

    def test_an_alarm_that_fired_before_has_nothing_watched(self) -> None:
        self.state("shop-5xx", "ALARM")
        self.deploy("shop-5xx")
        self.assertEqual(self.states()[0], ("PRIMARY", "IN_PROGRESS", 2))
        self.assertEqual(self.watched()["status"], "DISABLED")


class EcsFaultsTest(ServiceTest):
    def logging(self, image: str) -> str:
        options = {
            "awslogs-group": "/shop/web",
            "awslogs-region": "eu-west-1",
            "awslogs-stream-prefix": "web",
        }
        return self.define(image, logConfiguration={"logDriver": "awslogs", "options": options})

    def lines(self, stream: str) -> List[str]:
        found = self.client("logs").get_log_events(
            logGroupName="/shop/web", logStreamName=stream, startFromHead=True
        )
        return [event["message"] for event in found["events"]]

    def test_a_failed_task_leaves_its_log(self) -> None:
        self.client("logs").create_log_group(logGroupName="/shop/web")
        self.create(self.logging("web:1"))
        self.plan(outcome="rollsBack", failedTasks=2, logLines=["listening", "out of memory"])
        second = self.logging("web:2")
        self.update(second)
        failed = [t for t in self.tasks("STOPPED") if t["taskDefinitionArn"] == second]
        self.assertEqual(len(failed), 2)
        for task in failed:
            stream = "web/web/" + task["taskArn"].split("/")[-1]
            self.assertEqual(self.lines(stream), ["listening", "out of memory"])

    def test_a_one_off_task_leaves_its_log(self) -> None:
        self.client("logs").create_log_group(logGroupName="/shop/web")
        self.logging("web:1")
        self.control("ecs/next-task", {"family": "web", "exitCode": 3, "logLines": ["no table"]})
        network = self.net["configuration"]
        [task] = self.ecs.run_task(cluster="c", taskDefinition="web", networkConfiguration=network)[
            "tasks"
        ]
        for _ in range(2):
            self.ecs.describe_tasks(cluster="c", tasks=[task["taskArn"]])
        self.assertEqual(self.lines("web/web/" + task["taskArn"].split("/")[-1]), ["no table"])

    def routed(self, **router: Any) -> str:
        options = {
            "Name": "cloudwatch",
            "region": "eu-west-1",
            "log_group_name": "/shop/web",
            "log_stream_name": "app/app/$(ecs_task_id)",
        }
        return self.define(
            "web:1",
            sidecar={"firelensConfiguration": {"type": "fluentbit"}, **router},
            logConfiguration={"logDriver": "awsfirelens", "options": options},
        )

    def test_a_log_router_writes_to_the_stream_that_its_options_name(self) -> None:
        self.client("logs").create_log_group(logGroupName="/shop/web")
        definition = self.routed()
        self.control("ecs/next-task", {"family": "web", "exitCode": 3, "logLines": ["no table"]})
        network = self.net["configuration"]
        [task] = self.ecs.run_task(
            cluster="c", taskDefinition=definition, networkConfiguration=network
        )["tasks"]
        for _ in range(2):
            self.ecs.describe_tasks(cluster="c", tasks=[task["taskArn"]])
        self.assertEqual(self.lines("app/app/" + task["taskArn"].split("/")[-1]), ["no table"])

    def test_a_log_router_is_root(self) -> None:
        described = self.ecs.describe_task_definition(taskDefinition=self.routed())
        [_, router] = described["taskDefinition"]["containerDefinitions"]
        self.assertEqual(router["user"], "0")
        with self.assertRaisesRegex(ClientError, "'UID' has to be '0'"):
            self.routed(user="1000")

    def test_a_log_router_and_who_logs_by_it_come_together(self) -> None:
        with self.assertRaisesRegex(ClientError, "must be configured in one of the containers"):
            self.define("web:1", logConfiguration={"logDriver": "awsfirelens"})
        with self.assertRaisesRegex(ClientError, "with the awsfirelens log driver"):
            self.define("web:1", firelensConfiguration={"type": "fluentbit"})

    def test_a_container_that_logs_nowhere_leaves_none(self) -> None:
        self.plan(outcome="fails", logLines=["lost"])
        self.create(self.define("web:1"))
        self.assertEqual(self.states(), [("PRIMARY", "FAILED", 0)])

    def test_a_failed_deployment_stays_where_it_is_not_rolled_back(self) -> None:
        self.create(self.define("web:1"))
        self.plan(outcome="fails", reason="tasks failed container health checks.")
        self.update(self.define("web:2"))
        self.assertEqual(self.states(), [("PRIMARY", "FAILED", 0), ("ACTIVE", "COMPLETED", 2)])
        record = self.service_deployment()
        self.assertEqual(record["status"], "STOPPED")
        self.assertEqual(
            record["statusReason"],
            "ECS deployment circuit breaker: tasks failed container health checks.",
        )

    def test_old_tasks_serve_while_no_new_one_can_be_placed(self) -> None:
        first = self.define("web:1")
        self.create(first)
        event = "was unable to place a task. Reason: Capacity is unavailable at this time."
        self.plan(outcome="staysInProgress", events=[event])
        self.update(self.define("web:2"))
        service = self.describe()
        self.assertEqual(service["events"][0]["message"], "(service web) " + event)
        self.assertEqual(service["deployments"][0]["pendingCount"], 2)
        self.assertEqual([t["taskDefinitionArn"] for t in self.tasks()], [first, first])

    def test_a_task_definition_that_is_not_there_is_a_client_error(self) -> None:
        self.create(self.define("web:1"))
        for call in (
            lambda: self.ecs.run_task(cluster="c", taskDefinition="none"),
            lambda: self.update("none:1"),
        ):
            with self.assertRaisesRegex(
                self.ecs.exceptions.ClientException, "TaskDefinition not found"
            ):
                call()


class HeldDeploymentsTest(ServiceTest):
    def held(self) -> List[Dict[str, Any]]:
        answer: Dict[str, Any] = self.request("GET", "/gantry-emulator/ecs/deployments")
        return answer["inProgress"]

    def test_stay_in_progress_until_somebody_has_run_their_containers(self) -> None:
        first, second = self.define("web:1"), self.define("web:2")
        self.create(first)
        self.control("ecs/deployments", {"held": True})
        self.assertEqual(self.held(), [])
        self.update(second)
        for _ in range(3):
            self.assertEqual(self.states()[0], ("PRIMARY", "IN_PROGRESS", 0))
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {first})
        [found] = self.held()
        self.assertEqual(found["id"], self.describe()["deployments"][0]["id"])
        self.assertEqual(
            (found["cluster"], found["service"], found["taskDefinition"], found["desiredCount"]),
            ("c", "web", second, 2),
        )
        end = {"cluster": "c", "service": "web", "outcome": "rollsBack", "logLines": ["no"]}
        self.control("ecs/current-deployment", end)
        self.assertEqual(self.held(), [])
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {first})
        self.assertEqual(self.service_deployment()["status"], "ROLLBACK_SUCCESSFUL")

    def test_leave_the_plan_of_a_deployment_alone(self) -> None:
        self.control("ecs/deployments", {"held": True})
        self.plan(outcome="completes")
        self.create(self.define("web:1"))
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])

    def test_complete_at_once_when_nobody_holds_them_any_more(self) -> None:
        self.control("ecs/deployments", {"held": True})
        self.control("ecs/deployments", {"held": False})
        self.create(self.define("web:1"))
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
