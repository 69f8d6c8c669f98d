"""CodeBuild CreateWebhook, UpdateWebhook, DeleteWebhook: moto has none of them.

The provider finds a webhook again as part of its project. No event ever arrives: nothing here is GitHub.
"""

import json
import time
import uuid
from typing import Any, Dict, List

from moto.codebuild.exceptions import (
    InvalidInputException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
)
from moto.codebuild.models import CodeBuild
from moto.codebuild.responses import CodeBuildResponse

# What has webhooks ("WebhookFilter" and "Webhook", CodeBuild API reference).
REPOSITORIES = (
    "BITBUCKET",
    "GITHUB",
    "GITHUB_ENTERPRISE",
    "GITLAB",
    "GITLAB_SELF_MANAGED",
)

# The settings of a webhook that a request may give.
SETTINGS = (
    "branchFilter",
    "buildType",
    "filterGroups",
    "manualCreation",
    "pullRequestBuildPolicy",
    "scopeConfiguration",
)


def _project(self: CodeBuildResponse, request: Dict[str, Any]) -> CodeBuild:
    project = self.codebuild_backend.codebuild_projects.get(request["projectName"])
    if project is None:
        raise ResourceNotFoundException("Project cannot be found: " + request["projectName"])
    return project


def _check(groups: List[List[Dict[str, Any]]]) -> None:
    for group in groups:
        if not any(each["type"] == "EVENT" for each in group):
            raise InvalidInputException("A filter group must have exactly one filter of type EVENT")


def _create(self: CodeBuildResponse) -> str:
    request = json.loads(self.body)
    project = _project(self, request).project_metadata
    source = project["source"]
    if source["type"] not in REPOSITORIES:
        raise InvalidInputException("Webhooks are not supported for source type " + source["type"])
    if "webhook" in project:
        raise ResourceAlreadyExistsException("Webhook already exists for " + request["projectName"])
    _check(request.get("filterGroups", []))
    hook = str(uuid.uuid4())
    project["webhook"] = {
        # Without a policy CodeBuild asks for approval of all ("Pull request comment approval", CodeBuild user guide).
        "pullRequestBuildPolicy": {"requiresCommentApproval": "ALL_PULL_REQUESTS"},
        **{key: request[key] for key in SETTINGS if key in request},
        "url": source["location"][: -len(".git")] + "/settings/hooks/" + hook,
        "payloadUrl": "https://codebuild.%s.amazonaws.com/webhooks?t=%s" % (self.region, hook),
        "lastModifiedSecret": time.time(),
        "status": "ACTIVE",
    }
    return json.dumps({"webhook": project["webhook"]})


def _hooked(self: CodeBuildResponse, request: Dict[str, Any]) -> Dict[str, Any]:
    project = _project(self, request).project_metadata
    if "webhook" not in project:
        raise ResourceNotFoundException("Webhook not found for " + request["projectName"])
    return project


def _update(self: CodeBuildResponse) -> str:
    request = json.loads(self.body)
    webhook = _hooked(self, request)["webhook"]
    _check(request.get("filterGroups", []))
    webhook.update({key: request[key] for key in SETTINGS if key in request})
    return json.dumps({"webhook": webhook})


def _delete(self: CodeBuildResponse) -> str:
    del _hooked(self, json.loads(self.body))["webhook"]
    return "{}"


def apply() -> None:
    CodeBuildResponse.create_webhook = _create
    CodeBuildResponse.update_webhook = _update
    CodeBuildResponse.delete_webhook = _delete
