"""Step Functions ValidateStateMachineDefinition and ListStateMachineVersions, which moto lacks.

The provider asks for the one before it makes or changes a state machine, and for the other whenever it reads one. Of the
language no more is known here than JSON and where states lead.
"""

import json
from typing import Any, Dict, Iterator, List

from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse


def _nexts(state: Dict[str, Any]) -> Iterator[str]:
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for rule in state.get("Choices", []) + state.get("Catch", []):
        yield rule.get("Next", "")


def _faults(text: str) -> List[str]:
    try:
        definition = json.loads(text)
    except ValueError as error:
        return ["INVALID_JSON_DESCRIPTION: %s" % error]
    states = definition.get("States", {})
    starts = [definition.get("StartAt", "")]
    named = starts + [n for s in states.values() for n in _nexts(s)]
    return ["MISSING_TRANSITION_TARGET: %s" % name for name in named if name not in states]


def _validate(self: StepFunctionResponse) -> ActionResult:
    faults = [fault.split(": ", 1) for fault in _faults(self._get_param("definition"))]
    diagnostics = [{"severity": "ERROR", "code": code, "message": text} for code, text in faults]
    result = "FAIL" if diagnostics else "OK"
    return ActionResult({"result": result, "diagnostics": diagnostics, "truncated": False})


def _versions(self: StepFunctionResponse) -> ActionResult:
    arn = self._get_param("stateMachineArn")
    found = self.stepfunction_backend.describe_state_machine(arn).versions.values()
    versions = [
        {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
        for version in sorted(found, key=lambda version: -version.version)
    ]
    return ActionResult({"stateMachineVersions": versions})


def apply() -> None:
    StepFunctionResponse.list_state_machine_versions = _versions
    StepFunctionResponse.validate_state_machine_definition = _validate
