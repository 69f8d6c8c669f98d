"""RDS and ElastiCache."""

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
