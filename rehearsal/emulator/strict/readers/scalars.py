"""Scalars that are texts on the wire: of forms, XML, paths, query strings and headers."""

import base64
import binascii
import re
from typing import Any, List, Optional

from ..faults import TYPE, Fault

# Seconds since the epoch, ISO 8601, or the dates of HTTP headers.
TIMESTAMP = re.compile(
    r"\d+(\.\d+)?"
    r"|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
    r"|\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} (GMT|[+-]\d{4})"
)
ARTICLES = {"integer": "an Integer", "long": "a Long", "boolean": "a Boolean", "blob": "a Blob"}


def cannot_be(text: str, kind: str) -> str:
    """What AWS says of a value of the wrong type."""
    return "%s can not be converted to %s" % (text, ARTICLES.get(kind, "a " + kind.capitalize()))


def read_text(shape: Any, text: Optional[str], path: str, faults: List[Fault]) -> Any:
    """The value of a text by its shape; what is none of that type is a fault, and answered as None."""
    text = text or ""
    kind = shape.type_name
    try:
        if kind in ("integer", "long", "short", "byte"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
        if kind == "boolean":
            return {"true": True, "false": False}[text.lower()]
        if kind == "timestamp":
            if not TIMESTAMP.fullmatch(text):
                raise ValueError(text)
            # No model bounds a time; it is not a text that has a length.
            return None
        if kind == "blob":
            return base64.b64decode(text, validate=True)
    except (ValueError, KeyError, binascii.Error):
        faults.append(Fault(TYPE, path, text, cannot_be(text, kind)))
        return None
    return text
