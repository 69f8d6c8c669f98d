"""KMS EnableKeyRotation, GetKeyRotationStatus.

moto forgets the rotation period: a change at each preview.
"""

import json

from moto.kms.responses import KmsResponse


def apply() -> None:
    enable, status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def enabled(self: KmsResponse) -> str:
        answer = enable(self)
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        key.rotation_period_days = self._get_param("RotationPeriodInDays") or 365
        return answer

    def shown(self: KmsResponse) -> str:
        answer = json.loads(status(self))
        key_id = self.kms_backend.get_key_id(self._get_param("KeyId"))
        if answer["KeyRotationEnabled"]:
            answer.update(
                KeyId=key_id,
                RotationPeriodInDays=self.kms_backend.keys[key_id].rotation_period_days,
            )
        return json.dumps(answer)

    KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status = enabled, shown
