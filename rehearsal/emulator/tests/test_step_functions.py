"""Step Functions: what Pulumi asks of a state machine."""

import json

from .support import EmulatorTest


TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


class VersionsTest(EmulatorTest):
    def test_published_versions_are_listed_the_newest_first(self) -> None:
        states = self.client("stepfunctions")
        role = self.client("iam").create_role(
            RoleName="report", AssumeRolePolicyDocument=json.dumps(TRUST)
        )["Role"]["Arn"]
        definition = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})
        arn = states.create_state_machine(name="report", definition=definition, roleArn=role)[
            "stateMachineArn"
        ]
        self.assertEqual(self.versions(arn), [])
        for description in ("one", "two"):
            states.update_state_machine(
                stateMachineArn=arn,
                definition=definition.replace("End", description),
                publish=True,
                versionDescription=description,
            )
        self.assertEqual(self.versions(arn), [arn + ":2", arn + ":1"])

    def versions(self, arn: str) -> object:
        answer = self.client("stepfunctions").list_state_machine_versions(stateMachineArn=arn)
        return [version["stateMachineVersionArn"] for version in answer["stateMachineVersions"]]


class ValidationTest(EmulatorTest):
    def validate(self, text: str) -> object:
        states = self.client("stepfunctions")
        answer = states.validate_state_machine_definition(definition=text)
        return answer["result"], [d["code"] for d in answer["diagnostics"]]

    def test_a_definition_whose_states_are_all_there_is_right(self) -> None:
        run = {"Type": "Task", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "No"}]}
        states = {"Run": {**run, "End": True}, "No": {"Type": "Fail"}}
        self.assertEqual(
            self.validate(json.dumps({"StartAt": "Run", "States": states})), ("OK", [])
        )

    def test_a_state_that_leads_nowhere_is_told(self) -> None:
        states = {"Run": {"Type": "Pass", "Next": "Gone"}}
        self.assertEqual(
            self.validate(json.dumps({"StartAt": "Run", "States": states})),
            ("FAIL", ["MISSING_TRANSITION_TARGET"]),
        )

    def call(self, resource: str, **arguments: str) -> object:
        run = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:" + resource, "End": True}
        states = {"Run": {**run, "Arguments": arguments}}
        return self.validate(json.dumps({"StartAt": "Run", "States": states}))

    def test_a_call_has_the_parameters_of_its_api_each_with_a_capital_first(self) -> None:
        retry = {"PipelineName": "a", "StageName": "b", "PipelineExecutionId": "c"}
        wrong = ("FAIL", ["SCHEMA_VALIDATION_FAILED"])
        resource = "codepipeline:retryStageExecution"
        self.assertEqual(self.call(resource, **retry, RetryMode="FAILED_ACTIONS"), ("OK", []))
        self.assertEqual(self.call(resource, **retry), wrong)
        self.assertEqual(
            self.call(resource, **retry, retryMode="FAILED_ACTIONS"), (wrong[0], wrong[1] * 2)
        )
        self.assertEqual(self.call("sfn:listExecutions", StateMachineArn="a"), ("OK", []))
        self.assertEqual(
            self.call("codepipeline:retryStage"), ("FAIL", ["INVALID_TASK_RESOURCE"])
        )

    def test_no_machine_is_made_of_a_definition_that_is_wrong(self) -> None:
        states = self.client("stepfunctions")
        role = "arn:aws:iam::123456789012:role/report"
        text = json.dumps({"StartAt": "Gone", "States": {}})
        with self.assertRaises(states.exceptions.InvalidDefinition):
            states.create_state_machine(name="report", definition=text, roleArn=role)

    def test_a_text_that_is_no_definition_is_told(self) -> None:
        self.assertEqual(self.validate("{"), ("FAIL", ["INVALID_JSON_DESCRIPTION"]))
