"""CodePipeline GetPipelineExecution, ListPipelineExecutions, ListActionExecutions, GetPipelineState, PutApprovalResult.

moto has none of them, and runs no pipeline: whoever plays CodePipeline says what there is
(``POST /gantry-emulator/pipeline-executions``), and reads what people decided (``GET /gantry-emulator/pipeline-approvals``).
"""

import json
import time
import uuid
from typing import Any, Dict, List

from moto.codepipeline.models import CodePipeline, codepipeline_backends
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError

from ..control import Refused, route

STATUSES = ("InProgress", "Stopped", "Stopping", "Succeeded", "Superseded", "Failed", "Cancelled")
OF_EXECUTION = ("pipelineExecutionId", "status", "artifactRevisions", "trigger", "variables")
RESULTS = ("Approved", "Rejected")


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
            **{k: e[k] for k in ("pipelineExecutionId", "status", "trigger") if k in e},
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
        {"pipelineExecutionId": execution["pipelineExecutionId"], **action}
        for execution in list(_executions(pipeline).values())[::-1]
        if wanted in (None, execution["pipelineExecutionId"])
        for action in execution.get("actions", [])[::-1]
    ]
    return json.dumps({"actionExecutionDetails": details})


def _state(self: CodePipelineResponse) -> str:
    pipeline = _pipeline(self, self._get_param("name"))
    open_ones = {
        (a["stageName"], a["actionName"]): a for a in _approvals(pipeline) if "result" not in a
    }

    def action(stage: str, name: str) -> Dict[str, Any]:
        waiting = open_ones.get((stage, name))
        latest = {"status": "InProgress", "token": waiting["token"]} if waiting else None
        return {"actionName": name, **({"latestExecution": latest} if latest else {})}

    stages = [
        {
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


def _found(name: str) -> CodePipeline:
    for regions in codepipeline_backends.values():
        for backend in regions.values():
            if name in backend.pipelines:
                return backend.pipelines[name]
    raise Refused("there is no pipeline " + name)


@route("POST", "pipeline-executions")
def _set_execution(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Adds an execution, or changes the one of the same id; it keeps what the request leaves out."""
    given, now = body["execution"], time.time()
    executions = _executions(_found(body["pipeline"]))
    identity = given["pipelineExecutionId"]
    before = executions.get(identity, {"status": "InProgress", "startTime": now})
    execution = {**before, **given, "lastUpdateTime": now}
    if execution["status"] not in STATUSES:
        raise Refused(
            "status must be one of %s, not %s" % (", ".join(STATUSES), execution["status"])
        )
    executions[identity] = execution
    return execution


@route("POST", "pipeline-approvals")
def _ask(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    """Has an approval wait for an answer; GetPipelineState shows its token."""
    approval = {
        "stageName": body["stageName"],
        "actionName": body["actionName"],
        "token": str(uuid.uuid4()),
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
