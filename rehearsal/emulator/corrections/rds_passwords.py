"""RDS, ManageMasterUserPassword: moto keeps the same name and password for everybody. RDS keeps the one that was asked for, and draws."""

import json
from secrets import token_urlsafe

from moto.rds.models import MasterUserSecret


def apply() -> None:
    def drawn(self: MasterUserSecret) -> str:
        return json.dumps(
            {"username": self.resource.master_username, "password": token_urlsafe(21)}
        )

    MasterUserSecret._generate_secret_string = drawn
