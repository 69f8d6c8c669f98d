"""A session may do what the policies of its role say, and nothing else."""

from typing import Any, Dict

from .support import REGION
from .test_sessions import HERE, SessionTest, allow, deny, document, trust

ECS = "arn:aws:ecs:%s:%s:" % (REGION, HERE)


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
        user = "User: arn:aws:sts::%s:assumed-role/role/session is not authorized to perform: " % HERE
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

    def test_task_definitions_are_registered_in_families_that_are_named(self) -> None:
        keys = self.session(allow("ecs:RegisterTaskDefinition", ECS + "task-definition/web:*"))
        ecs = self.client("ecs", **keys)
        containers = [{"name": "a", "image": "i", "memory": 9}]
        ecs.register_task_definition(family="web", containerDefinitions=containers)
        for family in ("web-2", "jobs"):
            self.assertDenied(
                ecs.register_task_definition, family=family, containerDefinitions=containers
            )

    def test_updates_of_a_service_are_bounded_by_what_they_name(self) -> None:
        bounds = {
            "StringLikeIfExists": {"ecs:task-definition": "*:task-definition/web:*"},
            "StringEqualsIfExists": {"ecs:enable-execute-command": "false"},
            "BoolIfExists": {"ecs:auto-assign-public-ip": "false"},
        }
        network = self.network()
        own, other = network["subnets"]
        subnets = {"ForAllValues:StringEquals": {"ecs:subnet": [own]}}
        keys = self.session(
            allow("ecs:UpdateService", ECS + "service/c/web", Condition={**bounds, **subnets})
        )
        root, ecs = self.client("ecs"), self.client("ecs", **keys)
        root.create_cluster(clusterName="c")
        for family in ("web", "web-2"):
            containers = [{"name": "a", "image": "i", "memory": 9}]
            root.register_task_definition(family=family, containerDefinitions=containers)
        root.create_service(
            cluster="c", serviceName="web", taskDefinition="web", desiredCount=0
        )
        service = {"cluster": "c", "service": "web"}

        def placed(subnets: Any, public: str = "DISABLED") -> Dict[str, Any]:
            return {"awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": public}}

        ecs.update_service(**service, desiredCount=0)
        ecs.update_service(**service, taskDefinition="web")
        ecs.update_service(**service, taskDefinition=ECS + "task-definition/web:1")
        ecs.update_service(**service, enableExecuteCommand=False)
        ecs.update_service(**service, networkConfiguration=placed([own]))
        for denied in (
            {"taskDefinition": "web-2"},
            {"taskDefinition": "web-2:1"},
            {"enableExecuteCommand": True},
            {"networkConfiguration": placed([own, other])},
            {"networkConfiguration": placed([own], "ENABLED")},
        ):
            self.assertDenied(ecs.update_service, "ecs:UpdateService", **service, **denied)

    def test_a_project_of_codebuild_is_named_by_its_arn_too(self) -> None:
        own = "arn:aws:codebuild:%s:%s:project/shop--staging" % (REGION, HERE)
        client = self.client("codebuild", **self.session(allow("codebuild:BatchGetProjects", own + "*")))
        for name in ("shop--staging--drift", own + "--drift"):
            client.batch_get_projects(names=[name])
        other = own.replace("staging", "production")
        self.assertDenied(client.batch_get_projects, names=[other])

    def test_namespaces_of_metrics_are_told_apart(self) -> None:
        own = {"StringEquals": {"cloudwatch:namespace": "Gantry/Drift"}}
        keys = self.session(allow("cloudwatch:PutMetricData", "*", Condition=own))
        client = self.client("cloudwatch", **keys)
        put = {"MetricData": [{"MetricName": "Resources", "Value": 1.0}]}
        client.put_metric_data(Namespace="Gantry/Drift", **put)
        self.assertDenied(client.put_metric_data, Namespace="AWS/ECS", **put)

    def test_partitions_of_a_table_are_told_apart(self) -> None:
        self.client("dynamodb").create_table(
            TableName="ledger",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        table = "arn:aws:dynamodb:%s:%s:table/ledger" % (REGION, HERE)
        lock = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["lock"]}}
        written = ["dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:BatchWriteItem"]
        keys = self.session(
            allow("dynamodb:PutItem", table), allow(written, table, Condition=lock)
        )
        client, named = self.client("dynamodb", **keys), {"TableName": "ledger"}
        for key in ("lock", "events"):
            client.put_item(**named, Item={"pk": {"S": key}})

        def deleted(key: str) -> Dict[str, Any]:
            return {"Delete": {**named, "Key": {"pk": {"S": key}}}}

        def queried(key: str) -> Dict[str, Any]:
            values = {":k": {"S": key}}
            return {**named, "KeyConditionExpression": "pk = :k", "ExpressionAttributeValues": values}

        def batched(*found: str) -> Dict[str, Any]:
            return {"RequestItems": {"ledger": [{"DeleteRequest": {"Key": {"pk": {"S": k}}}} for k in found]}}

        self.assertDenied(client.delete_item, **named, Key={"pk": {"S": "events"}})
        self.assertDenied(
            client.transact_write_items, "dynamodb:DeleteItem", TransactItems=[deleted("events")]
        )
        self.assertDenied(client.query, **queried("events"))
        self.assertDenied(client.batch_write_item, **batched("lock", "events"))
        client.query(**queried("lock"))
        client.transact_write_items(TransactItems=[deleted("lock")])
        client.delete_item(**named, Key={"pk": {"S": "lock"}})
        client.batch_write_item(**batched("lock"))

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
