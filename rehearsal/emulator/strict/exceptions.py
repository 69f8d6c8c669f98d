"""Where AWS's models are stricter than AWS: what is not checked, and why."""

from typing import Dict, Tuple

# By service and shape (a member that must be there: ``Shape$member``), what is not checked of it, and the reason.
EXCEPTIONS: Dict[Tuple[str, str], Tuple[str, str]] = {
    ("s3", "CopySource"): ("pattern", "the value is URL-encoded, its slash too where an SDK does so"),
}


def is_excepted(service: str, shape: str, what: str) -> bool:
    """Whether ``what`` (``required``, ``size``, ``enum``, ``pattern``) of a shape is left to AWS."""
    entry = EXCEPTIONS.get((service, shape))
    return entry is not None and entry[0] == what
