"""Refusals in the form of the OCI distribution specification."""

import json
from typing import List, Tuple

REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    416: "Range Not Satisfiable",
}


class RegistryError(Exception):
    """A request that is refused; ``code`` is one of the specification's."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def answer(self) -> Tuple[str, List[Tuple[str, str]], bytes]:
        """Status line, headers and content."""
        error = {"code": self.code, "message": str(self), "detail": {}}
        content = json.dumps({"errors": [error]}).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        return "%d %s" % (self.status, REASONS[self.status]), headers, content
