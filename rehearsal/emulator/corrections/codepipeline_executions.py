"""CodePipeline GetPipelineExecution, ListPipelineExecutions, ListActionExecutions, GetPipelineState, PutApprovalResult,
StartPipelineExecution, StopPipelineExecution and RetryStageExecution.

moto has none of them, and runs no pipeline: whoever plays CodePipeline says what there is
(``POST /gantry-emulator/pipeline-executions``; of an execution ``stage``, in which it is, or ``waitsFor``, into which it
cannot come yet), and reads what people decided (``GET /gantry-emulator/pipeline-approvals``), stopped, or had tried again:
then it is in progress once more (``GetPipelineExecution``).
Each change of an execution's state is an event of EventBridge, and so is a stage that it comes into, and an action that failed.
"""

import json
import time
import uuid
from typing import Any, Dict, List

from moto.codepipeline.models import CodePipeline, CodePipelineBackend, codepipeline_backends
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.events.models import events_backends

from ..control import Refused, route

STATUSES = ("InProgress", "Stopped", "Stopping", "Succeeded", "Superseded", "Failed", "Cancelled")
STOPPED = ("Stopped", "Stopping")
OF_EXECUTION = (
    "pipelineExecutionId",
    "status",
    "statusSummary",
    "artifactRevisions",
    "trigger",
    "variables",
)
OF_SUMMARY = ("pipelineExecutionId", "status", "statusSummary", "trigger")
EVENT_STATES = {
    **{status: status.upper() for status in STATUSES},
    "InProgress": "STARTED",
    "Cancelled": "CANCELED",
}
RESULTS = ("Approved", "Rejected")
# What a person may say which revision by ("Start a pipeline with a source revision override", CodePipeline user guide).
REVISION_TYPES = {
    "CodeCommit": ("COMMIT_ID",),
    "CodeStarSourceConnection": ("COMMIT_ID",),
    "ECR": ("IMAGE_DIGEST",),
    # Of another key only where the action lets it, which none of Gantry's does.
    "S3": ("S3_OBJECT_VERSION_ID",),
}


def _executions(pipeline: CodePipeline) -> Dict[str, Dict[str, Any]]:
    return pipeline.__dict__.setdefault("executions", {})


def _approvals(pipeline: CodePipeline) -> List[Dict[str, Any]]:
    return pipeline.__dict__.setdefault("approvals", [])


def _pipeline(self: CodePipelineResponse, name: str) -> CodePipeline:
    self.codepipeline_backend.get_pipeline(name)
    return self.codepipeline_backend.pipelines[name]


def _answered(self: CodePipelineResponse) -> str:
    pipeline = _pipeline(self, self._get_param("pipelineName"))
    execution = _executions(pipeline).get(self._get_param("pipelineExecutionId"))
    if execution is None:
        raise JsonRESTError(
            "PipelineExecutionNotFoundException",
            "Pipeline execution with ID %s not found" % self._get_param("pipelineExecutionId"),
        )
    shown = {key: execution[key] for key in OF_EXECUTION if key in execution}
    mode = pipeline.pipeline.get("executionMode", "SUPERSEDED")
    answer = {
        "pipelineName": pipeline.pipeline["name"],
        "pipelineVersion": pipeline.pipeline["version"],
        "executionMode": mode,
        "executionType": "STANDARD",
        **shown,
    }
    return json.dumps({"pipelineExecution": answer})


def _listed(self: CodePipelineResponse) -> str:
    pipeline = _pipeline(self, self._get_param("pipelineName"))
    newest_first = list(_executions(pipeline).values())[::-1]
    summaries = [
        {
            **{k: e[k] for k in OF_SUMMARY if k in e},
            "startTime": e["startTime"],
            "lastUpdateTime": e["lastUpdateTime"],
            "executionMode": pipeline.pipeline.get("executionMode", "SUPERSEDED"),
            "sourceRevisions": [
                {"actionName": r["name"], **{k: v for k, v in r.items() if k != "name"}}
                for r in e.get("artifactRevisions", [])
            ],
        }
        for e in newest_first
    ]
    most = self._get_param("maxResults") or len(summaries)
    return json.dumps({"pipelineExecutionSummaries": summaries[:most]})


def _actions_listed(self: CodePipelineResponse) -> str:
    pipeline = _pipeline(self, self._get_param("pipelineName"))
    wanted = (self._get_param("filter") or {}).get("pipelineExecutionId")
    details = [
        {
            "pipelineExecutionId": execution["pipelineExecutionId"],
            **action,
            "input": {**_input(pipeline, action), **action.get("input", {})},
        }
        for execution in list(_executions(pipeline).values())[::-1]
        if wanted in (None, execution["pipelineExecutionId"])
        for action in execution.get("actions", [])[::-1]
    ]
    return json.dumps({"actionExecutionDetails": details})


def _input(pipeline: CodePipeline, action: Dict[str, Any]) -> Dict[str, Any]:
    """What an action is, as the pipeline says it by now; nothing of one that it has no more."""
    kinds = (
        each["actionTypeId"]
        for stage in pipeline.pipeline["stages"]
        for each in stage["actions"]
        if (stage["name"], each["name"]) == (action.get("stageName"), action.get("actionName"))
    )
    return {"actionTypeId": kind for kind in kinds}


def _latest(executions: List[Dict[str, Any]], stage: str, name: str) -> Dict[str, Any]:
    """The last run of an action, of the newest execution that came to it; of CodeBuild with the build."""
    runs = [
        action
        for execution in executions
        for action in execution.get("actions", [])
        if (action.get("stageName"), action.get("actionName")) == (stage, name)
    ]
    if not runs:
        return {}
    build = runs[-1].get("output", {}).get("executionResult", {}).get("externalExecutionId")
    return {
        "status": runs[-1].get("status"),
        **({"externalExecutionId": build} if build else {}),
    }


def _state(self: CodePipelineResponse) -> str:
    pipeline = _pipeline(self, self._get_param("name"))
    open_ones = {
        (a["stageName"], a["actionName"]): a for a in _approvals(pipeline) if "result" not in a
    }

    def action(stage: str, name: str) -> Dict[str, Any]:
        waiting = open_ones.get((stage, name))
        if waiting:
            latest = {key: waiting[key] for key in ("token", "lastStatusChange")}
            latest["status"] = "InProgress"
        else:
            latest = _latest(executions, stage, name)
        return {"actionName": name, **({"latestExecution": latest} if latest else {})}

    executions = list(_executions(pipeline).values())

    def standing(stage: str) -> Dict[str, Any]:
        """Who is or was last in the stage, and who waits before it, in the order in which they came."""

        def shown(execution: Dict[str, Any]) -> Dict[str, Any]:
            identity = execution["pipelineExecutionId"]
            return {"pipelineExecutionId": identity, "status": execution["status"]}

        inside = [shown(e) for e in executions if e.get("stage") == stage]
        before = [
            shown(e)
            for e in executions
            if e.get("waitsFor") == stage and e["status"] == "InProgress"
        ]
        return {
            **({"latestExecution": inside[-1]} if inside else {}),
            **({"inboundExecution": before[0], "inboundExecutions": before} if before else {}),
        }

    stages = [
        {
            **standing(s["name"]),
            "stageName": s["name"],
            "actionStates": [action(s["name"], a["name"]) for a in s["actions"]],
        }
        for s in pipeline.pipeline["stages"]
    ]
    shown = {"pipelineName": pipeline.pipeline["name"], "stageStates": stages}
    return json.dumps({**shown, "pipelineVersion": pipeline.pipeline["version"]})


def _decide(self: CodePipelineResponse) -> str:
    pipeline = _pipeline(self, self._get_param("pipelineName"))
    approval = next(
        (a for a in _approvals(pipeline) if a["token"] == self._get_param("token")), None
    )
    if approval is None:
        raise JsonRESTError(
            "InvalidApprovalTokenException",
            "The approval request already received a response or has expired.",
        )
    if "result" in approval:
        raise JsonRESTError(
            "ApprovalAlreadyCompletedException",
            "The approval action has already been approved or rejected.",
        )
    approval["result"] = self._get_param("result")
    return json.dumps({"approvedAt": time.time()})


def _revision(pipeline: CodePipeline, override: Dict[str, Any]) -> Dict[str, Any]:
    """The revision that a source action is told to take; its words of a refusal are not CodePipeline's."""
    sources = {
        action["name"]: action
        for action in pipeline.pipeline["stages"][0]["actions"]
        if action["actionTypeId"]["category"] == "Source"
    }
    name, kind = override["actionName"], override["revisionType"]
    source = sources.get(name)
    allowed = REVISION_TYPES.get(source["actionTypeId"]["provider"], ()) if source else ()
    if kind not in allowed:
        raise JsonRESTError(
            "ValidationException",
            "Source revision override %s is not valid for the action %s" % (kind, name),
        )
    return {"name": name, "revisionId": override["revisionValue"]}


def _start(self: CodePipelineResponse) -> str:
    """The execution is there, with what its sources shall take; it goes on as whoever plays CodePipeline says."""
    pipeline = _pipeline(self, self._get_param("name"))
    revisions = [_revision(pipeline, one) for one in self._get_param("sourceRevisions") or []]
    now = time.time()
    execution = {
        "pipelineExecutionId": str(uuid.uuid4()),
        "status": "InProgress",
        "startTime": now,
        "lastUpdateTime": now,
        "trigger": {"triggerType": "StartPipelineExecution"},
        "artifactRevisions": revisions,
        "stage": pipeline.pipeline["stages"][0]["name"],
    }
    _executions(pipeline)[execution["pipelineExecutionId"]] = execution
    _announce(pipeline.pipeline["name"], execution)
    return json.dumps({"pipelineExecutionId": execution["pipelineExecutionId"]})


def _stop(self: CodePipelineResponse) -> str:
    pipeline = _pipeline(self, self._get_param("pipelineName"))
    identity = self._get_param("pipelineExecutionId")
    execution = _executions(pipeline).get(identity)
    abandon = self._get_param("abandon") or False
    status = execution["status"] if execution else "NotFound"
    if execution is None or status not in ("InProgress", "Stopping"):
        raise JsonRESTError(
            "PipelineExecutionNotStoppableException",
            "Pipeline execution %s in pipeline %s cannot be stopped: its status is %s"
            % (identity, pipeline.pipeline["name"], status),
        )
    if status == "Stopping" and not abandon:
        raise JsonRESTError(
            "DuplicatedStopRequestException",
            "Pipeline execution %s is already in a Stopping state" % identity,
        )
    # Nothing runs here that could be waited for; whoever plays CodePipeline ends what is abandoned.
    execution["status"] = "Stopped" if abandon else "Stopping"
    if self._get_param("reason"):
        execution["statusSummary"] = self._get_param("reason")
    execution["lastUpdateTime"] = time.time()
    _announce(pipeline.pipeline["name"], execution)
    return json.dumps({"pipelineExecutionId": identity})


def _came_to(execution: Dict[str, Any], stage: str) -> bool:
    tried = [action.get("stageName") for action in execution.get("actions", [])]
    return stage == execution.get("stage") or stage in tried


def _retry(self: CodePipelineResponse) -> str:
    pipeline = _pipeline(self, self._get_param("pipelineName"))
    stage, identity = self._get_param("stageName"), self._get_param("pipelineExecutionId")
    if stage not in [s["name"] for s in pipeline.pipeline["stages"]]:
        raise JsonRESTError("StageNotFoundException", "Stage %s not found" % stage)
    newest = [e for e in _executions(pipeline).values() if _came_to(e, stage)][-1:]
    execution = _executions(pipeline).get(identity)
    if execution and newest and newest[0] is not execution:
        raise JsonRESTError(
            "NotLatestPipelineExecutionException",
            "The stage %s has failed in a later pipeline execution" % stage,
        )
    ended = execution and execution["status"] in ("Failed", "Stopped")
    if not execution or not ended or execution.get("stage") != stage:
        raise JsonRESTError(
            "StageNotRetryableException", "Stage %s does not contain any failed actions" % stage
        )
    execution.update(status="InProgress", lastUpdateTime=time.time())
    _announce(pipeline.pipeline["name"], execution, "RESUMED")
    return json.dumps({"pipelineExecutionId": identity})


def _found(name: str) -> CodePipeline:
    return _backend_of(name).pipelines[name]


def _backend_of(name: str) -> CodePipelineBackend:
    for regions in codepipeline_backends.values():
        for backend in regions.values():
            if name in backend.pipelines:
                return backend
    raise Refused("there is no pipeline " + name)


def _announce(name: str, execution: Dict[str, Any], state: str = "") -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html"""
    state = state or EVENT_STATES[execution["status"]]
    _put_event(name, execution, "Pipeline", {"state": state, "pipeline-execution-attempt": 1.0})


def _announce_parts(name: str, before: Dict[str, Any], execution: Dict[str, Any]) -> None:
    """What has come to it since: the stage that it is in now, and actions that failed."""
    if execution.get("stage") not in (None, before.get("stage")):
        detail = {"stage": execution["stage"], "state": "STARTED"}
        _put_event(name, execution, "Stage", detail)
    known = before.get("actions", [])
    for action in execution.get("actions", []):
        if action["status"] == "Failed" and action not in known:
            result = action.get("output", {}).get("executionResult", {})
            summary = result.get("externalExecutionSummary", "")
            detail = {
                "stage": action.get("stageName", ""),
                "action": action["actionName"],
                "state": "FAILED",
                "execution-result": {"external-execution-summary": summary},
            }
            _put_event(name, execution, "Action", detail)


def _put_event(name: str, execution: Dict[str, Any], of: str, more: Dict[str, Any]) -> None:
    backend = _backend_of(name)
    pipeline = backend.pipelines[name].pipeline
    detail = {
        "pipeline": name,
        "execution-id": execution["pipelineExecutionId"],
        "version": float(pipeline["version"]),
        **more,
    }
    arn = "arn:aws:codepipeline:%s:%s:%s" % (backend.region_name, backend.account_id, name)
    event = {
        "Source": "aws.codepipeline",
        "DetailType": "CodePipeline %s Execution State Change" % of,
        "Detail": json.dumps(detail),
        "Resources": [arn],
        "Time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    events_backends[backend.account_id][backend.region_name].put_events([event])


@route("POST", "pipeline-executions")
def _set_execution(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Adds an execution, or changes the one of the same id; it keeps what the request leaves out.

    One that was stopped goes on to be so until it is told how it ended.
    """
    given, now = body["execution"], time.time()
    executions = _executions(_found(body["pipeline"]))
    identity = given["pipelineExecutionId"]
    before = executions.get(identity, {"status": "InProgress", "startTime": now})
    execution = {**before, **given, "lastUpdateTime": now}
    if before["status"] in STOPPED and execution["status"] == "InProgress":
        execution["status"] = before["status"]
    if execution["status"] not in STATUSES:
        raise Refused(
            "status must be one of %s, not %s" % (", ".join(STATUSES), execution["status"])
        )
    changed = identity not in executions or execution["status"] != before["status"]
    executions[identity] = execution
    _announce_parts(body["pipeline"], before, execution)
    if changed:
        _announce(body["pipeline"], execution)
    return execution


@route("POST", "pipeline-approvals")
def _ask(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Has an approval wait for an answer; GetPipelineState shows its token. One that has expired nobody can answer."""
    if body.get("expired"):
        open_ones = _approvals(_found(body["pipeline"]))
        open_ones[:] = [a for a in open_ones if a["token"] != body["token"]]
        return {}
    approval = {
        "stageName": body["stageName"],
        "actionName": body["actionName"],
        "token": str(uuid.uuid4()),
        "lastStatusChange": time.time(),
    }
    _approvals(_found(body["pipeline"])).append(approval)
    return approval


@route("GET", "pipeline-approvals")
def _list_approvals(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    return {"approvals": _approvals(_found(query["pipeline"]))}


def apply() -> None:
    CodePipelineResponse.get_pipeline_execution = _answered
    CodePipelineResponse.list_pipeline_executions = _listed
    CodePipelineResponse.list_action_executions = _actions_listed
    CodePipelineResponse.get_pipeline_state = _state
    CodePipelineResponse.put_approval_result = _decide
    CodePipelineResponse.retry_stage_execution = _retry
    CodePipelineResponse.start_pipeline_execution = _start
    CodePipelineResponse.stop_pipeline_execution = _stop
