"""EC2 CreateLaunchTemplate, DescribeLaunchTemplates.

moto adds the tags of the template itself to the tags that its instances shall get, and answers the tags that it was
made with after they changed: each a change at the next preview.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.responses.launch_templates import LaunchTemplates


def _forget(_template: LaunchTemplate, _tags: Any) -> None:
    """Lets moto's constructor set what is read from the tags themselves."""


def apply() -> None:
    create = LaunchTemplates.create_launch_template

    def corrected(self: LaunchTemplates) -> ActionResult:
        given: Any = list(self._get_param("LaunchTemplateData", {}).get("TagSpecifications", []))
        result = create(self)
        template = self.ec2_backend.get_launch_template(
            result.result["LaunchTemplate"]["LaunchTemplateId"]
        )
        data = template.default_version().data
        data["TagSpecifications"] = given
        if not given:
            del data["TagSpecifications"]
        return result

    LaunchTemplates.create_launch_template = corrected
    LaunchTemplate.tags = property(lambda self: self.get_tags(), _forget)
