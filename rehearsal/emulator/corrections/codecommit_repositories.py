"""CodeCommit CreateRepository, GetRepository, UpdateRepositoryDescription, tags.

moto answers times as text where the JSON protocol has numbers, which the Terraform provider cannot read, and has
neither updates nor tags.
"""

import json
import time
from typing import Any

from moto.codecommit.models import CodeCommit
from moto.codecommit.responses import CodeCommitResponse

from ..tags import tags_of


def _update(self: CodeCommitResponse) -> str:
    metadata = self.codecommit_backend.get_repository(self._get_param("repositoryName"))
    metadata["repositoryDescription"] = self._get_param("repositoryDescription")
    metadata["lastModifiedDate"] = time.time()
    return "{}"


def _list_tags(self: CodeCommitResponse) -> str:
    return json.dumps({"tags": tags_of(self.codecommit_backend, self._get_param("resourceArn"))})


def _tag(self: CodeCommitResponse) -> str:
    tags_of(self.codecommit_backend, self._get_param("resourceArn")).update(self._get_param("tags"))
    return "{}"


def _untag(self: CodeCommitResponse) -> str:
    for key in self._get_param("tagKeys"):
        tags_of(self.codecommit_backend, self._get_param("resourceArn")).pop(key, None)
    return "{}"


def apply() -> None:
    initialise, create = CodeCommit.__init__, CodeCommitResponse.create_repository

    def initialised(self: CodeCommit, *args: Any, **kwargs: Any) -> None:
        initialise(self, *args, **kwargs)
        now = time.time()
        self.repository_metadata.update(creationDate=now, lastModifiedDate=now)

    def created(self: CodeCommitResponse) -> str:
        answer = create(self)
        metadata = self.codecommit_backend.get_repository(self._get_param("repositoryName"))
        if self._get_param("kmsKeyId"):
            metadata["kmsKeyId"] = self._get_param("kmsKeyId")
        tags_of(self.codecommit_backend, metadata["Arn"]).update(self._get_param("tags") or {})
        return answer

    CodeCommit.__init__ = initialised
    CodeCommitResponse.create_repository = created
    CodeCommitResponse.update_repository_description = _update
    CodeCommitResponse.list_tags_for_resource = _list_tags
    CodeCommitResponse.tag_resource, CodeCommitResponse.untag_resource = _tag, _untag
