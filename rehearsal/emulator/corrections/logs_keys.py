"""CloudWatch Logs AssociateKmsKey, DisassociateKmsKey, CreateLogGroup: moto lacks the first two, and takes any text for a key."""

from typing import Optional

from moto.kms.models import kms_backends
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse


def _refuse_unknown(self: LogsResponse, key_arn: Optional[str]) -> None:
    if key_arn is None:
        return
    backend = kms_backends[self.current_account][self.region]
    if any(key.arn == key_arn and key.key_state == "Enabled" for key in backend.keys.values()):
        return
    group = "arn:aws:logs:%s:%s:log-group:%s" % (
        self.region,
        self.current_account,
        self._get_param("logGroupName"),
    )
    raise InvalidParameterException(
        "The specified KMS key does not exist or is not allowed to be used with Arn '%s'" % group
    )


def _group(self: LogsResponse) -> LogGroup:
    group = self.logs_backend.groups.get(self._get_param("logGroupName"))
    if group is None:
        raise ResourceNotFoundException()
    return group


def _associate(self: LogsResponse) -> str:
    group, key_arn = _group(self), self._get_param("kmsKeyId")
    _refuse_unknown(self, key_arn)
    group.kms_key_id = key_arn
    return ""


def _disassociate(self: LogsResponse) -> str:
    _group(self).kms_key_id = None
    return ""


def apply() -> None:
    create = LogsResponse.create_log_group

    def created(self: LogsResponse) -> str:
        _refuse_unknown(self, self._get_param("kmsKeyId"))
        return create(self)

    LogsResponse.create_log_group = created
    LogsResponse.associate_kms_key = _associate
    LogsResponse.disassociate_kms_key = _disassociate
