"""What AWS's model asks of values: members that must be there, enumerations, lengths, ranges, patterns, unions.

Values are as ``readers`` gives them: dictionaries by member, lists, text, numbers, booleans, bytes.
"""

from typing import Any, Iterator, List

from .exceptions import is_excepted
from .faults import CONSTRAINT, MISSING, Fault
from .models import is_scalar, item_path, member_path
from .patterns import matches

LENGTH, VALUE = "Member must have length ", "Member must have value "
NOT_NULL = "Member must not be null"


def check(service: str, shape: Any, value: Any) -> List[Fault]:
    """Every fault of a value."""
    return list(_check(service, shape, value, ""))


def _check(service: str, shape: Any, value: Any, path: str) -> Iterator[Fault]:
    for constraint in _own(service, shape, value):
        yield Fault(CONSTRAINT, path, value, constraint)
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        yield from _structure(service, shape, value, path)
    elif kind == "list" and isinstance(value, list):
        yield from _list(service, shape, value, path)
    elif kind == "map" and isinstance(value, dict):
        yield from _map(service, shape, value, path)


def _structure(service: str, shape: Any, value: Any, path: str) -> Iterator[Fault]:
    members = shape.members
    for name in shape.metadata.get("required", ()):
        if name not in value and not is_excepted(service, shape.name + "$" + name, "required"):
            in_body = "location" not in members[name].serialization
            yield Fault(MISSING, member_path(path, name), None, NOT_NULL, in_body)
    if shape.metadata.get("union") and len(value) != 1:
        yield Fault(CONSTRAINT, path, value, "Member must have exactly one of its members set")
    for name, part in value.items():
        member = members.get(name)
        if member is None:
            continue
        in_body = bool(path) or "location" not in member.serialization
        for fault in _check(service, member, part, member_path(path, name)):
            yield fault if in_body else fault._replace(in_body=False)


def _list(service: str, shape: Any, value: List[Any], path: str) -> Iterator[Fault]:
    if not is_scalar(shape.member):
        for index, item in enumerate(value):
            yield from _check(service, shape.member, item, item_path(path, index))
        return
    for item in value:
        broken = list(_own(service, shape.member, item))
        if broken:
            wanted = "Member must satisfy constraint: [%s]" % ", ".join(broken)
            yield Fault(CONSTRAINT, path, value, wanted)
            return


def _map(service: str, shape: Any, value: Any, path: str) -> Iterator[Fault]:
    for name, part in value.items():
        broken = list(_own(service, shape.key, name))
        if broken:
            wanted = "Map keys must satisfy constraint: [%s]" % ", ".join(broken)
            yield Fault(CONSTRAINT, path, value, wanted)
            return
        if not is_scalar(shape.value):
            yield from _check(service, shape.value, part, "%s.%s.member" % (path, name))
            continue
        broken = list(_own(service, shape.value, part))
        if broken:
            wanted = "Map value must satisfy constraint: [%s]" % ", ".join(broken)
            yield Fault(CONSTRAINT, path, value, wanted)
            return


def _own(service: str, shape: Any, value: Any) -> Iterator[str]:
    """The constraints that a value itself breaks, its parts aside."""
    metadata = shape.metadata
    if not metadata:
        return
    low, high = metadata.get("min"), metadata.get("max")
    if (low is not None or high is not None) and not is_excepted(service, shape.name, "size"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        size = value if number else len(value) if hasattr(value, "__len__") else None
        words = VALUE if number else LENGTH
        if size is not None and low is not None and size < low:
            yield words + "greater than or equal to %s" % low
        if size is not None and high is not None and size > high:
            yield words + "less than or equal to %s" % high
    if not isinstance(value, str):
        return
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed and not is_excepted(service, shape.name, "enum"):
        yield "Member must satisfy enum value set: [%s]" % ", ".join(allowed)
    pattern = metadata.get("pattern")
    if pattern and not matches(pattern, value):
        if not is_excepted(service, shape.name, "pattern"):
            yield "Member must satisfy regular expression pattern: " + pattern
