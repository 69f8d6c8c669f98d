"""IAM UpdateRole.

moto takes what the request leaves out for what shall be removed: a change of the session's length loses the
description.
"""

from typing import Any, Optional

from moto.core.responses import ActionResult
from moto.iam.models import IAMBackend, Role
from moto.iam.responses import IamResponse


def apply() -> None:
    update, respond = IAMBackend.update_role, IamResponse.update_role

    def updated(
        self: IAMBackend, role_name: str, role_description: Optional[str], max_session_duration: Any
    ) -> Role:
        role = self.get_role(role_name)
        description = role.description if role_description is None else role_description
        return update(self, role_name, description, max_session_duration)

    def responded(self: IamResponse) -> ActionResult:
        role = self.backend.get_role(self._get_param("RoleName"))
        given = self._get_param("MaxSessionDuration")
        before = role.max_session_duration
        result = respond(self)
        # moto's response has put its default in already.
        role.max_session_duration = before if given is None else given
        return result

    IAMBackend.update_role, IamResponse.update_role = updated, responded
