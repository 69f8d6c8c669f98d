"""AWS's service models, as botocore has them; read once for each service, and each shape once."""

from functools import lru_cache
from typing import Any, Optional

from botocore.model import OperationModel, ServiceModel

from ..actions import description_of


@lru_cache(maxsize=None)
def _service(service: str) -> ServiceModel:
    return ServiceModel(description_of(service), service)


@lru_cache(maxsize=None)
def operation_of(service: str, action: str) -> Optional[OperationModel]:
    """The model of an action by the service's signing name; None where AWS has none."""
    model = _service(service)
    return model.operation_model(action) if action in model.operation_names else None


def lower_first(name: str) -> str:
    """A member's name as AWS writes it in its errors."""
    return name[:1].lower() + name[1:]


def member_path(parent: str, name: str) -> str:
    """The place of a member of a structure: ``tags.1.member.key``."""
    return parent + "." + lower_first(name) if parent else lower_first(name)


def item_path(parent: str, index: int) -> str:
    """The place of an item of a list, counted from 0."""
    return "%s.%d.member" % (parent, index + 1)


def is_scalar(shape: Any) -> bool:
    return shape.type_name not in ("structure", "list", "map")
