"""What is wrong with a request."""

from typing import Any, NamedTuple

# A member that AWS's model has not; a value of another type; a body that cannot be read; a value that is not allowed.
UNKNOWN, TYPE, MALFORMED, CONSTRAINT, MISSING = (
    "unknown",
    "type",
    "malformed",
    "constraint",
    "missing",
)


class Fault(NamedTuple):
    """``constraint`` is what AWS asks of the value, in AWS's words; of a TYPE, what it cannot be converted to."""

    kind: str
    path: str
    value: Any
    constraint: str
    in_body: bool = True
