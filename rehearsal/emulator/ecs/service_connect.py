"""What ECS refuses of a service's Service Connect configuration; moto takes anything.

Without this, a port that the task definition does not name, a name that another service of the namespace has, and another
protocol at a port that services call pass here, and fail on AWS.
"""

from typing import Any, Dict, Iterator, List, Optional

from moto.ecs.exceptions import InvalidParameterException

from . import tasks


def refuse(backend: Any, params: Dict[str, Any], own: Optional[Any] = None) -> None:
    """:param own: the service that is updated; None where it is created."""
    kept = getattr(own, "service_connect_configuration", None)
    given = _configuration(params.get("serviceConnectConfiguration", kept))
    definition = params.get("taskDefinition") or getattr(own, "task_definition", None)
    for served in given.get("services") or []:
        ports = dict(_ports(backend, definition))
        if served["portName"] not in ports:
            raise InvalidParameterException(
                "The service connect portName '%s' is not the name of a port mapping in the task definition."
                % served["portName"]
            )
        _refuse_taken(backend, own, given, _name(served))
        _refuse_protocol(backend, own, served, ports[served["portName"]])


def _configuration(given: Optional[Dict[str, Any]]) -> Dict[str, Any]:
    return given if given and given.get("enabled") else {}


def _ports(backend: Any, definition: str) -> Iterator[Any]:
    for container in tasks.definition_of(backend, definition).container_definitions:
        for mapping in container.get("portMappings") or []:
            if mapping.get("name"):
                yield mapping["name"], mapping.get("appProtocol")


def _name(served: Dict[str, Any]) -> str:
    return served.get("discoveryName") or served["portName"]


def _refuse_taken(backend: Any, own: Any, given: Dict[str, Any], name: str) -> None:
    for service in backend.services.values():
        other = _configuration(getattr(service, "service_connect_configuration", None))
        if service is own or service.status != "ACTIVE":
            continue
        if other.get("namespace") == given.get("namespace") and name in _names(other):
            raise InvalidParameterException(
                "The discovery name '%s' is used by another service of the namespace." % name
            )


def _names(configuration: Dict[str, Any]) -> List[str]:
    return [_name(served) for served in configuration.get("services") or []]


def _refuse_protocol(
    backend: Any, own: Any, served: Dict[str, Any], protocol: Optional[str]
) -> None:
    if own is None:
        return
    before = _configuration(getattr(own, "service_connect_configuration", None))
    ports = dict(_ports(backend, own.task_definition))
    for earlier in before.get("services") or []:
        if _name(earlier) == _name(served) and ports.get(earlier["portName"]) != protocol:
            raise InvalidParameterException(
                "appProtocol of '%s' is immutable in a Service Connect service." % _name(served)
            )
