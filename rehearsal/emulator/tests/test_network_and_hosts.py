"""EC2, Auto Scaling: flow logs, launch templates, groups."""

from typing import Any, Dict

from .support import EmulatorTest


class FlowLogsTest(EmulatorTest):
    def test_a_folder_and_options_of_a_bucket_survive(self) -> None:
        bucket = {"LocationConstraint": "eu-west-1"}
        self.client("s3").create_bucket(Bucket="flow-logs", CreateBucketConfiguration=bucket)
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        options = {
            "FileFormat": "parquet",
            "HiveCompatiblePartitions": True,
            "PerHourPartition": True,
        }
        made = ec2.create_flow_logs(
            ResourceIds=[vpc],
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="s3",
            LogDestination="arn:aws:s3:::flow-logs/vpc/",
            DestinationOptions=options,
        )
        self.assertEqual(made["Unsuccessful"], [])
        log = ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"][0]
        self.assertEqual(
            (log["LogDestination"], log["DestinationOptions"]),
            ("arn:aws:s3:::flow-logs/vpc/", options),
        )

    def test_goes_to_a_log_group(self) -> None:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.client("logs").create_log_group(logGroupName="/flow")
        made = ec2.create_flow_logs(
            ResourceIds=[vpc],
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="cloud-watch-logs",
            LogDestination="arn:aws:logs:eu-west-1:123456789012:log-group:/flow",
            DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/flow",
            MaxAggregationInterval=60,
        )
        self.assertEqual(len(made["FlowLogIds"]), 1)


class HostsTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.ec2, self.groups = self.client("ec2"), self.client("autoscaling")
        self.template = self.ec2.create_launch_template(
            LaunchTemplateName="template",
            LaunchTemplateData={
                "ImageId": "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
                "InstanceType": "t3.small",
                "TagSpecifications": [
                    {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "host"}]}
                ],
            },
            TagSpecifications=[
                {"ResourceType": "launch-template", "Tags": [{"Key": "project", "Value": "p"}]}
            ],
        )["LaunchTemplate"]["LaunchTemplateId"]

    def group(self) -> Dict[str, Any]:
        return self.groups.describe_auto_scaling_groups(AutoScalingGroupNames=["g"])[
            "AutoScalingGroups"
        ][0]

    def test_the_tags_of_a_template_are_not_those_of_its_instances(self) -> None:
        versions = self.ec2.describe_launch_template_versions(
            LaunchTemplateId=self.template, Versions=["$Latest"]
        )
        data = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        self.assertEqual([t["ResourceType"] for t in data["TagSpecifications"]], ["instance"])
        self.assertTrue(data["ImageId"].startswith("resolve:ssm:"))
        template = self.ec2.describe_launch_templates(LaunchTemplateIds=[self.template])[
            "LaunchTemplates"
        ][0]
        self.assertEqual(template["Tags"], [{"Key": "project", "Value": "p"}])
        self.ec2.create_tags(Resources=[self.template], Tags=[{"Key": "project", "Value": "q"}])
        template = self.ec2.describe_launch_templates(LaunchTemplateIds=[self.template])[
            "LaunchTemplates"
        ][0]
        self.assertEqual(template["Tags"], [{"Key": "project", "Value": "q"}])

    def test_a_group_keeps_its_settings_and_refreshes(self) -> None:
        self.groups.create_auto_scaling_group(
            AutoScalingGroupName="g",
            MinSize=0,
            MaxSize=3,
            VPCZoneIdentifier=",".join(self.network()["subnets"]),
            LaunchTemplate={"LaunchTemplateId": self.template, "Version": "1"},
            MaxInstanceLifetime=604800,
            NewInstancesProtectedFromScaleIn=True,
            Tags=[{"Key": "AmazonECSManaged", "Value": "true", "PropagateAtLaunch": True}],
        )
        group = self.group()
        self.assertEqual(
            (group["MaxInstanceLifetime"], group["NewInstancesProtectedFromScaleIn"]),
            (604800, True),
        )
        self.assertEqual(group["Tags"][0]["Key"], "AmazonECSManaged")
        self.groups.update_auto_scaling_group(
            AutoScalingGroupName="g", MaxInstanceLifetime=0, MaxSize=4
        )
        self.assertNotIn("MaxInstanceLifetime", self.group())
        started = self.groups.start_instance_refresh(AutoScalingGroupName="g")["InstanceRefreshId"]
        refreshes = self.groups.describe_instance_refreshes(
            AutoScalingGroupName="g", InstanceRefreshIds=[started]
        )
        self.assertEqual(refreshes["InstanceRefreshes"][0]["Status"], "Successful")
        with self.assertRaisesRegex(Exception, "ActiveInstanceRefreshNotFound"):
            self.groups.cancel_instance_refresh(AutoScalingGroupName="g")
