"""Addresses that whoever runs the containers gives to tasks."""

from .ecs_support import ServiceTest


class TaskAddressesTest(ServiceTest):
    def addresses(self) -> set:
        found = set()
        for task in self.tasks():
            details = {d["name"]: d["value"] for d in task["attachments"][0]["details"]}
            interfaces = [i for c in task["containers"] for i in c["networkInterfaces"]]
            told = {i["privateIpv4Address"] for i in interfaces}
            self.assertEqual(told, {details["privateIPv4Address"]})
            found |= told
        return found

    def test_are_told_of_a_service_without_load_balancer(self) -> None:
        first = self.define("web:1")
        self.create(first, loadBalancers=[])
        self.assertNotIn("127.77.0.1", self.addresses())
        moved = self.control(
            "ecs/task-address", {"cluster": "c", "service": "web", "address": "127.77.0.1"}
        )
        self.assertEqual(len(moved["tasks"]), 2)
        self.assertEqual(self.addresses(), {"127.77.0.1"})
        # Those of another release have addresses of their own again.
        self.update(self.define("web:2"))
        self.describe()
        self.assertNotIn("127.77.0.1", self.addresses())

    def test_are_those_of_one_colour_where_a_deployment_shifts_traffic(self) -> None:
        ports = [{"name": "web", "containerPort": 3000}]
        first, second = (self.define("web:%d" % n, portMappings=ports) for n in (1, 2))
        alias = {"dnsName": "web", "port": 3000}
        connect = {"enabled": True, "namespace": "n", "services": [{"portName": "web", "clientAliases": [alias]}]}
        pause = {"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}
        self.create(
            first,
            loadBalancers=[],
            serviceConnectConfiguration=connect,
            deploymentConfiguration={"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0},
        )
        called = "/gantry-emulator/ecs/called?cluster=c&service=web"
        alone = [{"taskDefinition": first, "production": 100, "test": 100}]
        self.assertEqual(self.request("GET", called)["colours"], alone)
        self.control("ecs/clock", {"minutes": 0})
        self.assertEqual(self.request("GET", called)["colours"], alone)
        held = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0, "lifecycleHooks": [pause]}
        self.ecs.update_service(
            cluster="c", service="web", taskDefinition=second, deploymentConfiguration=held
        )
        self.control("ecs/clock", {"minutes": 0})
        self.assertEqual(
            self.request("GET", called)["colours"],
            [
                {"taskDefinition": second, "production": 0, "test": 100},
                {"taskDefinition": first, "production": 100, "test": 0},
            ],
        )
        body = {"cluster": "c", "service": "web", "address": "127.77.0.2", "taskDefinition": second}
        self.control("ecs/task-address", body)
        told = {
            (t["taskDefinitionArn"], d["value"] == "127.77.0.2")
            for t in self.tasks()
            for d in t["attachments"][0]["details"]
            if d["name"] == "privateIPv4Address"
        }
        self.assertEqual(told, {(first, False), (second, True)})
        listed = self.ecs.list_service_deployments(cluster="c", service="web")["serviceDeployments"]
        self.ecs.stop_service_deployment(
            serviceDeploymentArn=listed[0]["serviceDeploymentArn"], stopType="ROLLBACK"
        )
        for _ in range(3):
            self.control("ecs/clock", {"minutes": 1})
        # Whatever of the other colour is still there.
        self.assertEqual(self.request("GET", called)["colours"], alone)

    def test_stay_where_a_load_balancer_knows_them(self) -> None:
        self.create(self.define("web:1"))
        body = {"cluster": "c", "service": "web", "address": "127.77.0.1"}
        refused = self.control("ecs/task-address", body)
        self.assertIn("a load balancer knows the tasks of web", refused["error"])
        self.assertNotIn("127.77.0.1", self.addresses())
