"""IAM, AWS managed policies.

They are there (``MOTO_IAM_LOAD_MANAGED_POLICIES``), as an attachment of one is refused without; but in the partition
``aws`` alone. moto builds 1500 of them for each of six partitions whenever it is reset: 1.7 s instead of 0.4 s.
"""

from typing import Any, List

from moto.iam.models import IAMBackend


def apply() -> None:
    build = IAMBackend._init_aws_policies

    def corrected(self: IAMBackend) -> List[Any]:
        return build(self) if self.region_name == "aws" else []

    IAMBackend._init_aws_policies = corrected
