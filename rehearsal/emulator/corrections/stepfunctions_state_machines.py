"""Step Functions ValidateStateMachineDefinition and ListStateMachineVersions, which moto lacks.

The provider asks for the one before it makes or changes a state machine, and for the other whenever it reads one. Of the
language no more is known here than JSON, where states lead, and whether a call to AWS's own APIs has the parameters that the API
takes. AWS checks those as well, and so CreateStateMachine and UpdateStateMachine do here.
"""

import json
import re
from typing import Any, Callable, Dict, Iterator, List

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from ..strict.models import operation_of

# ``arn:aws:states:::aws-sdk:<service>:<action>``: the action as in Java, with a small letter first.
SDK_CALL = re.compile(r"^arn:[^:]+:states:::aws-sdk:([a-z0-9]+):([a-z][A-Za-z0-9]*)$")
# What the SDK for Java calls services that sign by another name.
SIGNED_AS = {"sfn": "states"}


def _nexts(state: Dict[str, Any]) -> Iterator[str]:
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for rule in state.get("Choices", []) + state.get("Catch", []):
        yield rule.get("Next", "")


def _upper_first(name: str) -> str:
    return name[:1].upper() + name[1:]


def _call_faults(name: str, state: Dict[str, Any]) -> Iterator[str]:
    """Parameters are those of the API, each with a capital first, whatever the API itself writes."""
    call = SDK_CALL.match(str(state.get("Resource", "")))
    if not call:
        return
    service, action = call.groups()
    operation = operation_of(SIGNED_AS.get(service, service), _upper_first(action))
    where = "State %s, %s:%s" % (name, service, action)
    if operation is None:
        yield "INVALID_TASK_RESOURCE: %s: there is no such call" % where
        return
    shape = operation.input_shape
    known = {_upper_first(member) for member in (shape.members if shape else {})}
    required = {_upper_first(member) for member in (shape.required_members if shape else [])}
    given = {key[:-2] if key.endswith(".$") else key for key in _arguments(state)}
    for key in sorted(given - known):
        yield "SCHEMA_VALIDATION_FAILED: %s: The field %s is not supported" % (where, key)
    for key in sorted(required - given):
        yield "SCHEMA_VALIDATION_FAILED: %s: The field %s is required" % (where, key)


def _arguments(state: Dict[str, Any]) -> Dict[str, Any]:
    return state.get("Arguments", state.get("Parameters", {}))


def _faults(text: str) -> List[str]:
    try:
        definition = json.loads(text)
    except ValueError as error:
        return ["INVALID_JSON_DESCRIPTION: %s" % error]
    states = definition.get("States", {})
    starts = [definition.get("StartAt", "")]
    named = starts + [n for s in states.values() for n in _nexts(s)]
    missing = ["MISSING_TRANSITION_TARGET: %s" % name for name in named if name not in states]
    return missing + [f for name, state in states.items() for f in _call_faults(name, state)]


def _checked(change: Callable[[StepFunctionResponse], ActionResult]) -> Any:
    def checked(self: StepFunctionResponse) -> ActionResult:
        text = self._get_param("definition")
        faults = _faults(text) if text else []
        if faults:
            raise JsonRESTError(
                "InvalidDefinition", "Invalid State Machine Definition: '%s'" % ", ".join(faults)
            )
        return change(self)

    return checked


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
    for action in ("create_state_machine", "update_state_machine"):
        setattr(StepFunctionResponse, action, _checked(getattr(StepFunctionResponse, action)))
    StepFunctionResponse.list_state_machine_versions = _versions
    StepFunctionResponse.validate_state_machine_definition = _validate
