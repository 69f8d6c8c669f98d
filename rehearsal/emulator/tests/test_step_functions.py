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

    def test_a_text_that_is_no_definition_is_told(self) -> None:
        self.assertEqual(self.validate("{"), ("FAIL", ["INVALID_JSON_DESCRIPTION"]))
