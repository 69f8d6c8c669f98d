"""Tags for the resources of a moto backend that has none."""

from typing import Any, Dict


def tags_of(backend: Any, arn: str) -> Dict[str, str]:
    """The tags of a resource, to read and to change; moto's reset empties its backends, and these with them."""
    return backend.__dict__.setdefault("tags_by_arn", {}).setdefault(arn, {})
