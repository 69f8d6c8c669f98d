"""RDS CreateDBInstance: moto gives every instance the same resource id, by which the provider looks for the one it made."""

from typing import Any
from uuid import uuid4

from moto.rds.models import DBInstance


def apply() -> None:
    initialize = DBInstance.__init__

    def with_its_own_id(self: DBInstance, *args: Any, **kwargs: Any) -> None:
        initialize(self, *args, **kwargs)
        self.dbi_resource_id = "db-" + uuid4().hex[:26].upper()

    DBInstance.__init__ = with_its_own_id
