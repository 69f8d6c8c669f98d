"""Every moment at which a request would have been lost, recorded after each call that could make one.

``GET /gantry-emulator/traffic`` answers them: rules that forward to a target group without a healthy target, and probes
(``POST /gantry-emulator/traffic/probes``) that no service answered.
"""

from typing import Any, Dict, Iterator, List, Optional, Tuple

from moto.elbv2.models import elbv2_backends

from ..actions import Call
from ..control import Refused, route
from .rules import Request, answering, in_order, reachable
from .targets import healthy, weights

# Calls of these services move tasks, rules or what is let in; a description of a service lets time pass.
MOVING = ("ecs", "elasticloadbalancing", "ec2")

_moments: List[Dict[str, Any]] = []
_open: Dict[Tuple[Any, ...], Dict[str, Any]] = {}
_probes: List[Tuple[str, Request]] = []


def reset() -> None:
    """Forgets moments and probes."""
    _moments.clear()
    _open.clear()
    _probes.clear()


def look(call: Call) -> None:
    """Notes what has been lost since the call, and what no longer is."""
    if call.service not in MOVING:
        return
    name = call.service + ":" + call.action
    now = {_key(lost): lost for lost in [*_unserved_rules(), *_unserved_probes()]}
    for key in [k for k in _open if k not in now]:
        _open.pop(key)["until"] = name
    for key, lost in now.items():
        if key not in _open:
            moment = {**lost, "since": name, "until": None}
            _open[key] = moment
            _moments.append(moment)


def _key(lost: Dict[str, Any]) -> Tuple[Any, ...]:
    return tuple(lost.get(k) for k in ("kind", "listener", "rule", "targetGroup", "host", "path", "answer"))


def _listeners() -> Iterator[Tuple[Any, Any]]:
    for regions in elbv2_backends.values():
        for backend in regions.values():
            for balancer in backend.load_balancers.values():
                for listener in balancer.listeners.values():
                    yield backend, listener


def _unserved_rules() -> Iterator[Dict[str, Any]]:
    for backend, listener in _listeners():
        for rule in in_order(listener):
            for group, weight in weights(rule.actions) if reachable(rule) else []:
                if weight > 0 and not healthy(backend, group):
                    yield {
                        "kind": "rule",
                        "listener": listener.arn,
                        "rule": rule.arn,
                        "priority": str(rule.priority),
                        "targetGroup": group,
                    }


def _unserved_probes() -> Iterator[Dict[str, Any]]:
    for backend, listener in _listeners():
        for arn, request in _probes:
            answer = _answer(backend, listener, request) if arn == listener.arn else None
            if answer:
                yield {
                    "kind": "probe",
                    "listener": arn,
                    "host": request.host,
                    "path": request.path,
                    "answer": answer,
                }


def _answer(backend: Any, listener: Any, request: Request) -> Optional[str]:
    """What the client gets in place of an answer of a service; None where a service answers."""
    rule = answering(listener, request)
    forwards = [(group, weight) for group, weight in weights(rule.actions) if weight > 0]
    if not forwards:
        return "no service: the rule of priority %s" % rule.priority
    empty = [group for group, _ in forwards if not healthy(backend, group)]
    return "503: no healthy target in %s" % ", ".join(empty) if empty else None


@route("GET", "traffic")
def _traffic(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    since = int(query.get("since", "0"))
    return {"cursor": len(_moments), "moments": _moments[since:]}


@route("POST", "traffic/probes")
def _probe(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    known = {listener.arn for _, listener in _listeners()}
    unknown = [probe["listener"] for probe in body["probes"] if probe["listener"] not in known]
    if unknown:
        raise Refused("there is no listener " + unknown[0])
    _probes[:] = [
        (p["listener"], Request(p.get("host", "example.com"), p.get("path", "/"))) for p in body["probes"]
    ]
    return {"probes": len(_probes)}
