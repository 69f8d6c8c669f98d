"""Roles are taken on by whom they trust, and calls go to the account of the role."""

import json
from typing import Any, Dict, List

from botocore.exceptions import ClientError

from .support import REGION, EmulatorTest

HERE, THERE = "123456789012", "210987654321"


def document(*statements: Dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Any, resources: Any = "*", **more: Any) -> Dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: Any, resources: Any = "*", **more: Any) -> Dict[str, Any]:
    return {**allow(actions, resources, **more), "Effect": "Deny"}


def trust(principal: Any, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}
    return document(statement)


class SessionTest(EmulatorTest):
    """A test with roles; ``everything`` is one that anybody of the two accounts may take on, and may do all."""

    def role(self, name: str, trusts: str, *statements: Dict[str, Any], iam: Any = None) -> str:
        iam = iam or self.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusts)["Role"]
        if statements:
            iam.put_role_policy(
                RoleName=name, PolicyName="own", PolicyDocument=document(*statements)
            )
        return role["Arn"]

    def keys(self, answer: Dict[str, Any]) -> Dict[str, str]:
        credentials = answer["Credentials"]
        return {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"],
        }

    def assume(self, arn: str, sts: Any = None, **more: Any) -> Dict[str, str]:
        client = sts or self.client("sts")
        return self.keys(client.assume_role(RoleArn=arn, RoleSessionName="session", **more))

    def session(self, *statements: Dict[str, Any], name: str = "role") -> Dict[str, str]:
        """Keys of a session that may do what the statements say."""
        return self.assume(self.role(name, trust({"AWS": HERE}), *statements))

    def elsewhere(self) -> Any:
        """Keys of a session that may do everything in the other account."""
        return self.assume(self.control("accounts", {"account": THERE})["roleArn"])

    def denials(self) -> List[Dict[str, Any]]:
        return self.request("GET", "/gantry-emulator/denials")["denials"]

    def assertDenied(self, call: Any, message: str = "not authorized", **arguments: Any) -> str:
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertIn(message, error["Message"])
        return error["Code"]


class AssumeRoleTest(SessionTest):
    def test_calls_go_to_the_account_of_the_role(self) -> None:
        keys = self.elsewhere()
        identity = self.client("sts", **keys).get_caller_identity()
        self.assertEqual(identity["Account"], THERE)
        self.assertEqual(identity["Arn"], "arn:aws:sts::%s:assumed-role/OrganizationAccountAccessRole/session" % THERE)
        self.client("ssm", **keys).put_parameter(Name="/there", Value="1", Type="String")
        self.client("ecr", **keys).create_repository(repositoryName="there")
        self.client("dynamodb", **keys).create_table(
            TableName="there",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        self.client("ecs", **keys).create_cluster(clusterName="there")
        self.client("s3", **keys).create_bucket(
            Bucket="there", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        for known, mine in ((True, keys), (False, {})):
            ssm, ecr = self.client("ssm", **mine), self.client("ecr", **mine)
            shown = [p["Name"] for p in ssm.describe_parameters()["Parameters"]]
            self.assertEqual(shown, ["/there"] * known)
            uris = [r["repositoryUri"] for r in ecr.describe_repositories()["repositories"]]
            self.assertEqual([uri.split("/")[1] for uri in uris], [THERE] * known)
            tables = self.client("dynamodb", **mine).list_tables()["TableNames"]
            clusters = self.client("ecs", **mine).list_clusters()["clusterArns"]
            buckets = self.client("s3", **mine).list_buckets()["Buckets"]
            self.assertEqual([len(tables), len(clusters), len(buckets)], [int(known)] * 3)

    def test_the_role_must_be_there_and_trust_the_caller(self) -> None:
        sts = self.client("sts")
        missing = "arn:aws:iam::%s:role/none" % HERE
        self.assertEqual(self.assertDenied(self.assume, arn=missing), "AccessDenied")
        narrow = self.role("narrow", trust({"Service": "codebuild.amazonaws.com"}))
        self.assertDenied(self.assume, "its trust policy does not allow it", arn=narrow)
        outside = self.role("outside", trust({"AWS": THERE}))
        self.assertDenied(self.assume, arn=outside)
        self.assertEqual([d["resource"] for d in self.denials()], [missing, narrow, outside])
        secret = {"StringEquals": {"sts:ExternalId": "known"}}
        told = self.role("told", trust({"AWS": HERE}, Condition=secret))
        self.assertDenied(self.assume, arn=told)
        self.assume(told, ExternalId="known")
        with self.assertRaisesRegex(ClientError, "MaxSessionDuration"):
            sts.assume_role(
                RoleArn=told, RoleSessionName="session", ExternalId="known", DurationSeconds=7200
            )

    def test_a_role_takes_on_another(self) -> None:
        first = self.role(
            "first", trust({"AWS": HERE}), allow("sts:AssumeRole", "arn:aws:iam::*:role/second")
        )
        by_account = self.role("second", trust({"AWS": HERE}))
        by_name = self.role("named", trust({"AWS": first}))
        unnamed = self.role("unnamed", trust({"AWS": HERE}))
        sts = self.client("sts", **self.assume(first))
        self.assume(by_account, sts)
        self.assume(by_name, sts)
        self.assertDenied(self.assume, "no identity-based policy", arn=unnamed, sts=sts)
        with self.assertRaisesRegex(ClientError, "role chaining"):
            sts.assume_role(RoleArn=by_name, RoleSessionName="session", DurationSeconds=7200)

    def test_a_role_of_another_account_needs_both_sides(self) -> None:
        iam = self.client("iam", **self.elsewhere())
        promote = "arn:aws:iam::%s:role/promote" % HERE
        only = {"ArnEquals": {"aws:PrincipalArn": promote}}
        receive = self.role("receive", trust({"AWS": HERE}, Condition=only), iam=iam)
        self.role("promote", trust({"AWS": HERE}), allow("sts:AssumeRole", receive))
        self.role("other", trust({"AWS": HERE}), allow("sts:AssumeRole"))
        self.role("powerless", trust({"AWS": HERE}))
        self.assume(receive, self.client("sts", **self.assume(promote)))
        for name in ("other", "powerless"):
            sts = self.client("sts", **self.assume("arn:aws:iam::%s:role/%s" % (HERE, name)))
            self.assertDenied(self.assume, arn=receive, sts=sts)

    def test_a_session_does_not_outlive_a_reset(self) -> None:
        keys = self.session(allow("*"))
        self.request("POST", "/moto-api/reset", {})
        code = self.assertDenied(self.client("ecs", **keys).list_clusters, "token")
        self.assertEqual(code, "UnrecognizedClientException")
        code = self.assertDenied(self.client("sts", **keys).get_caller_identity, "token")
        self.assertEqual(code, "InvalidClientTokenId")


class TokenSessionTest(SessionTest):
    ISSUER = "token.actions.githubusercontent.com"
    PROVIDER = "arn:aws:iam::%s:oidc-provider/%s" % (HERE, ISSUER)

    def pull_requests(self, *statements: Dict[str, Any]) -> str:
        conditions = {
            "StringEquals": {
                self.ISSUER + ":aud": "sts.amazonaws.com",
                self.ISSUER + ":sub": "repo:acme/shop:pull_request",
            }
        }
        statement = {
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": self.PROVIDER},
            "Condition": conditions,
        }
        return self.role("pull-requests", document(statement), *statements)

    def begin(self, role: str, sub: str) -> Any:
        claims = {"aud": "sts.amazonaws.com", "sub": sub}
        body = {"roleArn": role, "provider": self.PROVIDER, "claims": claims}
        return self.control("sessions", body)

    def provide(self) -> None:
        self.client("iam").create_open_id_connect_provider(
            Url="https://" + self.ISSUER, ClientIDList=["sts.amazonaws.com"]
        )

    def test_a_token_takes_on_a_role_that_trusts_what_it_says(self) -> None:
        self.provide()
        role = self.pull_requests(allow("sqs:ListQueues"))
        answer = self.begin(role, "repo:acme/shop:pull_request")
        keys = {
            "aws_access_key_id": answer["accessKeyId"],
            "aws_secret_access_key": answer["secretAccessKey"],
            "aws_session_token": answer["sessionToken"],
        }
        self.client("sqs", **keys).list_queues()
        with self.assertRaises(ClientError):
            self.client("sns", **keys).list_topics()

    def test_a_token_that_says_something_else_does_not(self) -> None:
        self.provide()
        role = self.pull_requests()
        for sub in ("repo:acme/other:pull_request", "repo:acme/shop:ref:refs/heads/main"):
            answer = self.begin(role, sub)
            self.assertIn("its trust policy does not allow it", answer["error"])

    def test_a_token_of_a_provider_that_the_account_does_not_have_does_not(self) -> None:
        role = self.pull_requests()
        answer = self.begin(role, "repo:acme/shop:pull_request")
        self.assertIn("no such OpenID Connect provider", answer["error"])


class ServiceSessionTest(SessionTest):
    def begin(self, **body: str) -> Any:
        return self.control("sessions", body)

    def test_a_service_takes_on_a_role_that_trusts_it_for_the_resource(self) -> None:
        project = "arn:aws:codebuild:%s:%s:project/shop-deploy" % (REGION, HERE)
        conditions = {
            "StringEquals": {"aws:SourceAccount": HERE},
            "ArnLike": {"aws:SourceArn": "arn:aws:codebuild:%s:%s:project/shop-*" % (REGION, HERE)},
        }
        principal = {"Service": "codebuild.amazonaws.com"}
        role = self.role("deploy", trust(principal, Condition=conditions), allow("ecs:*"))
        source = {"sourceArn": project, "sourceAccount": HERE}
        service = {"roleArn": role, "service": "codebuild.amazonaws.com"}
        answer = self.begin(**service, **source, sessionName="AWSCodeBuild-1")
        keys = {
            "aws_access_key_id": answer["accessKeyId"],
            "aws_secret_access_key": answer["secretAccessKey"],
            "aws_session_token": answer["sessionToken"],
        }
        arn = self.client("sts", **keys).get_caller_identity()["Arn"]
        self.assertEqual(arn, "arn:aws:sts::%s:assumed-role/deploy/AWSCodeBuild-1" % HERE)
        self.client("ecs", **keys).list_clusters()
        for wrong in (
            {**service, "sourceArn": project},
            {**service, **source, "sourceAccount": THERE},
            {**service, **source, "sourceArn": project.replace("shop-", "other-")},
            {**service, **source, "service": "codepipeline.amazonaws.com"},
            {**service, **source, "roleArn": role + "-none"},
        ):
            self.assertIn(
                "is not authorized to perform: sts:AssumeRole", self.begin(**wrong)["error"]
            )
        self.assertEqual(len(self.denials()), 5)
