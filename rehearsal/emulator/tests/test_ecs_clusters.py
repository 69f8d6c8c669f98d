"""Clusters, capacity providers and task definitions come back as they were given."""

from .support import EmulatorTest


class EcsClustersTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.ecs = self.client("ecs")

    def described(self) -> dict:
        include = ["SETTINGS", "CONFIGURATIONS", "TAGS"]
        return self.ecs.describe_clusters(clusters=["c"], include=include)["clusters"][0]

    def test_settings_survive(self) -> None:
        configuration = {
            "executeCommandConfiguration": {
                "kmsKeyId": "k",
                "logging": "OVERRIDE",
                "logConfiguration": {
                    "cloudWatchLogGroupName": "exec",
                    "cloudWatchEncryptionEnabled": True,
                },
            }
        }
        self.ecs.create_cluster(
            clusterName="c",
            settings=[{"name": "containerInsights", "value": "enhanced"}],
            configuration=configuration,
            serviceConnectDefaults={"namespace": "n"},
            tags=[{"key": "k", "value": "v"}],
        )
        cluster = self.described()
        self.assertEqual(cluster["settings"], [{"name": "containerInsights", "value": "enhanced"}])
        self.assertEqual(cluster["configuration"], configuration)
        self.assertEqual(cluster["serviceConnectDefaults"], {"namespace": "n"})
        self.assertEqual((cluster["clusterName"], cluster["status"]), ("c", "ACTIVE"))
        self.assertEqual(cluster["tags"], [{"key": "k", "value": "v"}])
        self.ecs.update_cluster(
            cluster="c", settings=[{"name": "containerInsights", "value": "disabled"}]
        )
        cluster = self.described()
        self.assertEqual(cluster["settings"], [{"name": "containerInsights", "value": "disabled"}])
        self.assertEqual(cluster["configuration"], configuration)

    def test_settings_are_answered_on_request_only(self) -> None:
        self.ecs.create_cluster(clusterName="c")
        cluster = self.ecs.describe_clusters(clusters=["c"])["clusters"][0]
        self.assertNotIn("settings", cluster)
        self.assertNotIn("tags", cluster)
        self.assertEqual(cluster["activeServicesCount"], 0)

    def test_a_default_strategy_survives(self) -> None:
        self.ecs.create_cluster(clusterName="c")
        self.ecs.put_cluster_capacity_providers(
            cluster="c",
            capacityProviders=["FARGATE", "FARGATE_SPOT"],
            defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
        )
        cluster = self.described()
        self.assertEqual(cluster["capacityProviders"], ["FARGATE", "FARGATE_SPOT"])
        strategy = [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]
        self.assertEqual(cluster["defaultCapacityProviderStrategy"], strategy)


class EcsCapacityProvidersTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.ecs = self.client("ecs")
        self.provider = {
            "autoScalingGroupArn": "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:1:autoScalingGroupName/g",
            "managedTerminationProtection": "ENABLED",
            "managedDraining": "DISABLED",
            "managedScaling": {
                "status": "ENABLED",
                "targetCapacity": 90,
                "minimumScalingStepSize": 1,
                "maximumScalingStepSize": 2,
                "instanceWarmupPeriod": 60,
            },
        }
        self.ecs.create_capacity_provider(name="p", autoScalingGroupProvider=self.provider)

    def described(self, *names: str) -> list:
        return self.ecs.describe_capacity_providers(capacityProviders=list(names))[
            "capacityProviders"
        ]

    def test_survives_create_and_update(self) -> None:
        self.assertEqual(self.described("p")[0]["autoScalingGroupProvider"], self.provider)
        change = {"managedDraining": "ENABLED", "managedScaling": {"targetCapacity": 80}}
        self.ecs.update_capacity_provider(name="p", autoScalingGroupProvider=change)
        scaling = {**self.provider["managedScaling"], "targetCapacity": 80}
        expected = {**self.provider, "managedDraining": "ENABLED", "managedScaling": scaling}
        self.assertEqual(self.described("p")[0]["autoScalingGroupProvider"], expected)

    def test_fargate_is_there(self) -> None:
        self.assertEqual(
            [p["name"] for p in self.described("FARGATE", "FARGATE_SPOT")],
            ["FARGATE", "FARGATE_SPOT"],
        )
        self.assertEqual([p["name"] for p in self.described()], ["FARGATE", "FARGATE_SPOT", "p"])

    def test_delete(self) -> None:
        answer = self.ecs.delete_capacity_provider(capacityProvider="p")
        self.assertEqual(answer["capacityProvider"]["status"], "INACTIVE")
        self.assertEqual(self.described("p"), [])
        with self.assertRaises(self.ecs.exceptions.InvalidParameterException):
            self.ecs.delete_capacity_provider(capacityProvider="p")


class EcsTaskDefinitionsTest(EmulatorTest):
    def test_survives_unchanged(self) -> None:
        ecs = self.client("ecs")
        container = {
            "name": "web",
            "image": "web:1",
            "cpu": 0,
            "essential": True,
            "environment": [{"name": "A", "value": "b"}],
            "portMappings": [
                {
                    "name": "http",
                    "containerPort": 3000,
                    "hostPort": 3000,
                    "protocol": "tcp",
                    "appProtocol": "http",
                }
            ],
            "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False}],
            "volumesFrom": [],
            "readonlyRootFilesystem": True,
            "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
            "stopTimeout": 30,
            "startTimeout": 60,
            "healthCheck": {
                "command": ["CMD", "true"],
                "interval": 10,
                "timeout": 5,
                "retries": 3,
                "startPeriod": 20,
            },
            "secrets": [
                {"name": "S", "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/s"}
            ],
            "dependsOn": [{"containerName": "sidecar", "condition": "START"}],
            "restartPolicy": {"enabled": True, "restartAttemptPeriod": 60},
            "versionConsistency": "enabled",
            "logConfiguration": {"logDriver": "awslogs", "options": {"mode": "non-blocking"}},
        }
        settings = {
            "family": "web",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "taskRoleArn": "arn:aws:iam::123456789012:role/task",
            "executionRoleArn": "arn:aws:iam::123456789012:role/exec",
            "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
            "ephemeralStorage": {"sizeInGiB": 30},
            "volumes": [
                {"name": "tmp"},
                {
                    "name": "data",
                    "efsVolumeConfiguration": {
                        "fileSystemId": "fs-1",
                        "rootDirectory": "/",
                        "transitEncryption": "ENABLED",
                        "authorizationConfig": {"accessPointId": "fsap-1", "iam": "ENABLED"},
                    },
                },
            ],
            "containerDefinitions": [container],
            "enableFaultInjection": False,
            "pidMode": "task",
        }
        ecs.register_task_definition(**settings, tags=[{"key": "k", "value": "v"}])
        answer = ecs.describe_task_definition(taskDefinition="web", include=["TAGS"])
        described = answer["taskDefinition"]
        self.assertEqual({key: described.get(key) for key in settings}, settings)
        self.assertEqual(answer["tags"], [{"key": "k", "value": "v"}])
