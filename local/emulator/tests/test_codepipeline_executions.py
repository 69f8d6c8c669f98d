"""Executions and approvals of a pipeline are what whoever plays CodePipeline says."""

from typing import Any

from botocore.exceptions import ClientError

from .test_sessions import SessionTest, trust


class ExecutionsTest(SessionTest):
    def setUp(self) -> None:
        super().setUp()
        self.pipelines = self.client("codepipeline")
        role = self.role("pipeline", trust({"Service": "codepipeline.amazonaws.com"}))

        def stage(name: str, category: str, provider: str) -> Any:
            kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
            return {"name": name, "actions": [{"name": name, "actionTypeId": kind}]}

        self.pipelines.create_pipeline(
            pipeline={
                "name": "shop",
                "roleArn": role,
                "pipelineType": "V2",
                "executionMode": "QUEUED",
                "artifactStore": {"type": "S3", "location": "b"},
                "stages": [stage("Source", "Source", "S3"), stage("Approve", "Approval", "Manual")],
            }
        )

    def set(self, execution: str, **more: Any) -> Any:
        more["pipelineExecutionId"] = execution
        return self.control("pipeline-executions", {"pipeline": "shop", "execution": more})

    def test_an_execution_is_what_was_said_of_it(self) -> None:
        revision = {
            "name": "Source",
            "revisionId": "1a2b",
            "revisionSummary": "Fix",
            "revisionUrl": "u",
        }
        self.set("e1", artifactRevisions=[revision])
        self.set("e2", status="Failed")
        self.set(
            "e1", status="Succeeded", actions=[{"actionName": "Source", "status": "Succeeded"}]
        )
        wanted = {"pipelineName": "shop", "pipelineExecutionId": "e1"}
        shown = self.pipelines.get_pipeline_execution(**wanted)["pipelineExecution"]
        self.assertEqual((shown["status"], shown["executionMode"]), ("Succeeded", "QUEUED"))
        self.assertEqual(shown["artifactRevisions"], [revision])
        listed = self.pipelines.list_pipeline_executions(pipelineName="shop")
        summaries = listed["pipelineExecutionSummaries"]
        self.assertEqual([s["pipelineExecutionId"] for s in summaries], ["e2", "e1"])
        self.assertEqual(summaries[1]["sourceRevisions"][0]["actionName"], "Source")
        details = self.pipelines.list_action_executions(
            pipelineName="shop", filter={"pipelineExecutionId": "e1"}
        )["actionExecutionDetails"]
        self.assertEqual([d["actionName"] for d in details], ["Source"])
        self.assertIn("status must be one of", self.set("e1", status="Odd")["error"])

    def test_what_is_not_there_is_told_apart(self) -> None:
        errors = self.pipelines.exceptions
        with self.assertRaises(errors.PipelineExecutionNotFoundException):
            self.pipelines.get_pipeline_execution(pipelineName="shop", pipelineExecutionId="e")
        with self.assertRaises(errors.PipelineNotFoundException):
            self.pipelines.get_pipeline_execution(pipelineName="none", pipelineExecutionId="e")
        missing = self.control("pipeline-executions", {"pipeline": "none", "execution": {}})
        self.assertEqual(missing["error"], "there is no pipeline none")

    def test_an_approval_waits_for_its_answer(self) -> None:
        place = {"stageName": "Approve", "actionName": "Approve"}
        token = self.control("pipeline-approvals", {"pipeline": "shop", **place})["token"]
        [_, stage] = self.pipelines.get_pipeline_state(name="shop")["stageStates"]
        self.assertEqual(stage["actionStates"][0]["latestExecution"]["token"], token)
        result = {"status": "Approved", "summary": "looks good"}
        answer = {"pipelineName": "shop", **place, "result": result}
        with self.assertRaises(self.pipelines.exceptions.InvalidApprovalTokenException):
            self.pipelines.put_approval_result(**answer, token="guess")
        self.pipelines.put_approval_result(**answer, token=token)
        with self.assertRaises(ClientError):
            self.pipelines.put_approval_result(**answer, token=token)
        [approval] = self.request("GET", "/gantry-emulator/pipeline-approvals?pipeline=shop")[
            "approvals"
        ]
        self.assertEqual(approval["result"], result)
        [_, stage] = self.pipelines.get_pipeline_state(name="shop")["stageStates"]
        self.assertNotIn("latestExecution", stage["actionStates"][0])
