"""Settings of ECS services survive create, describe and update."""

from typing import Any, Dict

from botocore.exceptions import ClientError

from .support import EmulatorTest


class EcsServicesTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.ecs = self.client("ecs")
        self.net = self.network()
        self.ecs.create_cluster(clusterName="c")
        self.define("1")

    def define(self, tag: str) -> str:
        return self.ecs.register_task_definition(
            family="web",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "web", "image": "web:" + tag, "essential": True}],
        )["taskDefinition"]["taskDefinitionArn"]

    def create(self, **settings: Any) -> Dict[str, Any]:
        given = {
            "networkConfiguration": self.net["configuration"],
            "launchType": "FARGATE",
            **settings,
        }
        given = {k: v for k, v in given.items() if v is not None}
        return self.ecs.create_service(
            cluster="c", serviceName="web", taskDefinition="web", desiredCount=2, **given
        )["service"]

    def describe(self) -> Dict[str, Any]:
        return self.ecs.describe_services(cluster="c", services=["web"], include=["TAGS"])[
            "services"
        ][0]

    def test_keeps_what_create_service_was_given(self) -> None:
        settings = {
            "enableExecuteCommand": True,
            "enableECSManagedTags": True,
            "propagateTags": "SERVICE",
            "availabilityZoneRebalancing": "ENABLED",
            "healthCheckGracePeriodSeconds": 30,
            "platformVersion": "1.4.0",
            "deploymentConfiguration": {
                "maximumPercent": 150,
                "minimumHealthyPercent": 50,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
                "alarms": {"alarmNames": ["a"], "enable": True, "rollback": True},
            },
            "tags": [{"key": "k", "value": "v"}],
        }
        self.create(**settings)
        described = self.describe()
        self.assertEqual({key: described.get(key) for key in settings}, settings)

    def test_capacity_providers_take_the_place_of_the_launch_type(self) -> None:
        strategy = [{"capacityProvider": "FARGATE", "weight": 1, "base": 1}]
        self.ecs.put_cluster_capacity_providers(
            cluster="c", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=strategy
        )
        self.create(launchType=None, capacityProviderStrategy=strategy)
        described = self.describe()
        self.assertEqual(described["capacityProviderStrategy"], strategy)
        self.assertNotIn("launchType", described)
        self.assertEqual(described["platformVersion"], "LATEST")

    def test_a_service_without_a_network_has_no_network_configuration(self) -> None:
        self.ecs.register_task_definition(
            family="agent",
            networkMode="bridge",
            containerDefinitions=[{"name": "a", "image": "a", "memory": 32}],
        )
        self.ecs.create_service(
            cluster="c", serviceName="web", taskDefinition="agent", desiredCount=1
        )
        self.assertNotIn("networkConfiguration", self.describe())

    def test_service_connect_stands_in_the_deployment(self) -> None:
        connect = {"enabled": True, "namespace": "n", "services": []}
        self.create(serviceConnectConfiguration=connect)
        self.assertEqual(self.describe()["deployments"][0]["serviceConnectConfiguration"], connect)

    def test_the_default_strategy_of_the_cluster_applies(self) -> None:
        strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]
        self.ecs.put_cluster_capacity_providers(
            cluster="c",
            capacityProviders=["FARGATE_SPOT"],
            defaultCapacityProviderStrategy=strategy,
        )
        self.create(launchType=None)
        self.assertEqual(self.describe()["capacityProviderStrategy"], strategy)

    def test_update_keeps_what_it_was_not_given(self) -> None:
        self.create(enableExecuteCommand=True)
        self.ecs.update_service(cluster="c", service="web", healthCheckGracePeriodSeconds=5)
        described = self.describe()
        self.assertEqual(described["healthCheckGracePeriodSeconds"], 5)
        self.assertTrue(described["enableExecuteCommand"])

    def test_a_session_is_refused_as_ecs_does_and_opens_in_no_rehearsal(self) -> None:
        def refusal(**more: str) -> str:
            with self.assertRaises(ClientError) as raised:
                self.ecs.execute_command(cluster="c", command="sh", interactive=True, **more)
            error = raised.exception.response["Error"]
            return error["Code"] + ": " + error["Message"]

        def task() -> Dict[str, Any]:
            arns = self.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"]
            return self.ecs.describe_tasks(cluster="c", tasks=arns[:1])["tasks"][0]

        self.create()
        self.assertNotIn("managedAgents", task()["containers"][0])
        self.assertIn("InvalidParameterException: The execute command failed", refusal(task=task()["taskArn"]))
        self.ecs.update_service(
            cluster="c", service="web", enableExecuteCommand=True, forceNewDeployment=True
        )
        self.describe()
        agent = task()["containers"][0]["managedAgents"][0]
        self.assertEqual((agent["name"], agent["lastStatus"]), ("ExecuteCommandAgent", "RUNNING"))
        self.assertIn("TargetNotConnectedException: No sessions", refusal(task=task()["taskArn"]))
        self.assertIn("The referenced task was not found", refusal(task="none"))

    def test_a_setting_that_tasks_do_not_carry_starts_no_deployment(self) -> None:
        before = self.create()["deployments"][0]["id"]
        self.ecs.update_service(
            cluster="c", service="web", healthCheckGracePeriodSeconds=5, taskDefinition="web"
        )
        self.assertEqual([d["id"] for d in self.describe()["deployments"]], [before])

    def test_a_deleted_service_is_inactive_and_not_listed(self) -> None:
        self.create()
        self.ecs.delete_service(cluster="c", service="web", force=True)
        self.assertEqual(self.describe()["status"], "INACTIVE")
        self.assertEqual(self.ecs.list_services(cluster="c")["serviceArns"], [])
        self.assertEqual(self.ecs.list_tasks(cluster="c")["taskArns"], [])
        self.ecs.delete_cluster(cluster="c")

    def test_a_cluster_with_services_is_not_deleted(self) -> None:
        self.create()
        with self.assertRaises(self.ecs.exceptions.ClusterContainsServicesException):
            self.ecs.delete_cluster(cluster="c")
