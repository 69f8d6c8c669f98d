"""RDS DescribeDBParameters: moto says of no parameter whose it is, and the provider heeds those alone that are a user's."""

from typing import Any, Dict, Iterable

from moto.rds.models import DBParameterGroup


def apply() -> None:
    update = DBParameterGroup.update_parameters

    def update_as_user(self: DBParameterGroup, parameters: Iterable[Dict[str, Any]]) -> None:
        update(self, [{**parameter, "Source": "user"} for parameter in parameters])

    DBParameterGroup.update_parameters = update_as_user
