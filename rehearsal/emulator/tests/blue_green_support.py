"""A service whose deployments shift traffic between two target groups, by a rule for production and one for tests."""

from typing import Any, Dict, List

from .ecs_support import ServiceTest


class BlueGreenTest(ServiceTest):
    def setUp(self) -> None:
        super().setUp()
        self.other = self.elb.create_target_group(
            Name="web-other", Protocol="HTTP", Port=3000, VpcId=self.net["vpc"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        self.production = self.rule(20, {"Field": "path-pattern", "Values": ["/*"]})
        header = {"HttpHeaderName": "x-test", "Values": ["secret"]}
        self.test = self.rule(10, {"Field": "http-header", "HttpHeaderConfig": header})
        self.first, self.second, self.third = (self.define("web:%d" % n) for n in (1, 2, 3))

    def rule(self, priority: int, condition: Dict[str, Any]) -> str:
        groups = [
            {"TargetGroupArn": self.group, "Weight": 1},
            {"TargetGroupArn": self.other, "Weight": 0},
        ]
        return self.elb.create_rule(
            ListenerArn=self.listener,
            Priority=priority,
            Conditions=[condition],
            Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}],
        )["Rules"][0]["RuleArn"]

    def balancers(self, **advanced: Any) -> List[Dict[str, Any]]:
        given = {
            "alternateTargetGroupArn": self.other,
            "productionListenerRule": self.production,
            "testListenerRule": self.test,
            "roleArn": "arn:aws:iam::123456789012:role/ecs-shifts-traffic",
            **advanced,
        }
        return [
            {
                "targetGroupArn": self.group,
                "containerName": "web",
                "containerPort": 3000,
                "advancedConfiguration": {k: v for k, v in given.items() if v is not None},
            }
        ]

    def begin(self, strategy: str = "BLUE_GREEN", **configuration: Any) -> None:
        """Creates the service and lets its first deployment end, which leaves it in the other group."""
        given = {"strategy": strategy, "bakeTimeInMinutes": 10, **configuration}
        self.create(self.first, loadBalancers=self.balancers(), deploymentConfiguration=given)
        self.clock(minutes=60)
        self.assertEqual(self.service_deployment()["status"], "SUCCESSFUL")
        self.clock(minuteSeconds=60)

    def create(self, definition: str, **more: Any) -> Dict[str, Any]:
        service = super().create(definition, **more)
        self.arn = service["currentServiceDeployment"]
        return service

    def update(self, definition: str, **more: Any) -> None:
        answer = self.ecs.update_service(
            cluster="c", service="web", taskDefinition=definition, **more
        )
        self.arn = answer["service"]["currentServiceDeployment"]

    def service_deployment(self) -> Dict[str, Any]:
        """The newest one: one look."""
        found = self.ecs.describe_service_deployments(serviceDeploymentArns=[self.arn])
        return found["serviceDeployments"][0]

    def clock(self, **body: Any) -> None:
        self.assertNotIn("error", self.control("ecs/clock", body))

    def weights(self, rule: str) -> List[int]:
        """What a rule gives to the group and to the other one."""
        actions = self.elb.describe_rules(RuleArns=[rule])["Rules"][0]["Actions"]
        groups = actions[0]["ForwardConfig"]["TargetGroups"]
        by_group = {g["TargetGroupArn"]: g["Weight"] for g in groups}
        return [by_group[self.group], by_group[self.other]]

    def seen(self) -> List[Any]:
        """The stage, and the weights of production and test, after a look."""
        stage = self.service_deployment()["lifecycleStage"]
        return [stage, self.weights(self.production), self.weights(self.test)]

    def until(self, stage: str) -> None:
        """Looks until the deployment is in the stage."""
        for _ in range(40):
            if self.service_deployment()["lifecycleStage"] == stage:
                return
        self.fail("never in %s: %s" % (stage, self.service_deployment()))

    def images(self, group: str) -> List[str]:
        """The task definitions of the tasks that are healthy in a group."""
        arn = self.elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
        told = self.request("GET", "/gantry-emulator/traffic/routes?loadBalancer=" + arn)
        found = told["targets"][group]
        self.assertEqual({t["state"] for t in found} - {"healthy"}, set())
        return [t["task"]["taskDefinition"] for t in found]
