"""A session may do what the policies of its role say, and nothing else."""

import json
from typing import Any, Dict

from .support import REGION
from .test_sessions import HERE, THERE, SessionTest, allow, document, trust

ECS = "arn:aws:ecs:%s:%s:" % (REGION, HERE)


def deny(actions: Any, resources: Any = "*", **more: Any) -> Dict[str, Any]:
    return {**allow(actions, resources, **more), "Effect": "Deny"}


class PoliciesTest(SessionTest):
    def test_root_may_do_everything_and_a_session_nothing_by_itself(self) -> None:
        self.client("ecs").list_clusters()
        keys = self.session()
        code = self.assertDenied(self.client("ecs", **keys).list_clusters)
        self.assertEqual(code, "AccessDeniedException")
        self.client("sts", **keys).get_caller_identity()
        [denial] = self.denials()
        self.assertEqual(
            (denial["action"], denial["resource"], denial["caller"], denial["role"]),
            (
                "ecs:ListClusters",
                "*",
                keys["aws_access_key_id"],
                "arn:aws:iam::%s:role/role" % HERE,
            ),
        )

    def test_refusals_are_listed_after_a_cursor(self) -> None:
        ecs = self.client("ecs", **self.session())
        self.assertDenied(ecs.list_clusters)
        cursor = self.request("GET", "/gantry-emulator/denials")["cursor"]
        self.assertDenied(ecs.list_services)
        later = self.request("GET", "/gantry-emulator/denials?since=%d" % cursor)
        self.assertEqual([d["action"] for d in later["denials"]], ["ecs:ListServices"])
        self.assertEqual(later["cursor"], cursor + 1)

    def test_a_refusal_reads_as_the_protocol_has_it(self) -> None:
        keys = self.session()
        user = "User: arn:aws:sts::%s:assumed-role/role/s is not authorized to perform: " % HERE
        for service, call, arguments, code, action in (
            ("ssm", "get_parameter", {"Name": "/a"}, "AccessDeniedException", "ssm:GetParameter"),
            ("iam", "get_role", {"RoleName": "role"}, "AccessDenied", "iam:GetRole"),
            ("ec2", "describe_vpcs", {}, "UnauthorizedOperation", "ec2:DescribeVpcs"),
            ("s3", "list_buckets", {}, "AccessDenied", "s3:ListAllMyBuckets"),
            ("lambda", "list_functions", {}, "AccessDeniedException", "lambda:ListFunctions"),
            (
                "elbv2",
                "describe_load_balancers",
                {},
                "AccessDenied",
                "elasticloadbalancing:DescribeLoadBalancers",
            ),
        ):
            method = getattr(self.client(service, **keys), call)
            self.assertEqual(self.assertDenied(method, user + action, **arguments), code)

    def test_a_denial_outweighs_and_attached_policies_count(self) -> None:
        iam = self.client("iam")
        everything = iam.create_policy(PolicyName="all", PolicyDocument=document(allow("*")))
        role = self.role("role", trust({"AWS": HERE}), deny("ecs:Delete*"))
        iam.attach_role_policy(RoleName="role", PolicyArn=everything["Policy"]["Arn"])
        ecs = self.client("ecs", **self.assume(role))
        ecs.create_cluster(clusterName="c")
        self.assertDenied(ecs.delete_cluster, "with an explicit deny", cluster="c")

    def test_a_boundary_and_the_session_policy_bound(self) -> None:
        iam = self.client("iam")
        bound = iam.create_policy(PolicyName="b", PolicyDocument=document(allow("ecs:*")))
        role = self.role("role", trust({"AWS": HERE}), allow(["ecs:*", "ecr:*"]))
        iam.put_role_permissions_boundary(
            RoleName="role", PermissionsBoundary=bound["Policy"]["Arn"]
        )
        keys = self.assume(role)
        self.client("ecs", **keys).list_clusters()
        self.assertDenied(self.client("ecr", **keys).describe_repositories)
        narrow = self.assume(role, Policy=document(allow("ecs:Describe*")))
        self.assertDenied(self.client("ecs", **narrow).list_clusters)

    def test_what_the_emulator_cannot_tell_allows_nothing(self) -> None:
        strange = {"StringEquals": {"aws:ResourceTag/team": "shop"}}
        keys = self.session(allow("ecs:ListClusters", Condition=strange))
        self.assertDenied(self.client("ecs", **keys).list_clusters)
        tls = {"Bool": {"aws:SecureTransport": "false"}}
        keys = self.session(
            allow("ecs:ListClusters"),
            deny("*", Condition=tls),
            deny("*", Condition=strange),
            name="b",
        )
        self.client("ecs", **keys).list_clusters()


class ServicesTest(SessionTest):
    def test_parameters_and_tables_are_told_apart(self) -> None:
        parameter = "arn:aws:ssm:%s:%s:parameter/shop/*" % (REGION, HERE)
        table = "arn:aws:dynamodb:%s:%s:table/shop" % (REGION, HERE)
        keys = self.session(allow("ssm:*", parameter), allow("dynamodb:PutItem", table))
        ssm = self.client("ssm", **keys)
        ssm.put_parameter(Name="/shop/a", Value="1", Type="String")
        self.assertDenied(ssm.get_parameter, Name="/other/a")
        self.assertDenied(ssm.get_parameters, Names=["/shop/a", "/other/a"])
        self.assertDenied(ssm.describe_parameters)
        root = self.client("dynamodb")
        for name in ("shop", "other"):
            root.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            )
        client, item = self.client("dynamodb", **keys), {"pk": {"S": "1"}}

        def put(name: str) -> Dict[str, Any]:
            return {"Put": {"TableName": name, "Item": item}}

        client.transact_write_items(TransactItems=[put("shop")])
        self.assertDenied(client.transact_write_items, TransactItems=[put("other")])
        gone = {"Delete": {"TableName": "shop", "Key": item}}
        self.assertDenied(client.transact_write_items, "dynamodb:DeleteItem", TransactItems=[gone])
        self.assertDenied(client.query, TableName="shop")

    def test_passing_a_role_takes_a_right_of_its_own(self) -> None:
        task = self.role("task", trust({"Service": "ecs-tasks.amazonaws.com"}))
        to_tasks = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        keys = self.session(
            allow(["ecs:RegisterTaskDefinition", "ecs:RunTask"]),
            allow("iam:PassRole", task, Condition=to_tasks),
        )
        ecs = self.client("ecs", **keys)
        self.client("ecs").create_cluster(clusterName="c")
        shape = {"family": "f", "containerDefinitions": [{"name": "a", "image": "i", "memory": 9}]}
        ecs.register_task_definition(**shape, taskRoleArn=task)
        ecs.run_task(cluster="c", taskDefinition="f")
        self.assertDenied(ecs.run_task, "TaskDefinition not found", cluster="c", taskDefinition="g")
        other = task.replace("role/task", "role/other")
        self.assertDenied(
            ecs.register_task_definition, "iam:PassRole", **shape, executionRoleArn=other
        )
        self.client("ecs").register_task_definition(**shape, executionRoleArn=other)
        self.assertDenied(ecs.run_task, "iam:PassRole", cluster="c", taskDefinition="f")

    def test_services_tasks_and_clusters_are_told_apart(self) -> None:
        in_cluster = {"ArnEquals": {"ecs:cluster": ECS + "cluster/c"}}
        made = {"StringEquals": {"ecs:CreateAction": "RegisterTaskDefinition"}}
        keys = self.session(
            allow("ecs:DescribeServices", ECS + "service/c/web"),
            allow("ecs:ListTasks", Condition=in_cluster),
            allow("ecs:RunTask", ECS + "task-definition/web-release:*", Condition=in_cluster),
            allow("ecs:RegisterTaskDefinition"),
            allow("ecs:TagResource", ECS + "task-definition/web:*", Condition=made),
        )
        ecs, root = self.client("ecs", **keys), self.client("ecs")
        for name in ("c", "d"):
            root.create_cluster(clusterName=name)
        ecs.describe_services(cluster="c", services=["web"])
        self.assertDenied(ecs.describe_services, cluster="c", services=["web", "jobs"])
        self.assertDenied(ecs.describe_services, cluster="d", services=["web"])
        ecs.list_tasks(cluster="c")
        self.assertDenied(ecs.list_tasks, cluster="d")
        containers = [{"name": "a", "image": "i", "memory": 9}]
        tags = [{"key": "k", "value": "v"}]
        for family in ("web", "web-release"):
            root.register_task_definition(family=family, containerDefinitions=containers)
        ecs.register_task_definition(family="web", containerDefinitions=containers, tags=tags)
        self.assertDenied(
            ecs.register_task_definition,
            "ecs:TagResource",
            family="web-release",
            containerDefinitions=containers,
            tags=tags,
        )
        ecs.run_task(cluster="c", taskDefinition="web-release")
        ecs.run_task(cluster="c", taskDefinition="web-release:1")
        self.assertDenied(ecs.run_task, cluster="c", taskDefinition="web:1")
        self.assertDenied(ecs.run_task, cluster="d", taskDefinition="web-release")

    def test_logs_secrets_and_images_are_told_apart(self) -> None:
        secret = self.client("secretsmanager").create_secret(Name="shop/a", SecretString="s")["ARN"]
        self.client("logs").create_log_group(logGroupName="/shop")
        self.client("ecr").create_repository(repositoryName="shop/web")
        place = "%s:%s:" % (REGION, HERE)
        keys = self.session(
            allow("logs:FilterLogEvents", "arn:aws:logs:%slog-group:/shop:*" % place),
            allow("secretsmanager:GetSecretValue", secret[:-6] + "??????"),
            allow("ecr:DescribeImages", "arn:aws:ecr:%srepository/shop/web" % place),
        )
        logs, secrets = self.client("logs", **keys), self.client("secretsmanager", **keys)
        logs.filter_log_events(logGroupName="/shop")
        self.assertDenied(logs.filter_log_events, logGroupName="/other")
        secrets.get_secret_value(SecretId="shop/a")
        secrets.get_secret_value(SecretId=secret)
        self.assertDenied(secrets.get_secret_value, SecretId="shop/b")
        ecr = self.client("ecr", **keys)
        ecr.describe_images(repositoryName="shop/web")
        self.assertDenied(ecr.describe_images, repositoryName="shop/jobs")
        self.assertDenied(ecr.get_authorization_token)


class BucketsTest(SessionTest):
    BUCKET = "arn:aws:s3:::bucket"

    def setUp(self) -> None:
        super().setUp()
        self.root = self.client("s3")
        place = {"LocationConstraint": REGION}
        self.root.create_bucket(Bucket="bucket", CreateBucketConfiguration=place)
        self.root.put_bucket_versioning(
            Bucket="bucket", VersioningConfiguration={"Status": "Enabled"}
        )
        self.version = self.root.put_object(Bucket="bucket", Key="a/b", Body=b"1")["VersionId"]

    def test_objects_versions_and_listings_have_actions_of_their_own(self) -> None:
        under = {"StringLike": {"s3:prefix": ["a/*"]}}
        keys = self.session(
            allow(["s3:GetObject", "s3:PutObject"], self.BUCKET + "/a/*"),
            allow("s3:ListBucket", self.BUCKET, Condition=under),
        )
        s3, named = self.client("s3", **keys), {"Bucket": "bucket"}
        s3.head_object(**named, Key="a/b")
        s3.put_object(**named, Key="a/c", Body=b"2")
        upload = s3.create_multipart_upload(**named, Key="a/d")["UploadId"]
        s3.upload_part(**named, Key="a/d", UploadId=upload, PartNumber=1, Body=b"3")
        s3.copy_object(**named, Key="a/e", CopySource="bucket/a/b")
        self.assertDenied(s3.copy_object, **named, Key="a/e", CopySource="bucket/b/b")
        versioned = {**named, "Key": "a/b", "VersionId": self.version}
        self.assertDenied(s3.get_object, "s3:GetObjectVersion", **versioned)
        self.assertDenied(s3.get_object, **named, Key="b/b")
        self.assertDenied(s3.delete_object, **named, Key="a/b")
        self.assertDenied(s3.delete_objects, **named, Delete={"Objects": [{"Key": "a/b"}]})
        s3.list_objects_v2(**named, Prefix="a/x")
        self.assertDenied(s3.list_objects_v2, **named, Prefix="b/")
        self.assertDenied(s3.list_objects_v2, **named)
        self.assertDenied(s3.put_object, "s3:PutObjectAcl", **named, Key="a/c", ACL="private")
        self.assertDenied(s3.get_bucket_encryption, "s3:GetEncryptionConfiguration", **named)
        self.assertEqual(self.assertDenied(s3.head_bucket, "Forbidden", **named), "403")

    def test_whoever_may_not_list_does_not_learn_what_is_missing(self) -> None:
        readers = allow("s3:GetObject", self.BUCKET + "/*")
        blind = self.client("s3", **self.session(readers, name="blind"))
        seeing = self.session(readers, allow("s3:ListBucket", self.BUCKET), name="seeing")
        wanted = {"Bucket": "bucket", "Key": "none"}
        self.assertEqual(self.assertDenied(blind.get_object, **wanted), "AccessDenied")
        under = allow("s3:ListBucket", self.BUCKET, Condition={"StringLike": {"s3:prefix": "*"}})
        partly = self.client("s3", **self.session(readers, under, name="partly"))
        self.assertEqual(self.assertDenied(partly.get_object, **wanted), "AccessDenied")
        with self.assertRaises(self.root.exceptions.NoSuchKey):
            self.client("s3", **seeing).get_object(**wanted)

    def test_the_bucket_s_own_policy_counts(self) -> None:
        keys = self.session(name="granted")
        s3, wanted = self.client("s3", **keys), {"Bucket": "bucket", "Key": "a/b"}
        self.assertDenied(s3.get_object, **wanted)
        role = "arn:aws:iam::%s:role/granted" % HERE
        granted = allow("s3:GetObject", self.BUCKET + "/*", Principal={"AWS": role})
        self.root.put_bucket_policy(Bucket="bucket", Policy=document(granted))
        s3.get_object(**wanted)
        denied = deny("s3:GetObject", self.BUCKET + "/*", Principal={"AWS": role})
        self.root.put_bucket_policy(Bucket="bucket", Policy=document(granted, denied))
        self.assertDenied(s3.get_object, "explicit deny in a resource-based", **wanted)
        self.root.get_object(**wanted)

    def test_another_account_s_bucket_needs_both_sides(self) -> None:
        keys = self.elsewhere()
        s3, wanted = self.client("s3", **keys), {"Bucket": "bucket", "Key": "a/b"}
        self.assertDenied(s3.get_object, "no resource-based policy", **wanted)
        granted = allow("s3:GetObject", self.BUCKET + "/*", Principal={"AWS": THERE})
        self.root.put_bucket_policy(Bucket="bucket", Policy=document(granted))
        self.assertEqual(s3.get_object(**wanted)["Body"].read(), b"1")
        self.assertEqual(
            [json.dumps(d["resource"]) for d in self.denials()], ['"%s/a/b"' % self.BUCKET]
        )
