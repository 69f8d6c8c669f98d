"""Bodies in JSON."""

import base64
import binascii
from typing import Any, Dict, List

from ..faults import TYPE, UNKNOWN, Fault
from ..models import item_path, member_path
from .scalars import TIMESTAMP, cannot_be

NUMBERS = ("integer", "long", "short", "byte")
# What services take beside the numbers themselves.
SPECIAL_FLOATS = ("NaN", "Infinity", "-Infinity")


class JsonReader:
    """Reads a document by its shape; ``faults`` collects what the shape has not."""

    def __init__(self, faults: List[Fault]) -> None:
        self._faults = faults

    def read(self, shape: Any, value: Any, path: str) -> Any:
        kind = shape.type_name
        if kind == "structure":
            return self.structure(shape, value, path)
        if kind == "list":
            return self._list(shape, value, path)
        if kind == "map":
            return self._map(shape, value, path)
        return self._scalar(shape, value, path)

    def structure(self, shape: Any, value: Any, path: str) -> Any:
        if getattr(shape, "is_document_type", False):
            return None
        if not isinstance(value, dict):
            return self._wrong(value, path, "Structure")
        return self.members(shape, value, path, {})

    def members(self, shape: Any, value: Dict[str, Any], path: str, into: Dict[str, Any]) -> Any:
        """Adds the members of a body to ``into``; those that travel elsewhere are no part of it."""
        wire = {
            member.serialization.get("name", name): (name, member)
            for name, member in shape.members.items()
            if path or "location" not in member.serialization
        }
        for key, part in value.items():
            if key not in wire:
                self._faults.append(Fault(UNKNOWN, member_path(path, key), part, "is not known"))
            elif part is not None:
                name, member = wire[key]
                into[name] = self.read(member, part, member_path(path, name))
        return into

    def _list(self, shape: Any, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            return self._wrong(value, path, "List")
        return [
            self.read(shape.member, item, item_path(path, index))
            for index, item in enumerate(value)
        ]

    def _map(self, shape: Any, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            return self._wrong(value, path, "Map")
        return {
            key: self.read(shape.value, part, "%s.%s.member" % (path, key))
            for key, part in value.items()
            if part is not None
        }

    def _scalar(self, shape: Any, value: Any, path: str) -> Any:
        kind = shape.type_name
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if kind in NUMBERS:
            fits = number and float(value).is_integer()
        elif kind in ("float", "double"):
            fits = number or value in SPECIAL_FLOATS
        elif kind == "boolean":
            fits = isinstance(value, bool)
        elif kind == "timestamp":
            fits = number or self._is_time_in_text(shape, value)
            return None if fits else self._wrong(value, path, kind)
        elif kind == "blob":
            return self._blob(value, path)
        else:
            fits = isinstance(value, str)
        return value if fits else self._wrong(value, path, kind)

    @staticmethod
    def _is_time_in_text(shape: Any, value: Any) -> bool:
        """Bodies have times as numbers, unless the model says otherwise."""
        textual = shape.serialization.get("timestampFormat") in ("iso8601", "rfc822")
        return textual and isinstance(value, str) and TIMESTAMP.fullmatch(value) is not None

    def _blob(self, value: Any, path: str) -> Any:
        try:
            return base64.b64decode(value, validate=True)
        except (TypeError, ValueError, binascii.Error):
            return self._wrong(value, path, "blob")

    def _wrong(self, value: Any, path: str, kind: str) -> None:
        self._faults.append(Fault(TYPE, path, value, cannot_be(_token(value), kind)))


def _token(value: Any) -> str:
    """How AWS calls the kind of a value."""
    if value is None:
        return "VALUE_NULL"
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    if isinstance(value, (int, float)):
        return "NUMBER_VALUE"
    if isinstance(value, str):
        return "STRING_VALUE"
    return "Start of list" if isinstance(value, list) else "Start of structure or map"
