"""What the emulator records of requests that nobody would have answered."""

from typing import Any, Dict, List

from .ecs_support import ServiceTest


class TrafficTest(ServiceTest):
    def setUp(self) -> None:
        super().setUp()
        self.ec2 = self.client("ec2")
        self.ecr.create_repository(repositoryName="web")
        self.front = self.net["group"]
        self.create(self.define("web:1"))
        self.cursor = self.request("GET", "/gantry-emulator/traffic")["cursor"]

    def moments(self) -> List[Dict[str, Any]]:
        return self.request("GET", "/gantry-emulator/traffic?since=%d" % self.cursor)["moments"]

    def health(self, group: str = "") -> List[str]:
        found = self.elb.describe_target_health(TargetGroupArn=group or self.group)
        return [t["TargetHealth"]["State"] for t in found["TargetHealthDescriptions"]]

    def second_group(self) -> str:
        return self.elb.create_target_group(
            Name="other", Protocol="HTTP", Port=80, VpcId=self.net["vpc"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]

    def forward(self, group: str) -> List[Dict[str, str]]:
        return [{"Type": "forward", "TargetGroupArn": group}]

    def rule(self, group: str, priority: int, conditions: List[Dict[str, Any]]) -> str:
        return self.elb.create_rule(
            ListenerArn=self.listener,
            Priority=priority,
            Conditions=conditions,
            Actions=self.forward(group),
        )["Rules"][0]["RuleArn"]

    def test_a_rolling_deployment_loses_nothing(self) -> None:
        self.update(self.define("web:2"))
        self.assertEqual(self.health(), ["healthy", "healthy"])
        self.assertEqual(self.moments(), [])

    def test_a_rule_that_leads_to_an_empty_group_is_a_moment_until_it_leads_back(self) -> None:
        rule = self.rule(self.group, 10, [{"Field": "path-pattern", "Values": ["/api/*"]}])
        self.elb.modify_rule(RuleArn=rule, Actions=self.forward(self.second_group()))
        self.elb.modify_rule(RuleArn=rule, Actions=self.forward(self.group))
        moment = self.moments()[0]
        self.assertEqual((moment["kind"], moment["priority"]), ("rule", "10"))
        action = "elasticloadbalancing:ModifyRule"
        self.assertEqual((moment["since"], moment["until"]), (action, action))

    def test_a_rule_that_no_client_can_match_loses_nothing(self) -> None:
        nobody = {"Field": "source-ip", "SourceIpConfig": {"Values": ["192.0.2.0/32"]}}
        empty = self.second_group()
        self.rule(empty, 10, [nobody])
        header = {"HttpHeaderName": "X-Gantry-Test", "Values": ["0123456789abcdef"]}
        test = {"Field": "http-header", "HttpHeaderConfig": header}
        self.rule(empty, 20, [test])
        self.assertEqual(self.moments(), [])

    def test_a_probe_tells_a_request_that_falls_to_the_default(self) -> None:
        rule = self.rule(self.group, 10, [{"Field": "path-pattern", "Values": ["/api/*"]}])
        refused = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
        self.elb.modify_listener(ListenerArn=self.listener, DefaultActions=refused)
        probe = {"listener": self.listener, "path": "/api/orders"}
        self.control("traffic/probes", {"probes": [probe]})
        self.elb.delete_rule(RuleArn=rule)
        answers = [m["answer"] for m in self.moments() if m["kind"] == "probe"]
        self.assertEqual(answers, ["no service: the rule of priority default"])

    def test_targets_are_unhealthy_while_a_security_group_keeps_the_load_balancer_out(self) -> None:
        lb = self.ec2.create_security_group(
            GroupName="lb", Description="lb", VpcId=self.net["vpc"]
        )["GroupId"]
        arn = self.elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
        self.elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[lb])
        self.assertEqual(self.health(), ["unhealthy", "unhealthy"])
        peer = [{"GroupId": lb}]
        tcp = {"IpProtocol": "tcp", "FromPort": 3000, "ToPort": 3000, "UserIdGroupPairs": peer}
        self.ec2.authorize_security_group_ingress(GroupId=self.front, IpPermissions=[tcp])
        self.assertEqual(self.health(), ["healthy", "healthy"])

    def test_a_service_wants_a_group_on_a_load_balancer_and_a_port_that_its_container_has(self) -> None:
        balancers = [
            {"targetGroupArn": self.second_group(), "containerName": "web", "containerPort": 3000}
        ]
        with self.assertRaisesRegex(Exception, "does not have an associated load balancer"):
            self.ecs.update_service(cluster="c", service="web", loadBalancers=balancers)
        balancers = [{"targetGroupArn": self.group, "containerName": "web", "containerPort": 8080}]
        with self.assertRaisesRegex(Exception, "did not have a container port 8080"):
            self.ecs.update_service(cluster="c", service="web", loadBalancers=balancers)


class CapacityTest(ServiceTest):
    def test_a_provider_that_a_service_uses_is_not_taken_away(self) -> None:
        self.ecr.create_repository(repositoryName="web")
        both = ["FARGATE", "FARGATE_SPOT"]
        self.ecs.put_cluster_capacity_providers(
            cluster="c", capacityProviders=both, defaultCapacityProviderStrategy=[]
        )
        spot = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
        self.create(self.define("web:1"), launchType=None, capacityProviderStrategy=spot)
        with self.assertRaisesRegex(Exception, "ResourceInUseException"):
            self.ecs.put_cluster_capacity_providers(
                cluster="c", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
            )
        demand = [{"capacityProvider": "FARGATE", "weight": 1}]
        self.ecs.update_service(
            cluster="c", service="web", capacityProviderStrategy=demand, forceNewDeployment=True
        )
        self.ecs.put_cluster_capacity_providers(
            cluster="c", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
        )
        with self.assertRaisesRegex(Exception, "is not associated with the cluster"):
            self.ecs.update_service(cluster="c", service="web", capacityProviderStrategy=spot)
