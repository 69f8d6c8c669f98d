"""ELBv2 and Application Auto Scaling, which moto does well: what Gantry counts on stays so."""

import json
from typing import Any, Dict, List

import boto3

from .support import EmulatorTest


class LoadBalancerTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.elb, self.net = self.client("elbv2"), self.network()
        balancer = self.elb.create_load_balancer(
            Name="lb", Subnets=self.net["subnets"], Type="application"
        )
        self.balancer = balancer["LoadBalancers"][0]["LoadBalancerArn"]
        group = self.elb.create_target_group(
            Name="tg", Protocol="HTTP", Port=80, VpcId=self.net["vpc"], TargetType="ip"
        )
        self.group = group["TargetGroups"][0]["TargetGroupArn"]

    def certificate(self) -> str:
        acm = self.client("acm")
        arn = acm.request_certificate(DomainName="web.example.test", ValidationMethod="DNS")[
            "CertificateArn"
        ]
        acm.get_waiter("certificate_validated").wait(
            CertificateArn=arn, WaiterConfig={"Delay": 1, "MaxAttempts": 5}
        )
        return arn

    def attributes(self, answer: Dict[str, Any]) -> Dict[str, str]:
        return {a["Key"]: a["Value"] for a in answer["Attributes"]}

    def test_attributes_survive(self) -> None:
        wanted = {
            "routing.http.drop_invalid_header_fields.enabled": "true",
            "idle_timeout.timeout_seconds": "90",
            "client_keep_alive.seconds": "1800",
            "deletion_protection.enabled": "true",
        }
        given = [{"Key": k, "Value": v} for k, v in wanted.items()]
        self.elb.modify_load_balancer_attributes(LoadBalancerArn=self.balancer, Attributes=given)
        got = self.attributes(
            self.elb.describe_load_balancer_attributes(LoadBalancerArn=self.balancer)
        )
        self.assertEqual({k: got.get(k) for k in wanted}, wanted)
        with self.assertRaisesRegex(Exception, "OperationNotPermitted"):
            self.elb.delete_load_balancer(LoadBalancerArn=self.balancer)

    def test_ipv6_needs_subnets_that_have_it(self) -> None:
        def dualstack() -> None:
            self.elb.set_ip_address_type(LoadBalancerArn=self.balancer, IpAddressType="dualstack")

        refused = self.assertRaisesRegex
        with refused(Exception, "specify subnets with an associated IPv6 CIDR block"):
            dualstack()
        with refused(Exception, "specify subnets with an associated IPv6 CIDR block"):
            self.elb.create_load_balancer(
                Name="other",
                Subnets=self.net["subnets"],
                Type="application",
                IpAddressType="dualstack",
            )
        ec2 = self.client("ec2")
        for index, subnet in enumerate(self.net["subnets"]):
            ec2.associate_subnet_cidr_block(
                SubnetId=subnet, Ipv6CidrBlock="2001:db8:0:%d::/64" % index
            )
        for subnet in ec2.describe_subnets(SubnetIds=self.net["subnets"])["Subnets"]:
            (network,) = subnet["Ipv6CidrBlockAssociationSet"]
            self.assertEqual(network["Ipv6CidrBlockState"], {"State": "associated"})
        dualstack()
        described = self.elb.describe_load_balancers(LoadBalancerArns=[self.balancer])
        self.assertEqual(described["LoadBalancers"][0]["IpAddressType"], "dualstack")
        self.elb.set_ip_address_type(LoadBalancerArn=self.balancer, IpAddressType="ipv4")

    def test_a_group_knows_the_load_balancers_that_lead_to_it(self) -> None:
        def known(group: str) -> List[str]:
            answer = self.elb.describe_target_groups(TargetGroupArns=[group])
            return answer["TargetGroups"][0]["LoadBalancerArns"]

        def to(group: str) -> List[Any]:
            return [{"Type": "forward", "TargetGroupArn": group}]

        other = self.elb.create_target_group(
            Name="other", Protocol="HTTP", Port=80, VpcId=self.net["vpc"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        self.assertEqual(known(self.group), [])
        listener = self.elb.create_listener(
            LoadBalancerArn=self.balancer,
            Protocol="HTTP",
            Port=80,
            DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
            ],
        )["Listeners"][0]["ListenerArn"]
        rules = [
            self.elb.create_rule(
                ListenerArn=listener,
                Priority=priority,
                Conditions=[{"Field": "path-pattern", "Values": ["/%d" % priority]}],
                Actions=to(self.group),
            )["Rules"][0]["RuleArn"]
            for priority in (1, 2)
        ]
        self.assertEqual(known(self.group), [self.balancer])
        self.elb.modify_rule(RuleArn=rules[0], Actions=to(other))
        self.assertEqual([known(self.group), known(other)], [[self.balancer], [self.balancer]])
        self.elb.delete_rule(RuleArn=rules[1])
        self.assertEqual([known(self.group), known(other)], [[], [self.balancer]])

    def test_logs_go_to_a_bucket_that_lets_them_in(self) -> None:
        def log_to(bucket: str, prefix: str = "") -> None:
            wanted = {"enabled": "true", "bucket": bucket, "prefix": prefix}
            self.elb.modify_load_balancer_attributes(
                LoadBalancerArn=self.balancer,
                Attributes=[{"Key": "access_logs.s3." + k, "Value": v} for k, v in wanted.items()],
            )

        s3 = self.client("s3")
        with self.assertRaisesRegex(Exception, "InvalidConfigurationRequest.*does not exist"):
            log_to("acme-logs")
        s3.create_bucket(
            Bucket="acme-logs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        with self.assertRaisesRegex(Exception, "Access Denied for bucket: acme-logs"):
            log_to("acme-logs")
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::acme-logs/AWSLogs/123456789012/*",
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        s3.put_bucket_policy(Bucket="acme-logs", Policy=json.dumps(policy))
        log_to("acme-logs")
        with self.assertRaisesRegex(Exception, "Access Denied for bucket: acme-logs"):
            log_to("acme-logs", "shop")
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
        s3.put_bucket_encryption(
            Bucket="acme-logs", ServerSideEncryptionConfiguration={"Rules": [rule]}
        )
        with self.assertRaisesRegex(Exception, "Access Denied for bucket: acme-logs"):
            log_to("acme-logs")
        boto3.client("s3", region_name="us-east-1", endpoint_url=self.url).create_bucket(
            Bucket="acme-far"
        )
        with self.assertRaisesRegex(Exception, "not in region eu-west-1"):
            log_to("acme-far")

    def test_a_load_balancer_faces_the_internet_unless_it_is_internal(self) -> None:
        internal = self.elb.create_load_balancer(
            Name="inside", Subnets=self.net["subnets"], Scheme="internal"
        )["LoadBalancers"][0]
        self.assertEqual(internal["Scheme"], "internal")
        self.assertRegex(internal["DNSName"], r"^internal-inside-")
        [public] = self.elb.describe_load_balancers(Names=["lb"])["LoadBalancers"]
        self.assertEqual(public["Scheme"], "internet-facing")
        self.assertRegex(public["DNSName"], r"^lb-")

    def test_a_deregistration_delay_is_at_most_an_hour(self) -> None:
        def delay(seconds: str) -> str:
            key = "deregistration_delay.timeout_seconds"
            self.elb.modify_target_group_attributes(
                TargetGroupArn=self.group, Attributes=[{"Key": key, "Value": seconds}]
            )
            got = self.elb.describe_target_group_attributes(TargetGroupArn=self.group)
            return self.attributes(got)[key]

        for seconds in ("0", "3599", "3600"):
            self.assertEqual(delay(seconds), seconds)
        for seconds in ("-1", "3601"):
            with self.assertRaisesRegex(Exception, "must be between '0-3600' inclusive"):
                delay(seconds)

    def test_target_group_attributes_survive(self) -> None:
        wanted = {
            "deregistration_delay.timeout_seconds": "5",
            "slow_start.duration_seconds": "30",
            "load_balancing.algorithm.type": "least_outstanding_requests",
        }
        given = [{"Key": k, "Value": v} for k, v in wanted.items()]
        self.elb.modify_target_group_attributes(TargetGroupArn=self.group, Attributes=given)
        got = self.attributes(self.elb.describe_target_group_attributes(TargetGroupArn=self.group))
        self.assertEqual({k: got.get(k) for k in wanted}, wanted)

    def test_a_listener_has_a_certificate_and_rules(self) -> None:
        policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
        answer = self.elb.create_listener(
            LoadBalancerArn=self.balancer,
            Port=443,
            Protocol="HTTPS",
            SslPolicy=policy,
            Certificates=[{"CertificateArn": self.certificate()}],
            DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
            ],
        )
        listener = answer["Listeners"][0]["ListenerArn"]
        self.assertEqual(answer["Listeners"][0]["SslPolicy"], policy)
        conditions = [
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["web.example.test"]}},
            {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}},
        ]
        forward = [{"Type": "forward", "TargetGroupArn": self.group}]
        self.elb.create_rule(
            ListenerArn=listener, Priority=10, Conditions=conditions, Actions=forward
        )
        rules = self.elb.describe_rules(ListenerArn=listener)["Rules"]
        self.assertEqual([r["Priority"] for r in rules], ["10", "default"])
        fields = [c["Field"] for c in rules[0]["Conditions"]]
        self.assertEqual(sorted(fields), ["host-header", "path-pattern"])
        with self.assertRaisesRegex(Exception, "PriorityInUse"):
            self.elb.create_rule(
                ListenerArn=listener, Priority=10, Conditions=conditions, Actions=forward
            )


    def test_a_listener_keeps_its_other_certificates(self) -> None:
        first, second, third = (self.certificate() for _ in range(3))
        listener = self.elb.create_listener(
            LoadBalancerArn=self.balancer,
            Port=443,
            Protocol="HTTPS",
            Certificates=[{"CertificateArn": first}],
            DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
            ],
        )["Listeners"][0]["ListenerArn"]
        for _ in range(2):
            self.elb.add_listener_certificates(
                ListenerArn=listener, Certificates=[{"CertificateArn": second}]
            )
        self.elb.modify_listener(ListenerArn=listener, Certificates=[{"CertificateArn": third}])
        got = self.elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]
        self.assertEqual(
            [(c["CertificateArn"], c["IsDefault"]) for c in got], [(third, True), (second, False)]
        )
        [own] = self.elb.describe_listeners(ListenerArns=[listener])["Listeners"]
        self.assertEqual([c["CertificateArn"] for c in own["Certificates"]], [third])


class ScalingTest(EmulatorTest):
    def test_targets_have_tags_policies_and_schedules(self) -> None:
        net, ecs = self.network(), self.client("ecs")
        ecs.create_cluster(clusterName="c")
        ecs.register_task_definition(
            family="web",
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "a", "image": "a"}],
        )
        ecs.create_service(
            cluster="c",
            serviceName="web",
            taskDefinition="web",
            desiredCount=1,
            launchType="FARGATE",
            networkConfiguration=net["configuration"],
        )
        scaling = self.client("application-autoscaling")
        target = {
            "ServiceNamespace": "ecs",
            "ResourceId": "service/c/web",
            "ScalableDimension": "ecs:service:DesiredCount",
        }
        arn = scaling.register_scalable_target(
            **target, MinCapacity=1, MaxCapacity=4, Tags={"k": "v"}
        )["ScalableTargetARN"]
        scaling.tag_resource(ResourceARN=arn, Tags={"l": "w"})
        scaling.untag_resource(ResourceARN=arn, TagKeys=["k"])
        self.assertEqual(scaling.list_tags_for_resource(ResourceARN=arn)["Tags"], {"l": "w"})
        tracking = {
            "TargetValue": 1000.0,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ALBRequestCountPerTarget",
                "ResourceLabel": "app/lb/1/targetgroup/tg/2",
            },
        }
        scaling.put_scaling_policy(
            PolicyName="requests",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracking,
            **target,
        )
        policies = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
        self.assertEqual(policies[0]["TargetTrackingScalingPolicyConfiguration"], tracking)
        scaling.put_scheduled_action(
            ScheduledActionName="night",
            Schedule="cron(0 20 * * ? *)",
            Timezone="Europe/Dublin",
            ScalableTargetAction={"MinCapacity": 0, "MaxCapacity": 1},
            **target,
        )
        action = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"][0]
        self.assertEqual(action["ScalableTargetAction"], {"MinCapacity": 0, "MaxCapacity": 1})
