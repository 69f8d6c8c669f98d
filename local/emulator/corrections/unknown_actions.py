"""Every API: an action that moto does not have.

moto raises NotImplementedError, which its server answers with a 500: SDKs retry that, the Terraform provider for
minutes. Answered as a client error at once.
"""
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse


class UnknownOperationException(ServiceException):
    code = "UnknownOperationException"


def apply() -> None:
    call_action = BaseResponse.call_action

    def corrected(self):
        try:
            return call_action(self)
        except NotImplementedError as error:
            status, headers, body = self.serialized(ActionResult(UnknownOperationException(str(error))))
            return 400, {**headers, "status": "400"}, body

    BaseResponse.call_action = corrected
