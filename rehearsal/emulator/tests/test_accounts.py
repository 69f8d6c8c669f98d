"""Two accounts share nothing but the names of buckets, and what policies of buckets and repositories grant."""

from typing import Any, Dict, List

from botocore.exceptions import ClientError

from .support import REGION
from .test_registry import RegistryTest
from .test_sessions import HERE, THERE, SessionTest, allow, document, trust

PLACE = {"LocationConstraint": REGION}


class AccountsTest(SessionTest):
    def setUp(self) -> None:
        super().setUp()
        self.theirs = self.elsewhere()

    def everything(self, keys: Dict[str, str]) -> Dict[str, List[str]]:
        """The names of what an account has."""

        def client(service: str) -> Any:
            return self.client(service, **keys)

        groups = client("logs").describe_log_groups()["logGroups"]
        rules = client("events").list_rules()["Rules"]
        connections = client("codeconnections").list_connections()["Connections"]
        families = client("ecs").list_task_definition_families()["families"]
        balancers = client("elbv2").describe_load_balancers()["LoadBalancers"]
        definitions = client("logs").describe_query_definitions()["queryDefinitions"]
        mirrors = client("ecr").describe_pull_through_cache_rules()["pullThroughCacheRules"]
        return {
            "secrets": [s["Name"] for s in client("secretsmanager").list_secrets()["SecretList"]],
            "groups": [g["logGroupName"] for g in groups],
            "rules": [r["Name"] for r in rules],
            "connections": [c["ConnectionName"] for c in connections],
            "families": families,
            "projects": client("codebuild").list_projects()["projects"],
            "balancers": [b["LoadBalancerName"] for b in balancers],
            "topics": [t["TopicArn"] for t in client("sns").list_topics()["Topics"]],
            "keys": [k["KeyId"] for k in client("kms").list_keys()["Keys"]],
            "definitions": [d["name"] for d in definitions],
            "mirrors": [m["ecrRepositoryPrefix"] for m in mirrors],
        }

    def make(self) -> None:
        """One of each, in the account of the emulator's root."""
        self.client("secretsmanager").create_secret(Name="s", SecretString="s")
        self.client("logs").create_log_group(logGroupName="/g")
        self.client("logs").put_query_definition(name="q", queryString="fields @message")
        self.client("events").put_rule(Name="r", EventPattern="{}")
        self.client("codeconnections").create_connection(ConnectionName="c", ProviderType="GitHub")
        self.client("ecs").register_task_definition(
            family="f", containerDefinitions=[{"name": "a", "image": "i", "memory": 9}]
        )
        self.client("codebuild").create_project(
            name="project",
            source={"type": "NO_SOURCE", "buildspec": "version: 0.2"},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "i",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=self.role("build", trust({"Service": "codebuild.amazonaws.com"})),
        )
        self.client("elbv2").create_load_balancer(Name="b", Subnets=self.network()["subnets"])
        self.client("sns").create_topic(Name="t")
        self.client("kms").create_key()
        self.client("ecr").create_pull_through_cache_rule(
            ecrRepositoryPrefix="mirror", upstreamRegistryUrl="public.ecr.aws"
        )

    def test_nobody_sees_what_the_other_account_has(self) -> None:
        self.make()
        self.assertEqual({k: len(v) for k, v in self.everything({}).items() if len(v) != 1}, {})
        self.assertEqual({k: v for k, v in self.everything(self.theirs).items() if v}, {})

    def test_an_account_is_added_once(self) -> None:
        self.assertEqual(self.elsewhere().keys(), self.theirs.keys())
        [role] = self.client("iam", **self.theirs).list_roles()["Roles"]
        self.assertEqual(role["RoleName"], "OrganizationAccountAccessRole")
        refused = self.control("accounts", {"account": 210987654321})
        self.assertEqual(
            refused["error"], "account must be a text of 12 digits, not 210987654321"
        )

    def test_an_arn_of_the_other_account_names_nothing_of_one_s_own(self) -> None:
        self.client("ecs").create_cluster(clusterName="c")
        ecs = self.client("ecs", **self.theirs)
        ecs.create_cluster(clusterName="c")
        arn = "arn:aws:ecs:%s:%s:cluster/c" % (REGION, HERE)
        self.assertDenied(ecs.describe_clusters, "no resource-based policy", clusters=[arn])
        [own] = ecs.describe_clusters(clusters=["c"])["clusters"]
        self.assertEqual(own["clusterArn"], arn.replace(HERE, THERE))

    def test_connections_belong_to_who_made_them(self) -> None:
        theirs = self.client("codeconnections", **self.theirs)
        arn = theirs.create_connection(ConnectionName="c", ProviderType="GitHub")["ConnectionArn"]
        self.assertEqual(arn.split(":")[4], THERE)
        self.control("connections", {"arn": arn, "status": "AVAILABLE"})
        status = theirs.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"]
        self.assertEqual(status, "AVAILABLE")
        mine = self.client("codeconnections")
        with self.assertRaises(mine.exceptions.ResourceNotFoundException):
            mine.get_connection(ConnectionArn=arn)

    def test_policies_that_are_not_judged_grant_nothing_but_a_topic(self) -> None:
        grant = document(allow("*", Principal={"AWS": THERE}))
        secret = self.client("secretsmanager").create_secret(Name="s", SecretString="s")["ARN"]
        self.client("secretsmanager").put_resource_policy(SecretId=secret, ResourcePolicy=grant)
        key = self.client("kms").create_key(Policy=grant)["KeyMetadata"]["Arn"]
        queue = self.client("sqs").create_queue(QueueName="q", Attributes={"Policy": grant})
        topic = self.client("sns").create_topic(Name="t")["TopicArn"]
        kms, sqs = self.client("kms", **self.theirs), self.client("sqs", **self.theirs)
        secrets = self.client("secretsmanager", **self.theirs)
        with self.assertRaises(secrets.exceptions.ResourceNotFoundException):
            secrets.get_secret_value(SecretId=secret)
        with self.assertRaises(kms.exceptions.NotFoundException):
            kms.encrypt(KeyId=key, Plaintext=b"1")
        with self.assertRaises(sqs.exceptions.QueueDoesNotExist):
            sqs.send_message(QueueUrl=queue["QueueUrl"], MessageBody="1")
        self.client("sns", **self.theirs).publish(TopicArn=topic, Message="1")

    def test_names_of_buckets_are_for_both(self) -> None:
        self.client("s3", **self.theirs).create_bucket(
            Bucket="bucket", CreateBucketConfiguration=PLACE
        )
        with self.assertRaises(ClientError) as caught:
            self.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration=PLACE)
        self.assertEqual(caught.exception.response["Error"]["Code"], "BucketAlreadyExists")
        # Root is judged nowhere.
        self.client("s3").put_object(Bucket="bucket", Key="a", Body=b"1")
        self.client("s3", **self.theirs).get_object(Bucket="bucket", Key="a")


class RepositoriesTest(RegistryTest, SessionTest):
    def test_the_same_name_is_another_repository_in_each_account(self) -> None:
        keys = self.elsewhere()
        theirs = self.client("ecr", **keys)
        uri = theirs.create_repository(repositoryName="shop/web")["repository"]["repositoryUri"]
        there = self.web.replace(HERE, THERE)
        self.assertIn(uri.partition("/")[2], there)
        mine = self.push(self.web, "1", b"config", b"mine")
        other = self.push(there, "1", b"config", b"theirs")
        self.assertNotEqual(mine, other)
        self.assertEqual([image["imageDigest"] for image in self.images()], [mine])
        shown = theirs.describe_images(repositoryName="shop/web")["imageDetails"]
        self.assertEqual([image["imageDigest"] for image in shown], [other])
        blob = there + "blobs/" + mine
        self.assertEqual(self.ask("HEAD", blob)[0], 404)

    def test_a_task_s_image_is_looked_up_in_the_account_that_it_names(self) -> None:
        theirs = self.client("ecr", **self.elsewhere())
        uri = theirs.create_repository(repositoryName="shop/web")["repository"]["repositoryUri"]
        self.push(self.web, "1", b"config", b"mine")
        other = self.push(self.web.replace(HERE, THERE), "1", b"config", b"theirs")
        ecs = self.client("ecs")
        ecs.create_cluster(clusterName="c")
        ecs.register_task_definition(
            family="f", containerDefinitions=[{"name": "a", "image": uri + ":1", "memory": 9}]
        )
        [task] = ecs.run_task(cluster="c", taskDefinition="f")["tasks"]
        self.assertEqual(task["containers"][0]["imageDigest"], other)


class CrossAccountRolesTest(SessionTest):
    def test_a_role_of_another_account_is_passed_by_nobody(self) -> None:
        keys = self.session(allow("*"))
        role = "arn:aws:iam::%s:role/task" % THERE
        self.assertDenied(
            self.client("ecs", **keys).register_task_definition,
            "iam:PassRole",
            family="f",
            containerDefinitions=[{"name": "a", "image": "i", "memory": 9}],
            taskRoleArn=role,
        )
