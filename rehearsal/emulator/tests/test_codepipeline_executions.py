"""Executions and approvals of a pipeline are what whoever plays CodePipeline says."""

import json
from typing import Any, Dict

from botocore.exceptions import ClientError

from .test_sessions import SessionTest, trust

FIRST, SECOND, ABSENT = ("%s0000000-0000-4000-8000-000000000000" % digit for digit in "123")


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
                "artifactStore": {"type": "S3", "location": "bucket"},
                "stages": [stage("Source", "Source", "S3"), stage("Approve", "Approval", "Manual")],
            }
        )

    def set(self, execution: str, **more: Any) -> Any:
        more["pipelineExecutionId"] = execution
        return self.control("pipeline-executions", {"pipeline": "shop", "execution": more})

    def test_a_stage_that_begins_and_an_action_that_fails_are_events_once(self) -> None:
        sqs, events = self.client("sqs"), self.client("events")
        url = sqs.create_queue(QueueName="heard")["QueueUrl"]
        wanted = ["QueueArn"]
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
        arn = told["QueueArn"]
        policy = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": policy})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
        kinds = ["CodePipeline %s Execution State Change" % of for of in ("Stage", "Action")]
        pattern = {"source": ["aws.codepipeline"], "detail-type": kinds}
        events.put_rule(Name="heard", EventPattern=json.dumps(pattern))
        events.put_targets(Rule="heard", Targets=[{"Id": "queue", "Arn": arn}])
        failed = {"stageName": "Source", "actionName": "Source", "status": "Failed"}
        failed["output"] = {"executionResult": {"externalExecutionSummary": "no access"}}
        self.set(FIRST, stage="Source")
        self.set(FIRST, actions=[failed])
        self.set(FIRST, actions=[failed], status="Failed")
        bodies = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        heard = [json.loads(message["Body"])["detail"] for message in bodies]
        self.assertEqual([d["state"] for d in heard], ["STARTED", "FAILED"])
        result = heard[1]["execution-result"]
        self.assertEqual(result, {"external-execution-summary": "no access"})

    def test_an_execution_is_what_was_said_of_it(self) -> None:
        revision = {
            "name": "Source",
            "revisionId": "1a2b",
            "revisionSummary": "Fix",
            "revisionUrl": "u",
        }
        self.set(FIRST, artifactRevisions=[revision])
        self.set(SECOND, status="Failed")
        self.set(
            FIRST, status="Succeeded", actions=[{"actionName": "Source", "status": "Succeeded"}]
        )
        wanted = {"pipelineName": "shop", "pipelineExecutionId": FIRST}
        shown = self.pipelines.get_pipeline_execution(**wanted)["pipelineExecution"]
        self.assertEqual((shown["status"], shown["executionMode"]), ("Succeeded", "QUEUED"))
        self.assertEqual(shown["artifactRevisions"], [revision])
        listed = self.pipelines.list_pipeline_executions(pipelineName="shop")
        summaries = listed["pipelineExecutionSummaries"]
        self.assertEqual([s["pipelineExecutionId"] for s in summaries], [SECOND, FIRST])
        self.assertEqual(summaries[1]["sourceRevisions"][0]["actionName"], "Source")
        details = self.pipelines.list_action_executions(
            pipelineName="shop", filter={"pipelineExecutionId": FIRST}
        )["actionExecutionDetails"]
        self.assertEqual([d["actionName"] for d in details], ["Source"])
        self.assertIn("status must be one of", self.set(FIRST, status="Odd")["error"])

    def test_what_is_not_there_is_told_apart(self) -> None:
        errors = self.pipelines.exceptions
        with self.assertRaises(errors.PipelineExecutionNotFoundException):
            self.pipelines.get_pipeline_execution(pipelineName="shop", pipelineExecutionId=ABSENT)
        with self.assertRaises(errors.PipelineNotFoundException):
            self.pipelines.get_pipeline_execution(pipelineName="none", pipelineExecutionId=ABSENT)
        missing = self.control("pipeline-executions", {"pipeline": "none", "execution": {}})
        self.assertEqual(missing["error"], "there is no pipeline none")

    def state(self, stage: str) -> Any:
        states = self.pipelines.get_pipeline_state(name="shop")["stageStates"]
        return next(s for s in states if s["stageName"] == stage)

    def test_a_stage_has_one_execution_and_others_wait_before_it(self) -> None:
        self.assertNotIn("latestExecution", self.state("Approve"))
        self.set(FIRST, stage="Approve")
        self.set(SECOND, stage="Source", waitsFor="Approve")
        approve = self.state("Approve")
        first = {"pipelineExecutionId": FIRST, "status": "InProgress"}
        second = {"pipelineExecutionId": SECOND, "status": "InProgress"}
        self.assertEqual(approve["latestExecution"], first)
        self.assertEqual(approve["inboundExecutions"], [second])
        self.assertEqual(self.state("Source")["latestExecution"], second)
        self.set(SECOND, stage="Approve", waitsFor=None)
        self.assertEqual(self.state("Approve")["latestExecution"], second)
        self.assertNotIn("inboundExecutions", self.state("Approve"))

    def test_an_action_has_its_newest_run_and_the_build_of_it(self) -> None:
        def ran(status: str, build: str, action: str = "Approve") -> Dict[str, Any]:
            result = {"executionResult": {"externalExecutionId": build}} if build else {}
            place = {"stageName": "Approve", "actionName": action}
            return {**place, "status": status, "output": result}

        def latest() -> Any:
            return self.state("Approve")["actionStates"][0].get("latestExecution")

        self.assertIsNone(latest())
        self.set(FIRST, stage="Approve", actions=[ran("Failed", "deploy:1")])
        self.assertEqual(latest(), {"status": "Failed", "externalExecutionId": "deploy:1"})
        self.set(FIRST, actions=[ran("Failed", "deploy:1"), ran("Succeeded", "deploy:2")])
        self.assertEqual(latest(), {"status": "Succeeded", "externalExecutionId": "deploy:2"})
        self.set(SECOND, stage="Source", actions=[ran("Failed", "other:1", "Other")])
        self.assertEqual(latest()["externalExecutionId"], "deploy:2")
        self.set(SECOND, stage="Approve", actions=[ran("Failed", "")])
        self.assertEqual(latest(), {"status": "Failed"})

    def test_an_action_says_of_which_kind_it_is(self) -> None:
        ran = [
            {"stageName": stage, "actionName": stage, "status": "Failed"}
            for stage in ("Source", "Approve", "Gone")
        ]
        self.set(FIRST, actions=ran)
        answer = self.pipelines.list_action_executions(pipelineName="shop")
        kinds = [each["input"].get("actionTypeId") for each in answer["actionExecutionDetails"]]
        self.assertEqual([kind and kind["category"] for kind in kinds], [None, "Approval", "Source"])

    def test_an_execution_is_stopped_once_wherever_it_waits(self) -> None:
        errors = self.pipelines.exceptions
        self.set(FIRST, stage="Approve")
        self.set(SECOND, waitsFor="Approve")

        def stop(execution: str, **more: Any) -> None:
            self.pipelines.stop_pipeline_execution(
                pipelineName="shop", pipelineExecutionId=execution, **more
            )

        for execution in (FIRST, SECOND):
            stop(execution, abandon=True, reason="superseded")
            shown = self.pipelines.get_pipeline_execution(
                pipelineName="shop", pipelineExecutionId=execution
            )["pipelineExecution"]
            self.assertEqual((shown["status"], shown["statusSummary"]), ("Stopped", "superseded"))
            with self.assertRaises(errors.PipelineExecutionNotStoppableException):
                stop(execution, abandon=True)
        self.assertNotIn("inboundExecutions", self.state("Approve"))
        # Whoever plays CodePipeline has not noticed yet.
        self.assertEqual(self.set(FIRST, status="InProgress")["status"], "Stopped")
        with self.assertRaises(errors.PipelineExecutionNotStoppableException):
            stop(ABSENT)

    def test_stopping_may_wait_for_what_runs(self) -> None:
        errors = self.pipelines.exceptions
        self.set(FIRST, stage="Source")
        wanted = {"pipelineName": "shop", "pipelineExecutionId": FIRST}
        self.pipelines.stop_pipeline_execution(**wanted)
        self.assertEqual(
            self.pipelines.get_pipeline_execution(**wanted)["pipelineExecution"]["status"],
            "Stopping",
        )
        with self.assertRaises(errors.DuplicatedStopRequestException):
            self.pipelines.stop_pipeline_execution(**wanted)
        self.pipelines.stop_pipeline_execution(**wanted, abandon=True)

    def test_a_stage_that_failed_is_tried_again_by_the_newest_that_came_to_it(self) -> None:
        errors = self.pipelines.exceptions

        def retry(execution: str, stage: str = "Approve", mode: str = "FAILED_ACTIONS") -> None:
            self.pipelines.retry_stage_execution(
                pipelineName="shop",
                stageName=stage,
                pipelineExecutionId=execution,
                retryMode=mode,
            )

        self.set(FIRST, stage="Approve")
        for absent in (FIRST, ABSENT):
            with self.assertRaises(errors.StageNotRetryableException):
                retry(absent)
        self.set(FIRST, status="Failed")
        with self.assertRaises(errors.StageNotFoundException):
            retry(FIRST, "Gone")
        retry(FIRST)
        shown = self.pipelines.get_pipeline_execution(
            pipelineName="shop", pipelineExecutionId=FIRST
        )
        self.assertEqual(shown["pipelineExecution"]["status"], "InProgress")
        with self.assertRaises(errors.StageNotRetryableException):
            retry(FIRST)
        # CodePipeline user guide, "Stop a pipeline execution": what was stopped can be retried.
        self.pipelines.stop_pipeline_execution(
            pipelineName="shop", pipelineExecutionId=FIRST, abandon=True, reason="by mistake"
        )
        [listed] = self.pipelines.list_pipeline_executions(pipelineName="shop")[
            "pipelineExecutionSummaries"
        ]
        self.assertEqual((listed["status"], listed["statusSummary"]), ("Stopped", "by mistake"))
        retry(FIRST, mode="ALL_ACTIONS")
        self.set(FIRST, status="Failed")
        self.set(SECOND, stage="Source", waitsFor="Approve")
        retry(FIRST)
        self.set(FIRST, status="Failed")
        self.set(SECOND, stage="Approve", waitsFor=None)
        with self.assertRaises(errors.NotLatestPipelineExecutionException):
            retry(FIRST)

    def test_an_approval_waits_for_its_answer(self) -> None:
        place = {"stageName": "Approve", "actionName": "Approve"}
        token = self.control("pipeline-approvals", {"pipeline": "shop", **place})["token"]
        [_, stage] = self.pipelines.get_pipeline_state(name="shop")["stageStates"]
        shown = stage["actionStates"][0]["latestExecution"]
        self.assertEqual((shown["status"], shown["token"]), ("InProgress", token))
        self.assertIn("lastStatusChange", shown)
        result = {"status": "Approved", "summary": "looks good"}
        answer = {"pipelineName": "shop", **place, "result": result}
        with self.assertRaises(self.pipelines.exceptions.InvalidApprovalTokenException):
            self.pipelines.put_approval_result(**answer, token=ABSENT)
        self.pipelines.put_approval_result(**answer, token=token)
        with self.assertRaises(ClientError):
            self.pipelines.put_approval_result(**answer, token=token)
        [approval] = self.request("GET", "/gantry-emulator/pipeline-approvals?pipeline=shop")[
            "approvals"
        ]
        self.assertEqual(approval["result"], result)
        [_, stage] = self.pipelines.get_pipeline_state(name="shop")["stageStates"]
        self.assertNotIn("latestExecution", stage["actionStates"][0])

    def test_a_person_starts_it_with_a_version_of_the_source(self) -> None:
        def start(action: str, kind: str) -> Any:
            override = {"actionName": action, "revisionType": kind, "revisionValue": "v-2"}
            return self.pipelines.start_pipeline_execution(name="shop", sourceRevisions=[override])

        for action, kind in (("Source", "COMMIT_ID"), ("Approve", "S3_OBJECT_VERSION_ID")):
            with self.assertRaises(ClientError) as raised:
                start(action, kind)
            self.assertEqual(raised.exception.response["Error"]["Code"], "ValidationException")
        listed = self.pipelines.list_pipeline_executions
        self.assertEqual(listed(pipelineName="shop")["pipelineExecutionSummaries"], [])

        started = start("Source", "S3_OBJECT_VERSION_ID")["pipelineExecutionId"]
        [summary] = listed(pipelineName="shop")["pipelineExecutionSummaries"]
        self.assertEqual(summary["pipelineExecutionId"], started)
        self.assertEqual(summary["status"], "InProgress")
        self.assertEqual(summary["trigger"], {"triggerType": "StartPipelineExecution"})
        self.assertEqual(
            summary["sourceRevisions"], [{"actionName": "Source", "revisionId": "v-2"}]
        )
        with self.assertRaises(ClientError) as raised:
            self.pipelines.start_pipeline_execution(name="none")
        self.assertEqual(raised.exception.response["Error"]["Code"], "PipelineNotFoundException")
