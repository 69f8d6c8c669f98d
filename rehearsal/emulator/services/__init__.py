"""Models of services that moto lacks. Each module has ``SERVICES`` and ``handle(call, body)``."""

from typing import Callable, Optional

from ..actions import Call
from ..errors import Answer
from . import code_connections

MODULES = (code_connections,)


def find(call: Call) -> Optional[Callable[[Call, bytes], Answer]]:
    """The model of our own that answers ``call``, if there is one."""
    for module in MODULES:
        if call.service in module.SERVICES:
            return module.handle
    return None
