"""CodeBuild CreateProject, UpdateProject, DeleteProject, BatchGetProjects.

moto asks for a location of a source or artifact that is CodePipeline's, has no UpdateProject, and forgets the
encryption key, the limit of concurrent builds and more: each a failure or a change at the next preview. The provider
deletes projects by their ARN, of which moto deletes nothing. It takes a variable of any length.
"""

import json
import time
from typing import Any, Callable, Dict

from moto.codebuild import responses as codebuild
from moto.codebuild.exceptions import InvalidInputException, ResourceNotFoundException
from moto.codebuild.models import CodeBuildBackend
from moto.codebuild.responses import CodeBuildResponse

ENVIRONMENT_TYPES = (
    "ARM_CONTAINER",
    "LINUX_CONTAINER",
    "LINUX_GPU_CONTAINER",
    "WINDOWS_SERVER_2019_CONTAINER",
)


# What CodeBuild says in its answer; no page has it.
VARIABLE_CHARACTERS = 4096


def _check_variables(request: Dict[str, Any]) -> None:
    for variable in request.get("environment", {}).get("environmentVariables", []):
        if len(variable["value"]) > VARIABLE_CHARACTERS:
            raise InvalidInputException(
                "EnvironmentVariable should be at most %d characters" % VARIABLE_CHARACTERS
            )


def _located(check: Callable[[Dict[str, Any]], None]) -> Callable[[Dict[str, Any]], None]:
    def checked(part: Dict[str, Any]) -> None:
        if part["type"] in ("CODEPIPELINE", "NO_SOURCE"):
            part = {"location": "CODEPIPELINE", **part}
        check(part)

    return checked


def _settings(request: Dict[str, Any]) -> Dict[str, Any]:
    """A project's settings with the defaults that AWS answers."""
    environment = {
        "imagePullCredentialsType": "CODEBUILD",
        "privilegedMode": False,
        "environmentVariables": [],
    }
    environment.update(request["environment"])
    for variable in environment["environmentVariables"]:
        variable.setdefault("type", "PLAINTEXT")
    settings = {
        "timeoutInMinutes": 60,
        "queuedTimeoutInMinutes": 480,
        "tags": [],
        **request,
        "environment": environment,
        "cache": request.get("cache") or {"type": "NO_CACHE"},
        "source": {"insecureSsl": False, **request["source"]},
    }
    if settings.get("concurrentBuildLimit") == -1:
        del settings["concurrentBuildLimit"]
    return settings


def _name_of(backend: CodeBuildBackend, name_or_arn: str) -> str:
    """The name of a project that is named by its ARN; any other name as it is."""
    found = (n for n, project in backend.codebuild_projects.items() if project.arn == name_or_arn)
    return next(found, name_or_arn)


def apply() -> None:
    codebuild._validate_required_params_source = _located(
        codebuild._validate_required_params_source
    )
    codebuild._validate_required_params_artifacts = _located(
        codebuild._validate_required_params_artifacts
    )
    codebuild._validate_required_params_environment = lambda environment: None
    create = CodeBuildResponse.create_project

    def created(self: CodeBuildResponse) -> str:
        request = json.loads(self.body)
        _check_variables(request)
        create(self)
        project = self.codebuild_backend.codebuild_projects[request["name"]]
        now = time.time()
        default_key = "arn:aws:kms:%s:%s:alias/aws/s3" % (self.region, self.current_account)
        settings = {"encryptionKey": default_key, **_settings(request)}
        project.project_metadata = {
            **settings,
            "arn": project.arn,
            "created": now,
            "lastModified": now,
        }
        return json.dumps({"project": project.project_metadata})

    def updated(self: CodeBuildResponse) -> str:
        request = json.loads(self.body)
        _check_variables(request)
        request["name"] = _name_of(self.codebuild_backend, request["name"])
        project = self.codebuild_backend.codebuild_projects.get(request["name"])
        if project is None:
            raise ResourceNotFoundException("Project cannot be found: " + request["name"])
        merged = {**project.project_metadata, **request, "lastModified": time.time()}
        if "vpcConfig" in request and not request["vpcConfig"]:
            del merged["vpcConfig"]
        project.project_metadata = _settings(merged)
        return json.dumps({"project": project.project_metadata})

    delete = CodeBuildBackend.delete_project

    def deleted(self: CodeBuildBackend, project_name: str) -> None:
        delete(self, _name_of(self, project_name))

    CodeBuildBackend.delete_project = deleted
    CodeBuildResponse.create_project = created
    CodeBuildResponse.update_project = updated
