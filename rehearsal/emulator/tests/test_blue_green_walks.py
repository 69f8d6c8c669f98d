"""Whatever comes in whatever order: no request is led to nothing, and in the end one revision runs."""

from random import Random
from typing import Any, Dict, List

from .blue_green_support import BlueGreenTest

MOVES = ("minutes", "minutes", "answer", "answer", "update", "update", "stop", "scale", "crash")
WALKS, STEPS = 10, 12


class WalksTest(BlueGreenTest):
    def setUp(self) -> None:
        super().setUp()
        self.cursor = 0
        hook = {"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}
        timeout = {"timeoutInMinutes": 30, "action": "ROLLBACK"}
        self.begin("CANARY", canaryConfiguration={"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 5})
        hooks = [{**hook, "timeoutConfiguration": timeout}]
        self.clock(stagesPerLook=4)
        self.update(self.second, deploymentConfiguration={"lifecycleHooks": hooks})
        self.cursor = self.request("GET", "/gantry-emulator/traffic")["cursor"]

    def lost(self) -> List[Dict[str, Any]]:
        path = "/gantry-emulator/traffic?since=%d" % self.cursor
        moments = self.request("GET", path)["moments"]
        return [moment for moment in moments if moment["rule"] == self.production]

    def waiting(self) -> List[Dict[str, Any]]:
        details = self.service_deployment()["lifecycleHookDetails"]
        return [hook for hook in details if hook["status"] == "AWAITING_ACTION"]

    def answer(self, action: str) -> None:
        for hook in self.waiting():
            self.ecs.continue_service_deployment(
                serviceDeploymentArn=self.arn, hookId=hook["hookId"], action=action
            )

    def move(self, random: Random) -> str:
        """Does something that people, time or a pipeline may do, and answers what."""
        what = random.choice(MOVES)
        status = self.service_deployment()["status"]
        if what == "minutes":
            self.clock(minutes=random.choice([0, 1, 5, 10, 30]))
        elif what == "update":
            self.update(random.choice([self.first, self.second, self.third]), forceNewDeployment=True)
        elif what == "stop" and status == "IN_PROGRESS":
            self.ecs.stop_service_deployment(serviceDeploymentArn=self.arn)
        elif what == "answer":
            self.answer(random.choice(["CONTINUE", "CONTINUE", "CONTINUE", "ROLLBACK"]))
        elif what == "scale":
            desired = random.choice([1, 2, 3])
            self.ecs.update_service(cluster="c", service="web", desiredCount=desired)
        elif what == "crash":
            crash = {"cluster": "c", "service": "web", "count": 1, "replace": True}
            self.control("ecs/stop-tasks", crash)
        return what

    def test_seeded_walks(self) -> None:
        ends = set()
        for seed in range(WALKS):
            random, done = Random(seed), []
            for _ in range(STEPS):
                done.append(self.move(random))
                self.assertEqual(self.lost(), [], (seed, done))
            ends.add(self.settle("CONTINUE" if seed % 2 else "ROLLBACK"))
        self.assertEqual(ends, {"SUCCESSFUL", "ROLLBACK_SUCCESSFUL"})

    def settle(self, action: str) -> str:
        """Answers what waits and lets time end what is under way; how it ended."""
        self.update(self.third, forceNewDeployment=True)
        self.clock(minutes=0)
        self.answer(action)
        self.clock(minutes=120)
        self.describe()
        service = self.describe()
        wanted = [("PRIMARY", "COMPLETED", service["desiredCount"])]
        self.assertEqual(self.states(), wanted)
        revision = service["taskDefinition"]
        self.assertEqual({t["taskDefinitionArn"] for t in self.tasks()}, {revision})
        share = self.weights(self.production)
        serving, idle = (self.group, self.other) if share[0] else (self.other, self.group)
        self.assertEqual((sorted(share), self.images(idle)), ([0, 100], []))
        self.assertEqual(self.images(serving), [revision] * service["desiredCount"])
        self.assertEqual(self.waiting(), [])
        return self.service_deployment()["status"]
