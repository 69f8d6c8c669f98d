"""RDS and ElastiCache."""

import json

from botocore.exceptions import ClientError

from .support import EmulatorTest


class RdsTest(EmulatorTest):
    def test_each_instance_has_a_resource_id_of_its_own(self) -> None:
        rds = self.client("rds")
        for name in ("one", "two"):
            rds.create_db_instance(
                DBInstanceIdentifier=name,
                DBInstanceClass="db.t4g.micro",
                Engine="mysql",
                AllocatedStorage=20,
                MasterUsername="app",
                ManageMasterUserPassword=True,
            )
        found = rds.describe_db_instances()["DBInstances"]
        one, two = (each["DbiResourceId"] for each in found)
        self.assertNotEqual(one, two)
        by_id = rds.describe_db_instances(
            Filters=[{"Name": "dbi-resource-id", "Values": [two]}]
        )["DBInstances"]
        self.assertEqual([each["DBInstanceIdentifier"] for each in by_id], ["two"])

    def test_a_master_password_is_drawn_and_kept_with_its_user(self) -> None:
        rds, secrets = self.client("rds"), self.client("secretsmanager")
        kept = []
        for name in ("one", "two"):
            made = rds.create_db_cluster(
                DBClusterIdentifier=name,
                Engine="aurora-postgresql",
                MasterUsername="app",
                ManageMasterUserPassword=True,
            )["DBCluster"]
            secret = secrets.get_secret_value(SecretId=made["MasterUserSecret"]["SecretArn"])
            kept.append(json.loads(secret["SecretString"]))
        self.assertEqual([each["username"] for each in kept], ["app", "app"])
        one, two = (each["password"] for each in kept)
        self.assertNotEqual(one, two)
        self.assertGreaterEqual(len(one), 28)

    def test_a_cluster_has_a_scaling_configuration_of_v2_alone(self) -> None:
        rds = self.client("rds")
        rds.create_db_cluster(
            DBClusterIdentifier="main",
            Engine="aurora-postgresql",
            MasterUsername="app",
            ManageMasterUserPassword=True,
            ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4},
        )
        (cluster,) = rds.describe_db_clusters()["DBClusters"]
        self.assertNotIn("ScalingConfigurationInfo", cluster)
        self.assertEqual(cluster["ServerlessV2ScalingConfiguration"]["MaxCapacity"], 4)

    def test_a_parameter_that_was_set_is_the_user_s(self) -> None:
        rds = self.client("rds")
        rds.create_db_parameter_group(
            DBParameterGroupName="main", DBParameterGroupFamily="mysql8.4", Description="main"
        )
        given = {"ParameterName": "require_secure_transport", "ParameterValue": "ON"}
        rds.modify_db_parameter_group(
            DBParameterGroupName="main", Parameters=[{**given, "ApplyMethod": "immediate"}]
        )
        (parameter,) = rds.describe_db_parameters(DBParameterGroupName="main")["Parameters"]
        self.assertEqual((parameter["ParameterValue"], parameter["Source"]), ("ON", "user"))


class ElastiCacheTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.cache = self.client("elasticache")
        for user_id, name in (("jobs", "default"), ("other", "app")):
            self.cache.create_user(
                UserId=user_id,
                UserName=name,
                Engine="redis",
                AccessString="on ~* +@all",
                AuthenticationMode={"Type": "password", "Passwords": ["a-long-enough-password"]},
            )

    def group(self, **more: object) -> None:
        tags = [{"Key": "team", "Value": "shop"}]
        given = {"UserGroupId": "jobs", "Engine": "redis", "UserIds": ["jobs"], "Tags": tags}
        self.cache.create_user_group(**{**given, **more})

    def test_a_group_of_redis_has_a_default_user(self) -> None:
        with self.assertRaises(ClientError) as caught:
            self.group(UserIds=["other"])
        self.assertEqual(caught.exception.response["Error"]["Code"], "DefaultUserRequired")
        self.group()
        group = self.cache.describe_user_groups(UserGroupId="jobs")["UserGroups"][0]
        self.assertEqual((group["Status"], group["UserIds"]), ("active", ["jobs"]))
        tags = self.cache.list_tags_for_resource(ResourceName=group["ARN"])["TagList"]
        self.assertEqual(tags, [{"Key": "team", "Value": "shop"}])

    def test_a_serverless_cache_is_made_changed_and_deleted(self) -> None:
        self.cache.create_serverless_cache(
            ServerlessCacheName="jobs", Engine="valkey", MajorEngineVersion="8", SubnetIds=["subnet-1"]
        )
        self.cache.modify_serverless_cache(
            ServerlessCacheName="jobs",
            CacheUsageLimits={"DataStorage": {"Maximum": 5, "Unit": "GB"}},
        )
        found = self.cache.describe_serverless_caches(ServerlessCacheName="jobs")
        cache = found["ServerlessCaches"][0]
        self.assertEqual(cache["CacheUsageLimits"]["DataStorage"], {"Maximum": 5, "Unit": "GB"})
        self.assertEqual(cache["Endpoint"]["Port"], 6379)
        self.cache.delete_serverless_cache(ServerlessCacheName="jobs")
        with self.assertRaises(ClientError) as caught:
            self.cache.describe_serverless_caches(ServerlessCacheName="jobs")
        code = caught.exception.response["Error"]["Code"]
        self.assertEqual(code, "ServerlessCacheNotFoundFault")

    def test_a_user_gets_another_password(self) -> None:
        mode = {"Type": "password", "Passwords": ["another-long-password", "and-a-second-one-too"]}
        self.cache.modify_user(UserId="jobs", AuthenticationMode=mode)
        (user,) = self.cache.describe_users(UserId="jobs")["Users"]
        self.assertEqual(user["Authentication"]["PasswordCount"], 2)

    def replication_group(self, clusters: int) -> None:
        self.cache.create_cache_subnet_group(
            CacheSubnetGroupName="inside", CacheSubnetGroupDescription="inside", SubnetIds=["subnet-1"]
        )
        self.cache.create_replication_group(
            ReplicationGroupId="jobs",
            ReplicationGroupDescription="jobs",
            Engine="redis",
            EngineVersion="7.1",
            NumCacheClusters=clusters,
            AutomaticFailoverEnabled=clusters > 1,
            CacheSubnetGroupName="inside",
            SecurityGroupIds=["sg-1"],
            TransitEncryptionEnabled=True,
            AtRestEncryptionEnabled=True,
            AutoMinorVersionUpgrade=False,
        )

    def members(self) -> list:
        (group,) = self.cache.describe_replication_groups(ReplicationGroupId="jobs")["ReplicationGroups"]
        return group["MemberClusters"]

    def test_the_members_of_a_replication_group_are_clusters_of_its_settings(self) -> None:
        self.replication_group(2)
        self.assertEqual(self.members(), ["jobs-001", "jobs-002"])
        found = self.cache.describe_cache_clusters(CacheClusterId="jobs-002")["CacheClusters"][0]
        self.assertEqual((found["EngineVersion"], found["CacheSubnetGroupName"]), ("7.1.0", "inside"))
        self.assertEqual(found["SecurityGroups"], [{"SecurityGroupId": "sg-1", "Status": "active"}])
        self.assertEqual(found["CacheParameterGroup"]["CacheParameterGroupName"], "default.redis7")
        self.assertEqual((found["AutoMinorVersionUpgrade"], found["TransitEncryptionMode"]), (False, "required"))
        self.assertEqual(len(self.cache.describe_cache_clusters()["CacheClusters"]), 2)

    def test_a_replication_group_fails_over_to_a_replica_alone(self) -> None:
        self.replication_group(1)
        change = {"ReplicationGroupId": "jobs", "ApplyImmediately": True}
        with self.assertRaises(ClientError) as caught:
            self.cache.modify_replication_group(**change, AutomaticFailoverEnabled=True)
        code = caught.exception.response["Error"]["Code"]
        self.assertEqual(code, "InvalidParameterCombination")
        self.cache.increase_replica_count(**change, NewReplicaCount=1)
        self.assertEqual(self.members(), ["jobs-001", "jobs-002"])
        self.cache.modify_replication_group(**change, AutomaticFailoverEnabled=True, EngineVersion="7.2")
        (found,) = self.cache.describe_cache_clusters(CacheClusterId="jobs-001")["CacheClusters"]
        self.assertEqual(found["EngineVersion"], "7.2.0")
        with self.assertRaises(ClientError):
            self.cache.decrease_replica_count(**change, NewReplicaCount=0)
        self.cache.modify_replication_group(**change, AutomaticFailoverEnabled=False)
        self.cache.decrease_replica_count(**change, NewReplicaCount=0)
        self.assertEqual(self.members(), ["jobs-001"])

    def test_a_subnet_group_is_kept_as_long_as_something_is_in_it(self) -> None:
        self.replication_group(1)
        name = {"CacheSubnetGroupName": "inside"}
        self.cache.modify_cache_subnet_group(**name, SubnetIds=["subnet-2"])
        (group,) = self.cache.describe_cache_subnet_groups(**name)["CacheSubnetGroups"]
        self.assertEqual([each["SubnetIdentifier"] for each in group["Subnets"]], ["subnet-2"])
        with self.assertRaises(ClientError) as caught:
            self.cache.delete_cache_subnet_group(**name)
        self.assertEqual(caught.exception.response["Error"]["Code"], "CacheSubnetGroupInUse")
        self.cache.delete_replication_group(ReplicationGroupId="jobs")
        for gone in (lambda: self.members(), lambda: self.cache.describe_cache_clusters(CacheClusterId="jobs-001")):
            with self.assertRaises(ClientError):
                gone()
        self.cache.delete_cache_subnet_group(**name)
        with self.assertRaises(ClientError):
            self.cache.describe_cache_subnet_groups(**name)
