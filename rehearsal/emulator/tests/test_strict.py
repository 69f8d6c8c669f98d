"""Requests in JSON and in forms that AWS's own service models do not admit."""

import json

from .strict_support import StrictTest

REPOSITORY = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*"


class JsonTest(StrictTest):
    def test_names_every_value_that_is_not_allowed(self) -> None:
        code, message = self.refused(
            self.client("ssm").put_parameter, Name="", Value="v", Type="Text", Tier="Free"
        )
        self.assertEqual(code, "ValidationException")
        self.assertIn("3 validation errors detected: Value '' at 'name' failed to satisfy", message)
        self.assertIn("Member must have length greater than or equal to 1; Value 'Text' at", message)
        self.assertIn("enum value set: [String, StringList, SecureString]", message)

    def test_names_the_place_inside_of_lists_and_maps(self) -> None:
        pipelines = self.client("codepipeline")
        tags = [{"key": "a", "value": "b"}, {"key": "", "value": "b"}]
        _, message = self.refused(
            pipelines.tag_resource,
            resourceArn="arn:aws:codepipeline:eu-west-1:123456789012:shop",
            tags=tags,
        )
        self.assertEqual(
            message,
            "1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1",
        )
        rule = self.client("budgets").tag_resource
        _, message = self.refused(rule, ResourceARN="arn:aws:budgets::123456789012:budget/b")
        self.assertIn("Value null at 'resourceTags' failed to satisfy constraint: Member must not", message)

    def test_constrains_the_keys_and_values_of_a_map(self) -> None:
        _, message = self.refused(
            self.client("kms").encrypt,
            KeyId="k",
            Plaintext=b"x",
            EncryptionAlgorithm="ROT13",
            GrantTokens=[""],
        )
        self.assertIn("at 'grantTokens' failed to satisfy constraint: Member must satisfy constraint: [", message)

    def test_a_service_s_own_code_and_words(self) -> None:
        self.assertEqual(
            self.refused(self.client("ecr").create_repository, repositoryName="Shop"),
            (
                "InvalidParameterException",
                "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular "
                "expression '%s''" % REPOSITORY,
            ),
        )
        code, message = self.refused(
            self.client("ecs").create_service, serviceName="web", launchType="LAMBDA"
        )
        self.assertEqual(code, "InvalidParameterException")
        self.assertIn("Value 'LAMBDA' at 'launchType' failed to satisfy constraint", message)

    def test_a_value_of_another_type_cannot_be_read(self) -> None:
        target = "AmazonEC2ContainerServiceV20141113.CreateService"
        answer = self.send_json("ecs", target, {"serviceName": "web", "desiredCount": "2"})
        self.assertEqual((answer["status"], answer["__type"]), (400, "SerializationException"))
        self.assertEqual(
            answer["message"], "STRING_VALUE can not be converted to an Integer at 'desiredCount'"
        )
        answer = self.send_json("ecs", target, {"serviceName": "web", "tags": {"a": "b"}})
        self.assertIn("Start of structure or map can not be converted to a List", answer["message"])

    def test_a_parameter_that_aws_would_ignore_is_refused(self) -> None:
        answer = self.send_json(
            "ecs",
            "AmazonEC2ContainerServiceV20141113.CreateService",
            {"serviceName": "web", "deploymentConfiguration": {"minimumPercent": 100}},
        )
        self.assertEqual(answer["__type"], "UnknownParameter")
        self.assertIn("'deploymentConfiguration.minimumPercent': not in AWS's model", answer["message"])

    def test_a_null_is_nothing(self) -> None:
        target = "AmazonEC2ContainerServiceV20141113.ListClusters"
        self.assertEqual(self.send_json("ecs", target, {"maxResults": None})["status"], 200)

    def test_a_body_that_is_no_json(self) -> None:
        target = "AmazonEC2ContainerServiceV20141113.ListClusters"
        status, text = self.send("ecs", "POST", "/", b"{", X_Amz_Target=target)
        self.assertEqual((status, json.loads(text)["__type"]), (400, "SerializationException"))


class FormTest(StrictTest):
    def test_the_query_protocol(self) -> None:
        self.assertEqual(
            self.refused(
                self.client("iam").create_role, RoleName="r" * 65, AssumeRolePolicyDocument="{}"
            ),
            (
                "ValidationError",
                "1 validation error detected: Value '%s' at 'roleName' failed to satisfy constraint: "
                "Member must have length less than or equal to 64" % ("r" * 65),
            ),
        )
        code, message = self.refused(
            self.client("elbv2").create_target_group, Name="web", HealthCheckIntervalSeconds=301
        )
        self.assertEqual(code, "ValidationError")
        self.assertIn("Member must have value less than or equal to 300", message)

    def test_what_the_query_protocol_does_not_know(self) -> None:
        form = {
            "Action": "CreateTargetGroup",
            "Version": "2015-12-01",
            "Name": "web",
            "Matcher.HttpCodes": "200",
            "Tags.member.1.Key": "a",
        }
        status, text = self.send_form("elasticloadbalancing", **form)
        self.assertEqual(status, 400)
        self.assertIn("'matcher.httpCodes': not in AWS's model", text)
        form = {"Action": "CreateTargetGroup", "Name": "web", "Port": "eighty"}
        _, text = self.send_form("elasticloadbalancing", **form)
        self.assertIn("<Code>MalformedInput</Code>", text)

    def test_ec2_has_words_of_its_own(self) -> None:
        ec2 = self.client("ec2")
        self.assertEqual(
            self.refused(ec2.create_security_group, GroupName="g"),
            ("MissingParameter", "The request must contain the parameter description"),
        )
        code, message = self.refused(
            ec2.create_vpc,
            CidrBlock="10.0.0.0/16",
            TagSpecifications=[{"ResourceType": "network", "Tags": [{"Key": "a", "Value": "b"}]}],
        )
        self.assertEqual(code, "InvalidParameterValue")
        self.assertIn("Value (network) for parameter tagSpecifications.1.resourceType is invalid", message)
        _, text = self.send_form("ec2", Action="CreateVpc", CidrBlock="10.0.0.0/16", Cidr="x")
        self.assertIn("<Code>UnknownParameter</Code>", text)
        self.assertIn("The parameter cidr is not recognized", text)
