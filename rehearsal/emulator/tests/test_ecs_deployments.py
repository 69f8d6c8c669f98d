"""Deployments roll out, fail and roll back; tasks run, stop and tell their digests."""

from typing import Any, Dict

from .ecs_support import ServiceTest

REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/"


class EcsDeploymentsTest(ServiceTest):
    def test_a_service_is_steady_at_once(self) -> None:
        self.create(self.define("web:1"))
        service = self.describe()
        self.assertEqual((service["runningCount"], service["pendingCount"]), (2, 0))
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        self.assertIn("has reached a steady state", service["events"][0]["message"])
        self.ecs.get_waiter("services_stable").wait(cluster="c", services=["web"])

    def test_tasks_tell_the_digest_of_their_image(self) -> None:
        self.ecr.create_repository(repositoryName="web")
        digest = self.push("a")
        self.create(self.define(REGISTRY + "web:a"))
        shown = [(c["name"], c.get("imageDigest")) for c in self.tasks()[0]["containers"]]
        self.assertEqual(shown, [("web", digest), ("sidecar", None)])
        for registry in (
            "123456789012.dkr-ecr.eu-west-1.on.aws/",
            "123456789012.dkr-ecr-fips.eu-west-1.on.aws/",
            "123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com/",
        ):
            self.update(self.define(registry + "web:a"))
            self.assertEqual(
                {t["containers"][0].get("imageDigest") for t in self.tasks()}, {digest}
            )
        self.update(self.define(REGISTRY + "web@sha256:" + "b" * 64))
        self.assertEqual(
            {t["containers"][0]["imageDigest"] for t in self.tasks()}, {"sha256:" + "b" * 64}
        )

    def test_running_tasks_are_registered_and_stopped_ones_are_not(self) -> None:
        self.create(self.define("web:1"))
        health = self.elb.describe_target_health(TargetGroupArn=self.group)[
            "TargetHealthDescriptions"
        ]
        self.assertEqual([h["TargetHealth"]["State"] for h in health], ["healthy", "healthy"])
        self.ecs.update_service(cluster="c", service="web", desiredCount=0)
        self.assertEqual(
            self.elb.describe_target_health(TargetGroupArn=self.group)["TargetHealthDescriptions"],
            [],
        )
        interfaces = self.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
        self.assertEqual([i for i in interfaces if i["VpcId"] == self.net["vpc"]], [])

    def test_a_new_task_definition_replaces_the_tasks(self) -> None:
        self.create(self.define("web:1"))
        second = self.define("web:2")
        self.update(second)
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {second})
        self.assertEqual({t["lastStatus"] for t in self.tasks("STOPPED")}, {"STOPPED"})

    def test_old_tasks_stop_first_where_there_is_no_room_for_others(self) -> None:
        first = self.define("web:1")
        configuration = {"maximumPercent": 100, "minimumHealthyPercent": 0}
        self.create(first, deploymentConfiguration=configuration)
        self.plan(outcome="rollsBack", afterDescribes=2)
        self.update(self.define("web:2"))
        self.assertEqual(self.states(), [("PRIMARY", "IN_PROGRESS", 0), ("ACTIVE", "COMPLETED", 0)])
        self.assertEqual(self.states(), [("ACTIVE", "FAILED", 0), ("PRIMARY", "IN_PROGRESS", 0)])
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {first})

    def test_as_many_old_tasks_stay_as_must_be_healthy(self) -> None:
        breaker = {"enable": True, "rollback": True}
        self.create(
            self.define("web:1"), deploymentConfiguration={"deploymentCircuitBreaker": breaker}
        )
        self.plan(outcome="staysInProgress")
        self.ecs.update_service(
            cluster="c",
            service="web",
            taskDefinition=self.define("web:2"),
            deploymentConfiguration={"maximumPercent": 100, "minimumHealthyPercent": 50},
        )
        kept = self.describe()["deploymentConfiguration"]["deploymentCircuitBreaker"]
        self.assertEqual(kept, breaker)
        self.assertEqual(self.states(), [("PRIMARY", "IN_PROGRESS", 0), ("ACTIVE", "COMPLETED", 1)])

    def test_a_deployment_waits_for_old_tasks_that_are_protected(self) -> None:
        self.create(self.define("web:1"))
        old = [t["taskArn"] for t in self.tasks()]

        def protect(enabled: bool, arns: Any = None) -> Any:
            return self.ecs.update_task_protection(
                cluster="c", tasks=arns or old, protectionEnabled=enabled
            )

        self.assertEqual(
            [(t["taskArn"], t["protectionEnabled"]) for t in protect(True)["protectedTasks"]],
            [(arn, True) for arn in old],
        )
        self.update(self.define("web:2"))
        for _ in range(3):
            self.assertEqual(
                self.states(), [("PRIMARY", "IN_PROGRESS", 2), ("ACTIVE", "COMPLETED", 2)]
            )
        protect(False, [old[0]])
        self.assertEqual(self.states()[1], ("ACTIVE", "COMPLETED", 1))
        protect(False)
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        failures = protect(True, [old[0], "0" * 32])["failures"]
        self.assertEqual([f["reason"] for f in failures], ["TASK_NOT_VALID", "MISSING"])
        shown = self.ecs.get_task_protection(cluster="c", tasks=[self.tasks()[0]["taskArn"]])
        self.assertEqual([t["protectionEnabled"] for t in shown["protectedTasks"]], [False])
        with self.assertRaisesRegex(Exception, "at most 10"):
            protect(True, ["0" * 32] * 11)

    def test_the_desired_count_changes_without_a_deployment(self) -> None:
        before = self.create(self.define("web:1"))["deployments"][0]["id"]
        self.ecs.update_service(cluster="c", service="web", desiredCount=3)
        self.assertEqual([d["id"] for d in self.describe()["deployments"]], [before])
        self.assertEqual(len(self.tasks()), 3)

    def test_stays_in_progress_until_it_is_ended(self) -> None:
        self.create(self.define("web:1"))
        self.plan(outcome="staysInProgress")
        self.update(self.define("web:2"))
        for _ in range(3):
            self.assertEqual(
                self.states(), [("PRIMARY", "IN_PROGRESS", 0), ("ACTIVE", "COMPLETED", 2)]
            )
        self.control(
            "ecs/current-deployment", {"cluster": "c", "service": "web", "outcome": "completes"}
        )
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])

    def test_completes_after_some_descriptions(self) -> None:
        self.plan(outcome="completes", afterDescribes=2)
        self.create(self.define("web:1"))
        self.assertEqual(self.states(), [("PRIMARY", "IN_PROGRESS", 0)])
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])

    def test_rolls_back_and_says_why(self) -> None:
        first = self.define("web:1")
        self.create(first)
        self.plan(
            outcome="rollsBack", exitCode=137, stoppedReason="OutOfMemoryError", container="web"
        )
        second = self.define("web:2")
        self.update(second)
        status = self.service_deployment()["status"]
        self.assertEqual(status, "ROLLBACK_SUCCESSFUL")
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        self.assertEqual(self.describe()["taskDefinition"], first)
        failed = [t for t in self.tasks("STOPPED") if t["taskDefinitionArn"] == second]
        self.assertEqual(len(failed), 3)
        self.assertEqual(
            (failed[0]["stoppedReason"], failed[0]["stopCode"]),
            ("OutOfMemoryError", "EssentialContainerExited"),
        )
        self.assertEqual([c["exitCode"] for c in failed[0]["containers"]], [137, 0])

    def test_shows_the_failed_deployment_while_it_rolls_back(self) -> None:
        self.create(self.define("web:1"))
        self.plan(outcome="rollsBack", afterDescribes=1)
        self.update(self.define("web:2"))
        self.assertEqual(self.states(), [("ACTIVE", "FAILED", 0), ("PRIMARY", "IN_PROGRESS", 2)])
        self.assertIn(
            "rolling back",
            self.ecs.describe_services(cluster="c", services=["web"])["services"][0]["events"][1][
                "message"
            ],
        )

    def test_the_first_deployment_has_nothing_to_roll_back_to(self) -> None:
        self.plan(outcome="rollsBack")
        self.create(self.define("web:1"))
        self.assertEqual(self.states(), [("PRIMARY", "FAILED", 0)])
        self.assertEqual(self.describe()["deployments"][0]["failedTasks"], 3)

    def test_stopped_tasks_carry_their_reason(self) -> None:
        self.create(self.define("web:1"))
        body = {
            "cluster": "c",
            "service": "web",
            "count": 1,
            "exitCode": 1,
            "stoppedReason": "gone",
        }
        self.control("ecs/stop-tasks", body)
        self.assertEqual(self.describe()["runningCount"], 1)
        self.assertEqual(self.tasks("STOPPED")[0]["stoppedReason"], "gone")
        self.control("ecs/stop-tasks", {**body, "replace": True})
        self.assertEqual(self.describe()["runningCount"], 2)

    def test_target_health_can_be_set(self) -> None:
        self.create(self.define("web:1"))
        wanted = {
            "State": "unhealthy",
            "Reason": "Target.Timeout",
            "Description": "Request timed out",
        }
        self.control(
            "target-health",
            {
                "targetGroup": self.group,
                "state": "unhealthy",
                "reason": "Target.Timeout",
                "description": "Request timed out",
            },
        )
        health = self.elb.describe_target_health(TargetGroupArn=self.group)[
            "TargetHealthDescriptions"
        ]
        self.assertEqual([h["TargetHealth"] for h in health], [wanted, wanted])

    def test_refuses_what_it_does_not_know(self) -> None:
        self.assertIn("outcome must be one of", self.plan(outcome="explodes")["error"])
        self.assertIn(
            "unknown: exit; there are: outcome, afterDescribes", self.plan(exit=1)["error"]
        )
        missing = self.control("ecs/stop-tasks", {"cluster": "c", "service": "nobody"})
        self.assertEqual(missing["error"], "there is no active service nobody in the cluster c")

    def run_task(self) -> Dict[str, Any]:
        return self.ecs.run_task(
            cluster="c",
            taskDefinition="web",
            launchType="FARGATE",
            networkConfiguration=self.net["configuration"],
        )

    def test_a_one_off_task_runs_and_ends_well(self) -> None:
        self.define("web:1")
        arn = self.run_task()["tasks"][0]["taskArn"]
        seen = [self.ecs.describe_tasks(cluster="c", tasks=[arn])["tasks"][0] for _ in range(2)]
        self.assertEqual([t["lastStatus"] for t in seen], ["RUNNING", "STOPPED"])
        self.assertNotIn("exitCode", seen[0]["containers"][0])
        self.assertEqual(seen[1]["containers"][0]["exitCode"], 0)

    def test_a_one_off_task_ends_as_planned(self) -> None:
        self.define("web:1")
        self.control("ecs/next-task", {"family": "web", "exitCode": 3, "containerReason": "no"})
        arn = self.run_task()["tasks"][0]["taskArn"]
        for _ in range(2):
            task = self.ecs.describe_tasks(cluster="c", tasks=[arn])["tasks"][0]
        self.assertEqual(
            [(c.get("exitCode"), c.get("reason")) for c in task["containers"]],
            [(3, "no"), (0, None)],
        )
        self.control(
            "ecs/next-task", {"family": "web", "failure": "Capacity is unavailable at this time"}
        )
        self.assertEqual(
            self.run_task()["failures"][0]["reason"], "Capacity is unavailable at this time"
        )
