"""Service Connect refuses what ECS does, and a deployment has the configuration that it began with."""

from typing import Any, Dict, Optional

from botocore.exceptions import ClientError

from .support import EmulatorTest

NAMESPACE = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1"


def served(port_name: str = "app", name: str = "api") -> Dict[str, Any]:
    service = {
        "portName": port_name,
        "discoveryName": name,
        "clientAliases": [{"dnsName": name, "port": 80}],
    }
    return {"enabled": True, "namespace": NAMESPACE, "services": [service]}


class ServiceConnectTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.ecs = self.client("ecs")
        self.net = self.network()
        self.ecs.create_cluster(clusterName="c")
        self.define("app")

    def define(self, port_name: str, protocol: Optional[str] = None) -> str:
        port = {"name": port_name, "containerPort": 80}
        if protocol:
            port["appProtocol"] = protocol
        container = {"name": "app", "image": "api:1", "essential": True, "portMappings": [port]}
        return self.ecs.register_task_definition(
            family="api",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[container],
        )["taskDefinition"]["taskDefinitionArn"]

    def create(self, service: str, connect: Dict[str, Any]) -> None:
        self.ecs.create_service(
            cluster="c",
            serviceName=service,
            taskDefinition="api",
            desiredCount=1,
            launchType="FARGATE",
            networkConfiguration=self.net["configuration"],
            serviceConnectConfiguration=connect,
        )

    def primary(self) -> Dict[str, Any]:
        services = self.ecs.describe_services(cluster="c", services=["api"])["services"]
        return services[0]["deployments"][0]

    def assert_refused(self, message: str, call: Any) -> None:
        with self.assertRaises(ClientError) as raised:
            call()
        error = raised.exception.response["Error"]
        self.assertEqual(error["Code"], "InvalidParameterException")
        self.assertIn(message, error["Message"])

    def test_a_deployment_has_the_configuration(self) -> None:
        self.create("api", served())
        self.assertEqual(self.primary()["serviceConnectConfiguration"], served())

    def test_a_name_can_be_taken_from_a_service(self) -> None:
        self.create("api", served())
        before = self.primary()["id"]
        off = {"enabled": False}
        self.ecs.update_service(cluster="c", service="api", serviceConnectConfiguration=off)
        self.assertNotEqual(self.primary()["id"], before)
        self.assertNotIn("serviceConnectConfiguration", self.primary())
        self.create("other", served())

    def test_refuses_a_port_that_the_task_definition_does_not_name(self) -> None:
        self.assert_refused("'web' is not the name", lambda: self.create("api", served("web")))

    def test_refuses_a_name_that_another_service_has(self) -> None:
        self.create("api", served())
        self.assert_refused("'api' is used by another", lambda: self.create("two", served()))
        self.create("two", served(name="two"))

    def test_refuses_another_protocol_of_a_name_that_is_there(self) -> None:
        self.create("api", served())
        grpc = self.define("app-grpc", "grpc")
        self.assert_refused(
            "immutable",
            lambda: self.ecs.update_service(
                cluster="c",
                service="api",
                taskDefinition=grpc,
                serviceConnectConfiguration=served("app-grpc"),
            ),
        )
        self.assert_refused(
            "'app' is not the name",
            lambda: self.ecs.update_service(cluster="c", service="api", taskDefinition=grpc),
        )
