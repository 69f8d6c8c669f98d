"""Application Auto Scaling ListTagsForResource, TagResource, UntagResource, RegisterScalableTarget.

moto has no tags for scalable targets, which the Terraform provider reads after each of its own reads.
"""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from ..tags import tags_of


def _list(self: ApplicationAutoScalingResponse) -> str:
    return json.dumps(
        {"Tags": tags_of(self.applicationautoscaling_backend, self._get_param("ResourceARN"))}
    )


def _tag(self: ApplicationAutoScalingResponse) -> str:
    tags_of(self.applicationautoscaling_backend, self._get_param("ResourceARN")).update(
        self._get_param("Tags")
    )
    return "{}"


def _untag(self: ApplicationAutoScalingResponse) -> str:
    for key in self._get_param("TagKeys"):
        tags_of(self.applicationautoscaling_backend, self._get_param("ResourceARN")).pop(key, None)
    return "{}"


def apply() -> None:
    register = ApplicationAutoScalingResponse.register_scalable_target

    def registered(self: ApplicationAutoScalingResponse) -> str:
        answer = register(self)
        arn = json.loads(answer)["ScalableTargetARN"]
        tags_of(self.applicationautoscaling_backend, arn).update(self._get_param("Tags") or {})
        return answer

    responses = ApplicationAutoScalingResponse
    responses.register_scalable_target = registered
    responses.list_tags_for_resource, responses.tag_resource, responses.untag_resource = (
        _list,
        _tag,
        _untag,
    )
