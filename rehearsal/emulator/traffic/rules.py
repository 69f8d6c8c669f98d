"""Which rule of a listener answers a request, and which rules no request can reach."""

import re
from functools import lru_cache
from ipaddress import ip_network
from typing import Any, Dict, List, NamedTuple, Pattern

# Blocks that RFC 5737 keeps for documentation: no client has such an address.
NOBODY = [ip_network(block) for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


class Request(NamedTuple):
    """A request as a client on the internet sends it."""

    host: str
    path: str


def in_order(listener: Any) -> List[Any]:
    """The rules of a listener, the first that is asked first and the default last."""
    return sorted(
        listener.rules.values(),
        key=lambda rule: (rule.priority == "default", int(rule.priority) if rule.priority != "default" else 0),
    )


def answering(listener: Any, request: Request) -> Any:
    """The rule that answers the request."""
    return next(r for r in in_order(listener) if all(_holds(c, request) for c in r.conditions or []))


def reachable(rule: Any) -> bool:
    """Whether a user's request can match: none comes from addresses that nobody has, or with the header of a test."""
    if any(c.get("Field") == "http-header" for c in rule.conditions or []):
        return False
    sources = [v for c in rule.conditions or [] for v in _values(c, "source-ip", "SourceIpConfig")]
    return not sources or any(not _nobody(source) for source in sources)


def _holds(condition: Dict[str, Any], request: Request) -> bool:
    field = condition.get("Field")
    if field == "host-header":
        hosts = _values(condition, field, "HostHeaderConfig")
        return any(_pattern(h.lower()).fullmatch(request.host.lower()) for h in hosts)
    if field == "path-pattern":
        paths = _values(condition, field, "PathPatternConfig")
        return any(_pattern(p).fullmatch(request.path) for p in paths)
    # Headers, methods, queries, sources: the request has none of what a rule would ask for.
    return False


def _values(condition: Dict[str, Any], field: str, config: str) -> List[str]:
    if condition.get("Field") != field:
        return []
    return condition.get("Values") or (condition.get(config) or {}).get("Values") or []


@lru_cache(maxsize=None)
def _pattern(text: str) -> Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."))


def _nobody(source: str) -> bool:
    network = ip_network(source, strict=False)
    return any(network.version == 4 and network.subnet_of(block) for block in NOBODY)
