"""CodePipeline CreatePipeline, UpdatePipeline, GetPipeline.

moto accepts a role only when each statement of its trust policy has one service as a string: a list, a principal that
is a role, or a condition is refused. It answers times as text where the JSON protocol has numbers, which the Terraform
provider cannot read, and leaves out defaults of a V2 pipeline, which show as changes.
"""

import json
from typing import Any, Dict

from moto.codepipeline.models import CodePipeline, CodePipelineBackend
from moto.iam.models import IAMBackend


def _trusts_codepipeline(document: str) -> bool:
    statements = json.loads(document)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        named = [services] if isinstance(services, str) else services
        if statement["Effect"] == "Allow" and "codepipeline.amazonaws.com" in named:
            return True
    return False


class _PlainTrust:
    """A role with its trust policy in the one form that moto reads."""

    def __init__(self, trusted: bool) -> None:
        service = "codepipeline.amazonaws.com" if trusted else "none"
        self.assume_role_policy_document = json.dumps(
            {"Statement": [{"Principal": {"Service": service}}]}
        )


class _PlainTrusts:
    """IAM as CreatePipeline sees it."""

    def __init__(self, iam: IAMBackend) -> None:
        self._iam = iam

    def get_role_by_arn(self, arn: str) -> _PlainTrust:
        return _PlainTrust(
            _trusts_codepipeline(self._iam.get_role_by_arn(arn).assume_role_policy_document)
        )


def apply() -> None:
    iam, metadata, add_defaults = (
        CodePipelineBackend.iam_backend.fget,
        CodePipeline.metadata.fget,
        CodePipeline.add_default_values,
    )

    def times(self: CodePipeline) -> Dict[str, Any]:
        return {
            **metadata(self),
            "created": self._created.timestamp(),
            "updated": self._updated.timestamp(),
        }

    def defaults(self: CodePipeline, pipeline: Dict[str, Any]) -> Dict[str, Any]:
        pipeline.setdefault("pipelineType", "V1")
        pipeline.setdefault("executionMode", "SUPERSEDED")
        return add_defaults(self, pipeline)

    CodePipelineBackend.iam_backend = property(lambda self: _PlainTrusts(iam(self)))
    CodePipeline.metadata = property(times)
    CodePipeline.add_default_values = defaults
