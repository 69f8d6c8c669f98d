"""Deployments that shift traffic: their stages, the weights of the rules, the tasks of both colours."""

from .blue_green_support import BlueGreenTest


class BlueGreenStagesTest(BlueGreenTest):
    def test_the_first_deployment_ends_in_the_alternate_group(self) -> None:
        given = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0}
        self.create(self.first, loadBalancers=self.balancers(), deploymentConfiguration=given)
        self.assertEqual(self.weights(self.production), [1, 0])
        self.clock(minutes=0)
        record = self.service_deployment()
        self.assertEqual((record["status"], record["sourceServiceRevisions"]), ("SUCCESSFUL", []))
        self.assertEqual(self.weights(self.production), [0, 100])
        self.assertEqual(self.images(self.other), [self.first] * 2)
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])

    def test_a_look_is_a_stage_and_requests_move_at_their_stages(self) -> None:
        self.begin()
        self.clock(minuteSeconds=0)
        self.update(self.second)
        before, tested, after = [[0, 100], [0, 100]], [[0, 100], [100, 0]], [[100, 0], [100, 0]]
        self.assertEqual(
            [self.seen() for _ in range(10)],
            [
                ["SCALE_UP", *before],
                ["POST_SCALE_UP", *before],
                ["TEST_TRAFFIC_SHIFT", *tested],
                ["POST_TEST_TRAFFIC_SHIFT", *tested],
                ["PRE_PRODUCTION_TRAFFIC_SHIFT", *tested],
                ["PRODUCTION_TRAFFIC_SHIFT", *after],
                ["POST_PRODUCTION_TRAFFIC_SHIFT", *after],
                ["BAKE_TIME", *after],
                ["CLEAN_UP", *after],
                ["CLEAN_UP", *after],
            ],
        )
        self.assertEqual(self.service_deployment()["status"], "SUCCESSFUL")
        self.assertEqual(self.states(), [("PRIMARY", "COMPLETED", 2)])
        self.assertEqual(self.images(self.group), [self.second] * 2)
        self.assertEqual(self.images(self.other), [])

    def test_both_colours_run_until_the_bake_is_over(self) -> None:
        self.begin()
        self.update(self.second)
        self.until("BAKE_TIME")
        self.clock(minutes=9)
        self.assertEqual(self.seen()[0], "BAKE_TIME")
        self.assertEqual(self.images(self.other), [self.first] * 2)
        self.assertEqual(self.images(self.group), [self.second] * 2)
        record = self.service_deployment()
        weight = "requestedProductionTrafficWeight"
        self.assertEqual(record["targetServiceRevision"][weight], 100)
        self.assertEqual([r[weight] for r in record["sourceServiceRevisions"]], [0])
        self.clock(minutes=1)
        self.assertEqual(self.service_deployment()["status"], "SUCCESSFUL")

    def test_minutes_that_take_seconds_pass_by_themselves(self) -> None:
        self.begin()
        self.clock(minuteSeconds=0.001, stagesPerLook=20)
        self.update(self.second)
        for _ in range(100):
            if self.service_deployment()["status"] == "SUCCESSFUL":
                return
        self.fail(str(self.service_deployment()))

    def test_the_next_deployment_comes_to_the_group_that_is_free(self) -> None:
        self.begin(bakeTimeInMinutes=0)
        for definition, weights in ((self.second, [100, 0]), (self.third, [0, 100])):
            self.update(definition)
            self.clock(minutes=0)
            self.assertEqual(self.weights(self.production), weights)

    def test_a_revision_tells_in_which_group_its_tasks_are(self) -> None:
        self.begin()
        revision = self.service_deployment()["targetServiceRevision"]["arn"]
        told = self.ecs.describe_service_revisions(serviceRevisionArns=[revision])
        resolved = told["serviceRevisions"][0]["resolvedConfiguration"]["loadBalancers"]
        wanted = {"targetGroupArn": self.other, "productionListenerRule": self.production}
        self.assertEqual(resolved, [wanted])

    def test_a_rolling_deployment_stays_in_the_group_that_serves(self) -> None:
        self.begin()
        self.update(self.second, deploymentConfiguration={"strategy": "ROLLING"})
        self.assertEqual(self.images(self.other), [self.second] * 2)
        self.assertEqual((self.images(self.group), self.weights(self.production)), ([], [0, 100]))

    def test_no_request_is_lost_at_any_stage(self) -> None:
        self.begin("LINEAR", linearConfiguration={"stepPercent": 25.0, "stepBakeTimeInMinutes": 0})
        cursor = self.request("GET", "/gantry-emulator/traffic")["cursor"]
        self.clock(minuteSeconds=0)
        self.update(self.second)
        while self.service_deployment()["status"] == "IN_PROGRESS":
            pass
        moments = self.request("GET", "/gantry-emulator/traffic?since=%d" % cursor)["moments"]
        self.assertEqual([m for m in moments if m["rule"] == self.production], [])

    def test_a_service_without_a_load_balancer_has_stages_too(self) -> None:
        given = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0}
        self.create(self.first, loadBalancers=[], deploymentConfiguration=given)
        self.clock(minutes=0)
        self.update(self.second)
        self.until("BAKE_TIME")
        self.assertEqual(len(self.tasks()), 4)
        self.clock(minutes=0)
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.second})


class ShiftInStepsTest(BlueGreenTest):
    def test_a_canary_waits_at_its_percentage(self) -> None:
        canary = {"canaryPercent": 12.5, "canaryBakeTimeInMinutes": 7}
        self.begin("CANARY", canaryConfiguration=canary)
        self.update(self.second)
        self.clock(minutes=6)
        stage = "PRODUCTION_TRAFFIC_SHIFT"
        self.assertEqual(self.seen(), [stage, [125, 875], [100, 0]])
        self.assertEqual(
            self.service_deployment()["targetServiceRevision"]["requestedProductionTrafficWeight"], 12.5
        )
        self.clock(minutes=1)
        self.assertEqual(self.seen(), ["BAKE_TIME", [100, 0], [100, 0]])

    def test_how_requests_were_moved_is_told_in_order(self) -> None:
        self.begin("CANARY", canaryConfiguration={"canaryPercent": 10.0})
        path = "/gantry-emulator/traffic/shifts?since=%d"
        cursor = self.request("GET", path % 0)["cursor"]
        self.update(self.second)
        self.clock(minutes=10)
        told = self.request("GET", path % cursor)["shifts"]
        shown = [(s["traffic"], s["lifecycleStage"], s["weights"][self.group]) for s in told]
        self.assertEqual(
            shown,
            [
                ("test", "TEST_TRAFFIC_SHIFT", 100),
                ("production", "PRODUCTION_TRAFFIC_SHIFT", 10),
                ("production", "PRODUCTION_TRAFFIC_SHIFT", 100),
            ],
        )
        self.assertEqual({s["serviceDeploymentArn"] for s in told}, {self.arn})
        runs = {self.group: self.second, self.other: self.first}
        self.assertEqual([s["taskDefinitions"] for s in told], [runs] * 3)

    def test_a_linear_shift_takes_its_steps_and_does_not_wait_at_the_last(self) -> None:
        linear = {"stepPercent": 40.0, "stepBakeTimeInMinutes": 5}
        self.begin("LINEAR", linearConfiguration=linear)
        self.update(self.second)
        shares = []
        for _ in range(3):
            self.clock(minutes=0)
            shares.append(self.seen()[:2])
            self.clock(minutes=5)
        stage = "PRODUCTION_TRAFFIC_SHIFT"
        self.assertEqual(
            shares, [[stage, [40, 60]], [stage, [80, 20]], ["BAKE_TIME", [100, 0]]]
        )

    def test_the_clock_refuses_what_is_no_time(self) -> None:
        refused = [{"minutes": -1}, {"minutes": 1.5}, {"minuteSeconds": -1}, {"hookMinuteSeconds": "1"}]
        for body in (*refused, {"stagesPerLook": 0}, {"hours": 1}):
            self.assertIn("error", self.control("ecs/clock", body))


class GreenStartsTest(BlueGreenTest):
    def test_a_deployment_that_is_held_waits_for_its_tasks(self) -> None:
        self.begin()
        self.control("ecs/deployments", {"held": True})
        self.update(self.second)
        self.clock(minutes=60)
        told = self.request("GET", "/gantry-emulator/ecs/deployments")["inProgress"]
        shown = [(d["taskDefinition"], d["strategy"], d["lifecycleStage"]) for d in told]
        self.assertEqual(shown, [(self.second, "BLUE_GREEN", "SCALE_UP")])
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {self.first})
        named = {"cluster": "c", "service": "web", "id": "ecs-svc/1"}
        self.assertIn("no deployment of web is in progress", self.control("ecs/current-deployment", named)["error"])
        self.control("ecs/current-deployment", {**named, "id": told[0]["id"]})
        self.assertEqual(self.seen()[0], "TEST_TRAFFIC_SHIFT")

    def test_what_runs_is_told_at_every_stage_and_without_a_look(self) -> None:
        self.begin()
        self.update(self.second)
        both = [self.first, self.second]
        for stage, runs in (
            ("SCALE_UP", [self.first]), ("BAKE_TIME", both), ("CLEAN_UP", [self.second])
        ):
            if stage == "CLEAN_UP":
                self.clock(minuteSeconds=0)
            self.until(stage)
            for _ in range(2):
                told = self.request("GET", "/gantry-emulator/ecs/deployments")["running"]
                self.assertEqual([(r["shifts"], r["taskDefinitions"]) for r in told], [(stage, runs)])

    def test_a_load_balancer_is_told_as_it_is_at_one_moment(self) -> None:
        self.begin()
        arn = self.elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
        path = "/gantry-emulator/traffic/routes?loadBalancer="
        self.update(self.second)
        self.until("BAKE_TIME")
        told = self.request("GET", path + arn)
        listener = told["listeners"][0]
        self.assertEqual((listener["protocol"], listener["port"]), ("HTTP", 80))
        self.assertEqual([r["Priority"] for r in listener["rules"]], ["10", "20", "default"])
        rules = self.elb.describe_rules(ListenerArn=self.listener)["Rules"]
        by_arn = {r["RuleArn"]: r for r in rules}
        for rule in listener["rules"]:
            self.assertEqual(rule["Conditions"], by_arn[rule["RuleArn"]]["Conditions"])
        tasks = {g: {t["task"]["taskDefinition"] for t in told["targets"][g]} for g in (self.group, self.other)}
        self.assertEqual(tasks, {self.group: {self.second}, self.other: {self.first}})
        self.assertIn("there is no load balancer", self.request("GET", path + "none")["error"])

    def test_green_that_is_unhealthy_never_gets_a_request(self) -> None:
        self.begin()
        self.control("target-health", {"targetGroup": self.group, "state": "unhealthy"})
        self.update(self.second)
        self.clock(minutes=60)
        self.assertEqual(self.seen(), ["SCALE_UP", [0, 100], [0, 100]])
        self.control("target-health", {"targetGroup": self.group, "state": None})
        self.clock(minutes=0)
        self.assertEqual(self.seen()[0], "BAKE_TIME")
