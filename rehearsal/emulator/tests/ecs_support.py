"""A service with two tasks behind a target group."""

import json
from typing import Any, Dict, List, Optional

from .support import EmulatorTest


class ServiceTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.ecs, self.ecr, self.elb = self.client("ecs"), self.client("ecr"), self.client("elbv2")
        self.net = self.network()
        self.ecs.create_cluster(clusterName="c")
        self.group = self.elb.create_target_group(
            Name="web", Protocol="HTTP", Port=3000, VpcId=self.net["vpc"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        balancer = self.elb.create_load_balancer(Name="lb", Subnets=self.net["subnets"])
        self.listener = self.elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
            Port=80,
            Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": self.group}],
        )["Listeners"][0]["ListenerArn"]

    def push(self, tag: str) -> str:
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"digest": "sha256:" + tag * 64},
            "layers": [],
        }
        image = self.ecr.put_image(
            repositoryName="web", imageManifest=json.dumps(manifest), imageTag=tag
        )
        return image["image"]["imageId"]["imageDigest"]

    def define(
        self, image: str, sidecar: Optional[Dict[str, Any]] = None, **container: Any
    ) -> str:
        return self.ecs.register_task_definition(
            family="web",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[
                {
                    "name": "web",
                    "image": image,
                    "portMappings": [{"containerPort": 3000}],
                    **container,
                },
                {"name": "sidecar", "image": "sidecar:1", "essential": False, **(sidecar or {})},
            ],
        )["taskDefinition"]["taskDefinitionArn"]

    def create(self, definition: str, **more: Any) -> Dict[str, Any]:
        return self.ecs.create_service(
            cluster="c",
            serviceName="web",
            taskDefinition=definition,
            desiredCount=2,
            networkConfiguration=self.net["configuration"],
            **{
                "launchType": "FARGATE",
                "loadBalancers": [
                    {"targetGroupArn": self.group, "containerName": "web", "containerPort": 3000}
                ],
                **more,
            },
        )["service"]

    def update(self, definition: str) -> None:
        self.ecs.update_service(cluster="c", service="web", taskDefinition=definition)

    def describe(self) -> Dict[str, Any]:
        return self.ecs.describe_services(cluster="c", services=["web"])["services"][0]

    def tasks(self, status: str = "RUNNING") -> List[Dict[str, Any]]:
        arns = self.ecs.list_tasks(cluster="c", serviceName="web", desiredStatus=status)["taskArns"]
        return self.ecs.describe_tasks(cluster="c", tasks=arns)["tasks"] if arns else []

    def states(self) -> List[Any]:
        return [
            (d["status"], d["rolloutState"], d["runningCount"])
            for d in self.describe()["deployments"]
        ]

    def plan(self, **outcome: Any) -> Any:
        return self.control("ecs/next-deployment", {"cluster": "c", "service": "web", **outcome})

    def service_deployment(self) -> Dict[str, Any]:
        arn = self.ecs.list_service_deployments(cluster="c", service="web")["serviceDeployments"][
            0
        ]["serviceDeploymentArn"]
        return self.ecs.describe_service_deployments(serviceDeploymentArns=[arn])[
            "serviceDeployments"
        ][0]
