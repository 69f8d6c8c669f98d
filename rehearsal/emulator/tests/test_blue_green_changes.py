"""What comes in the midst of a deployment that shifts traffic: alarms, other deployments, other numbers of tasks."""

from typing import Any

from .blue_green_support import BlueGreenTest

BLUE = [[0, 100], [0, 100]]


class AlarmsTest(BlueGreenTest):
    def setUp(self) -> None:
        super().setUp()
        self.cloudwatch = self.client("cloudwatch")
        self.cloudwatch.put_metric_alarm(
            AlarmName="web-5xx",
            Namespace="AWS/ApplicationELB",
            MetricName="HTTPCode_Target_5XX_Count",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        self.state("OK")

    def state(self, state: str) -> None:
        self.cloudwatch.set_alarm_state(AlarmName="web-5xx", StateValue=state, StateReason="test")

    def deploy(self, stage: str, rollback: bool = True, **configuration: Any) -> None:
        alarms = {"alarmNames": ["web-5xx"], "enable": True, "rollback": rollback}
        self.begin(alarms=alarms, **configuration)
        self.update(self.second)
        self.until(stage)

    def test_an_alarm_in_the_bake_rolls_back(self) -> None:
        self.deploy("BAKE_TIME")
        self.state("ALARM")
        self.assertEqual(self.seen(), ["PRODUCTION_TRAFFIC_SHIFT", [0, 100], [100, 0]])
        self.clock(minutes=0)
        record = self.service_deployment()
        self.assertEqual(record["status"], "ROLLBACK_SUCCESSFUL")
        self.assertIn("alarm detected: web-5xx", record["statusReason"])
        self.assertEqual(record["alarms"]["triggeredAlarmNames"], ["web-5xx"])

    def test_an_alarm_at_a_step_rolls_back(self) -> None:
        canary = {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 10}
        self.deploy("PRODUCTION_TRAFFIC_SHIFT", strategy="CANARY", canaryConfiguration=canary)
        self.assertEqual(self.weights(self.production), [10, 90])
        self.state("ALARM")
        self.clock(minutes=1)
        self.assertEqual([self.weights(self.production), self.weights(self.test)], BLUE)

    def test_an_alarm_before_the_shift_is_no_matter_of_green(self) -> None:
        self.deploy("POST_SCALE_UP")
        self.state("ALARM")
        self.service_deployment()
        self.state("OK")
        self.until("BAKE_TIME")
        self.assertEqual(self.weights(self.production), [100, 0])

    def test_an_alarm_that_is_on_at_the_start_is_not_watched(self) -> None:
        self.state("ALARM")
        self.deploy("BAKE_TIME")
        self.assertEqual(self.service_deployment()["alarms"]["status"], "DISABLED")
        self.clock(minutes=10)
        self.assertEqual(self.service_deployment()["status"], "SUCCESSFUL")

    def test_without_rollback_it_stops_where_it_is_and_the_next_one_starts_from_blue(self) -> None:
        self.deploy("BAKE_TIME", rollback=False)
        self.state("ALARM")
        self.assertEqual(self.service_deployment()["status"], "STOPPED")
        self.assertEqual(self.weights(self.production), [100, 0])
        self.assertEqual(self.images(self.group), [self.second] * 2)
        self.state("OK")
        self.update(self.third)
        self.assertEqual(self.weights(self.production), [0, 100])
        self.until("BAKE_TIME")
        self.assertEqual(self.images(self.group), [self.third] * 2)


class ReplacedTest(BlueGreenTest):
    def replace_at(self, stage: str) -> None:
        self.begin()
        self.update(self.second)
        self.until(stage)
        self.replaced = self.arn
        self.update(self.third)

    def told(self, arn: str) -> Any:
        found = self.ecs.describe_service_deployments(serviceDeploymentArns=[arn])
        return found["serviceDeployments"][0]

    def test_a_deployment_in_the_midst_of_another_goes_back_to_blue_first(self) -> None:
        self.replace_at("BAKE_TIME")
        self.assertEqual([self.weights(self.production), self.weights(self.test)], BLUE)
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.first})
        self.assertEqual(self.told(self.replaced)["status"], "STOPPED")
        self.until("BAKE_TIME")
        self.assertEqual(self.images(self.group), [self.third] * 2)
        self.assertEqual(self.images(self.other), [self.first] * 2)
        self.clock(minutes=10)
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])

    def test_reconciling_is_a_stage_where_two_revisions_run(self) -> None:
        self.begin()
        self.update(self.second)
        self.until("TEST_TRAFFIC_SHIFT")
        hook = {"targetType": "PAUSE", "lifecycleStages": ["RECONCILE_SERVICE"]}
        self.update(self.third, deploymentConfiguration={"lifecycleHooks": [hook]})
        self.assertEqual(self.seen(), ["RECONCILE_SERVICE", *BLUE])

    def test_a_deployment_that_goes_back_is_replaced_too(self) -> None:
        self.begin()
        self.update(self.second)
        self.until("BAKE_TIME")
        self.ecs.stop_service_deployment(serviceDeploymentArn=self.arn)
        self.service_deployment()
        self.update(self.third)
        self.until("BAKE_TIME")
        self.assertEqual(self.images(self.group), [self.third] * 2)
        self.assertEqual(self.images(self.other), [self.first] * 2)
        self.assertEqual(self.weights(self.production), [100, 0])

    def test_no_request_is_lost_by_it(self) -> None:
        self.begin()
        cursor = self.request("GET", "/gantry-emulator/traffic")["cursor"]
        self.update(self.second)
        self.until("BAKE_TIME")
        self.update(self.third)
        self.clock(minutes=60)
        self.service_deployment()
        moments = self.request("GET", "/gantry-emulator/traffic?since=%d" % cursor)["moments"]
        self.assertEqual([m for m in moments if m["rule"] == self.production], [])


    def test_a_rolling_deployment_that_is_under_way_is_replaced_too(self) -> None:
        self.create(self.first, loadBalancers=self.balancers())
        self.plan(outcome="staysInProgress", bakes=False)
        self.update(self.second)
        rolling = self.arn
        given = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0}
        self.update(self.third, deploymentConfiguration=given)
        self.clock(minutes=0)
        self.assertEqual(self.told(rolling)["status"], "STOPPED")
        self.assertEqual(self.images(self.other), [self.third] * 2)


class ScaledTest(BlueGreenTest):
    def test_both_colours_are_scaled(self) -> None:
        self.begin()
        self.update(self.second)
        self.until("BAKE_TIME")
        self.ecs.update_service(cluster="c", service="web", desiredCount=3)
        self.assertEqual(self.images(self.group), [self.second] * 3)
        self.assertEqual(self.images(self.other), [self.first] * 3)

    def test_green_is_not_started_by_a_change_of_the_number(self) -> None:
        self.begin()
        self.plan(outcome="staysInProgress")
        self.update(self.second)
        self.ecs.update_service(cluster="c", service="web", desiredCount=3)
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.first})
        self.control("ecs/current-deployment", {"cluster": "c", "service": "web"})
        self.until("BAKE_TIME")
        self.assertEqual(self.images(self.group), [self.second] * 3)

    def test_a_task_of_blue_that_ends_is_replaced(self) -> None:
        self.begin()
        self.ecs.update_service(cluster="c", service="web", desiredCount=1)
        self.update(self.second)
        self.until("POST_TEST_TRAFFIC_SHIFT")
        crash = {"cluster": "c", "service": "web", "count": 1, "replace": True}
        self.control("ecs/stop-tasks", crash)
        self.assertEqual(self.images(self.other), [self.first])
        self.assertEqual(self.images(self.group), [self.second])

    def test_a_deleted_service_runs_nothing(self) -> None:
        self.begin()
        self.update(self.second)
        self.until("BAKE_TIME")
        self.ecs.delete_service(cluster="c", service="web", force=True)
        self.assertEqual(self.tasks(), [])
        self.clock(minutes=60)
        self.assertEqual(self.tasks(), [])

    def test_a_deployment_ends_with_its_service_and_waits_for_nobody(self) -> None:
        hook = {
            "targetType": "PAUSE",
            "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
            "timeoutConfiguration": {"timeoutInMinutes": 30, "action": "ROLLBACK"},
        }
        self.begin()
        given = {"strategy": "BLUE_GREEN", "lifecycleHooks": [hook]}
        self.update(self.second, deploymentConfiguration=given)
        self.until("POST_TEST_TRAFFIC_SHIFT")
        self.ecs.delete_service(cluster="c", service="web", force=True)
        told = self.service_deployment()
        self.assertEqual((told["status"], told["statusReason"]), ("STOPPED", "The service was deleted."))
        self.assertIn("finishedAt", told)
        self.assertNotIn("AWAITING_ACTION", [d["status"] for d in told["lifecycleHookDetails"]])
        self.assertEqual(self.tasks(), [])
        with self.assertRaisesRegex(Exception, "ContinueServiceDeployment"):
            self.ecs.continue_service_deployment(
                serviceDeploymentArn=self.arn, hookId=told["lifecycleHookDetails"][0]["hookId"]
            )
