"""EC2 CreateLaunchTemplate.

moto adds the tags of the template itself to the tags that its instances shall get: a change at each preview.
"""
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.launch_templates import LaunchTemplates


def apply() -> None:
    create = LaunchTemplates.create_launch_template

    def corrected(self: LaunchTemplates) -> ActionResult:
        given: Any = list(self._get_param("LaunchTemplateData", {}).get("TagSpecifications", []))
        result = create(self)
        template = self.ec2_backend.get_launch_template(result.result["LaunchTemplate"]["LaunchTemplateId"])
        data = template.default_version().data
        data["TagSpecifications"] = given
        if not given:
            del data["TagSpecifications"]
        return result

    LaunchTemplates.create_launch_template = corrected
