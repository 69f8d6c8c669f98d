"""CodePipeline, CodeBuild, CodeConnections."""

import json
from typing import Any, Dict

from .support import EmulatorTest

TRUST = "sts:AssumeRole"


class CodePipelineTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.pipelines = self.client("codepipeline")

    def role(self, name: str, *statements: Dict[str, Any]) -> str:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        return self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)[
            "Role"
        ]["Arn"]

    def pipeline(self, role: str) -> Dict[str, Any]:
        source = {
            "name": "src",
            "actionTypeId": {
                "category": "Source",
                "owner": "AWS",
                "provider": "CodeStarSourceConnection",
                "version": "1",
            },
            "runOrder": 1,
            "configuration": {
                "ConnectionArn": "arn",
                "FullRepositoryId": "a/b",
                "BranchName": "main",
            },
            "outputArtifacts": [{"name": "s"}],
            "inputArtifacts": [],
            "namespace": "Source",
        }
        deploy = {
            "name": "d",
            "actionTypeId": {
                "category": "Deploy",
                "owner": "AWS",
                "provider": "ECS",
                "version": "1",
            },
            "runOrder": 1,
            "configuration": {"ClusterName": "c", "ServiceName": "s"},
            "outputArtifacts": [],
            "inputArtifacts": [{"name": "s"}],
            "roleArn": role,
            "timeoutInMinutes": 30,
        }
        retry = {"result": "RETRY", "retryConfiguration": {"retryMode": "FAILED_ACTIONS"}}
        return {
            "name": "p",
            "roleArn": role,
            "pipelineType": "V2",
            "executionMode": "QUEUED",
            "artifactStore": {
                "type": "S3",
                "location": "bucket",
                "encryptionKey": {"type": "KMS", "id": "k"},
            },
            "stages": [
                {"name": "Source", "actions": [source]},
                {"name": "Deploy", "actions": [deploy], "onFailure": retry},
            ],
            "variables": [{"name": "RELEASE", "defaultValue": "none"}],
            "triggers": [
                {
                    "providerType": "CodeStarSourceConnection",
                    "gitConfiguration": {
                        "sourceActionName": "src",
                        "push": [
                            {
                                "branches": {"includes": ["main"]},
                                "filePaths": {"includes": ["app/**"]},
                            }
                        ],
                    },
                }
            ],
        }

    def test_a_pipeline_of_type_v2_survives(self) -> None:
        service = {
            "Effect": "Allow",
            "Action": TRUST,
            "Principal": {"Service": "codepipeline.amazonaws.com"},
        }
        pipeline = self.pipeline(self.role("plain", service))
        self.pipelines.create_pipeline(pipeline=pipeline, tags=[{"key": "k", "value": "v"}])
        answer = self.pipelines.get_pipeline(name="p")
        self.assertEqual(answer["pipeline"], {**pipeline, "version": 1})
        self.assertEqual(answer["metadata"]["created"].year, answer["metadata"]["updated"].year)
        self.pipelines.update_pipeline(pipeline={**pipeline, "executionMode": "SUPERSEDED"})
        updated = self.pipelines.get_pipeline(name="p")["pipeline"]
        self.assertEqual((updated["executionMode"], updated["version"]), ("SUPERSEDED", 2))

    def test_accepts_lists_other_principals_and_conditions_in_a_trust_policy(self) -> None:
        role = self.role(
            "rich",
            {
                "Effect": "Allow",
                "Action": TRUST,
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            },
            {
                "Effect": "Allow",
                "Action": [TRUST],
                "Principal": {"Service": ["codebuild.amazonaws.com", "codepipeline.amazonaws.com"]},
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            },
        )
        self.pipelines.create_pipeline(pipeline=self.pipeline(role))

    def test_refuses_a_role_that_does_not_trust_it(self) -> None:
        deny = {
            "Effect": "Deny",
            "Action": TRUST,
            "Principal": {"Service": "codepipeline.amazonaws.com"},
        }
        other = {"Effect": "Allow", "Action": TRUST, "Principal": "*"}
        with self.assertRaisesRegex(Exception, "not authorized to perform AssumeRole"):
            self.pipelines.create_pipeline(pipeline=self.pipeline(self.role("other", deny, other)))


class CodeBuildTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.builds = self.client("codebuild")
        self.project = {
            "name": "build",
            "serviceRole": "arn:aws:iam::123456789012:role/r",
            "source": {"type": "CODEPIPELINE", "buildspec": "b.yml"},
            "artifacts": {"type": "CODEPIPELINE"},
            "environment": {
                "type": "ARM_CONTAINER",
                "computeType": "BUILD_GENERAL1_SMALL",
                "image": "i",
                "privilegedMode": True,
                "environmentVariables": [{"name": "A", "value": "b"}],
            },
            "encryptionKey": "k",
            "concurrentBuildLimit": 1,
            "timeoutInMinutes": 15,
            "logsConfig": {"cloudWatchLogs": {"status": "ENABLED", "groupName": "g"}},
            "cache": {"type": "LOCAL", "modes": ["LOCAL_DOCKER_LAYER_CACHE"]},
            "tags": [{"key": "k", "value": "v"}],
        }

    def get(self) -> Dict[str, Any]:
        return self.builds.batch_get_projects(names=["build"])["projects"][0]

    def test_a_project_survives(self) -> None:
        self.builds.create_project(**self.project)
        got = self.get()
        for key in set(self.project) - {"environment", "source"}:
            self.assertEqual(got[key], self.project[key], key)
        self.assertEqual(
            got["environment"]["environmentVariables"],
            [{"name": "A", "value": "b", "type": "PLAINTEXT"}],
        )
        self.assertTrue(got["environment"]["privilegedMode"])

    def test_a_webhook_is_part_of_its_project_until_it_is_deleted(self) -> None:
        source = {"type": "GITHUB", "location": "https://github.com/acme/shop.git"}
        self.builds.create_project(**{**self.project, "source": source})
        events = [[{"type": "EVENT", "pattern": "PULL_REQUEST_CREATED"}]]
        policy = {"requiresCommentApproval": "FORK_PULL_REQUESTS", "approverRoles": ["GITHUB_ADMIN"]}
        self.builds.create_webhook(
            projectName="build", filterGroups=events, pullRequestBuildPolicy=policy
        )
        with self.assertRaises(self.builds.exceptions.ResourceAlreadyExistsException):
            self.builds.create_webhook(projectName="build", filterGroups=events)
        self.builds.update_project(name="build", description="another")
        self.assertEqual(self.get()["webhook"]["filterGroups"], events)
        self.assertEqual(self.get()["webhook"]["pullRequestBuildPolicy"], policy)
        more = [[{"type": "EVENT", "pattern": "PULL_REQUEST_UPDATED"}]]
        self.builds.update_webhook(projectName="build", filterGroups=more)
        self.assertEqual(self.get()["webhook"]["filterGroups"], more)
        self.assertEqual(self.get()["webhook"]["pullRequestBuildPolicy"], policy)
        self.builds.delete_webhook(projectName="build")
        self.assertNotIn("webhook", self.get())
        with self.assertRaises(self.builds.exceptions.ResourceNotFoundException):
            self.builds.delete_webhook(projectName="build")

    def test_a_webhook_needs_a_repository_and_an_event(self) -> None:
        refused = self.builds.exceptions.InvalidInputException
        event = [[{"type": "EVENT", "pattern": "PUSH"}]]
        self.builds.create_project(**self.project)
        with self.assertRaises(refused):
            self.builds.create_webhook(projectName="build", filterGroups=event)
        source = {"type": "GITHUB", "location": "https://github.com/acme/shop.git"}
        self.builds.update_project(name="build", source=source)
        with self.assertRaises(refused):
            self.builds.create_webhook(
                projectName="build", filterGroups=[[{"type": "HEAD_REF", "pattern": "main"}]]
            )
        with self.assertRaises(self.builds.exceptions.ResourceNotFoundException):
            self.builds.create_webhook(projectName="other", filterGroups=event)

    def test_a_variable_has_at_most_4096_characters(self) -> None:
        variables = self.project["environment"]["environmentVariables"]
        self.builds.create_project(**self.project)
        variables[0]["value"] = "b" * 4096
        self.builds.update_project(name="build", environment=self.project["environment"])
        variables[0]["value"] += "b"
        refused = self.assertRaisesRegex(
            self.builds.exceptions.InvalidInputException,
            "EnvironmentVariable should be at most 4096 characters",
        )
        with refused:
            self.builds.update_project(name="build", environment=self.project["environment"])
        with refused:
            self.builds.create_project(**{**self.project, "name": "other"})
        self.assertEqual(self.builds.list_projects()["projects"], ["build"])

    def test_update_changes_what_it_names(self) -> None:
        self.builds.create_project(**self.project)
        self.builds.update_project(name="build", timeoutInMinutes=20, concurrentBuildLimit=-1)
        got = self.get()
        self.assertEqual(got["timeoutInMinutes"], 20)
        self.assertNotIn("concurrentBuildLimit", got)
        self.assertEqual(got["cache"], self.project["cache"])
        with self.assertRaises(self.builds.exceptions.ResourceNotFoundException):
            self.builds.update_project(name="none")

    def test_a_project_goes_by_its_name_or_its_arn(self) -> None:
        for key in ("name", "arn"):
            project = self.builds.create_project(**self.project)["project"]
            self.builds.update_project(name=project[key], timeoutInMinutes=20)
            self.assertEqual(self.get()["timeoutInMinutes"], 20)
            self.builds.delete_project(name=project[key])
            self.assertEqual(self.builds.list_projects()["projects"], [])


class CodeConnectionsTest(EmulatorTest):
    def test_lives_under_both_names(self) -> None:
        new, old = self.client("codeconnections"), self.client("codestar-connections")
        arn = new.create_connection(
            ConnectionName="c", ProviderType="GitHub", Tags=[{"Key": "a", "Value": "1"}]
        )["ConnectionArn"]
        self.assertEqual(
            old.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"], "PENDING"
        )
        self.control("connections", {"arn": arn, "status": "AVAILABLE"})
        self.assertEqual(
            new.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"], "AVAILABLE"
        )
        new.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
        new.untag_resource(ResourceArn=arn, TagKeys=["a"])
        self.assertEqual(
            new.list_tags_for_resource(ResourceArn=arn)["Tags"], [{"Key": "b", "Value": "2"}]
        )
        self.assertEqual(len(new.list_connections()["Connections"]), 1)
        new.delete_connection(ConnectionArn=arn)
        with self.assertRaises(new.exceptions.ResourceNotFoundException):
            new.get_connection(ConnectionArn=arn)

    def test_one_of_a_new_name_is_made(self) -> None:
        body = {"name": "shop", "status": "AVAILABLE"}
        arn = self.control("connections", body)["ConnectionArn"]
        again = self.control("connections", {**body, "status": "ERROR"})
        self.assertEqual(again["ConnectionArn"], arn)
        [connection] = self.client("codeconnections").list_connections()["Connections"]
        shown = (connection["ConnectionName"], connection["ConnectionStatus"])
        self.assertEqual(shown, ("shop", "ERROR"))

    def test_is_forgotten_on_reset(self) -> None:
        connections = self.client("codeconnections")
        connections.create_connection(ConnectionName="c", ProviderType="GitHub")
        self.request("POST", "/moto-api/reset", {})
        self.assertEqual(connections.list_connections()["Connections"], [])

    def test_refuses_what_it_does_not_know(self) -> None:
        self.assertIn(
            "status must be one of",
            self.control("connections", {"arn": "a", "status": "x"})["error"],
        )
        with self.assertRaisesRegex(Exception, "UnknownOperationException"):
            self.client("codeconnections").list_hosts()
