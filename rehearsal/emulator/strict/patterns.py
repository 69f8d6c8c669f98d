"""The regular expressions of AWS's models, which are Java's, for Python."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import Dict, Optional, Pattern

# Java's classes that are no categories of Unicode.
POSIX = {"ASCII": "\\x00-\\x7F", "Print": "\\x20-\\x7E", "Alnum": "0-9A-Za-z", "Alpha": "A-Za-z"}
# Characters beyond the first plane, which Java writes as pairs.
PAIRS = "\\uD800\\uDC00-\\uDBFF\\uDFFF"
CLASS = re.compile(r"\\p\{(\w+)\}")
# Categories are told for the first two planes; what lies beyond is ideographs, which are letters.
PLANES = 0x20000


@lru_cache(maxsize=None)
def _categories() -> Dict[str, str]:
    """The members of each general category (``L``, ``Z``, ``N``, ...) as the inside of a character class."""
    ranges: Dict[str, list] = {}
    code = 0
    for category, run in groupby(range(PLANES), lambda c: unicodedata.category(chr(c))[0]):
        length = len(list(run))
        ranges.setdefault(category, []).append("\\U%08X-\\U%08X" % (code, code + length - 1))
        code += length
    ranges["L"].append("\\U%08X-\\U%08X" % (PLANES, 0x3FFFF))
    return {category: "".join(parts) for category, parts in ranges.items()}


@lru_cache(maxsize=None)
def compiled(pattern: str) -> Optional[Pattern[str]]:
    """The pattern for Python; None where it has something that Python has not."""

    def inside(match: "re.Match[str]") -> str:
        name = match.group(1)
        return POSIX.get(name) or _categories()[name]

    text = pattern.replace(PAIRS, "\\U00010000-\\U0010FFFF").replace("\\w-_", "\\w\\-_")
    # A class that stands alone must become one; inside of brackets it is part of them.
    text = re.sub(r"(?<!\[)((?:^|(?<=\())\\p\{\w+\})", r"[\1]", text)
    try:
        return re.compile(CLASS.sub(inside, text))
    except (re.error, KeyError):
        return None


def matches(pattern: str, value: str) -> bool:
    """Whether the whole value matches, as AWS wants it; a pattern that Python does not know admits everything."""
    expression = compiled(pattern)
    return expression is None or expression.fullmatch(value) is not None
