"""CloudWatch alarms of a deployment, as ECS watches them while it rolls out and bakes."""

from typing import Any, Dict, List

from moto.cloudwatch.models import cloudwatch_backends


def _states(service: Any) -> Dict[str, str]:
    """The state of each alarm that the service names and that is there."""
    configured = service.deployment_configuration.get("alarms") or {}
    backend = service._backend
    alarms = cloudwatch_backends[backend.account_id][backend.region_name].alarms
    names = configured.get("alarmNames", []) if configured.get("enable") else []
    return {name: alarms[name].state_value for name in names if name in alarms}


def watch(service: Any) -> Dict[str, Any]:
    """What the record of a deployment says of its alarms as it starts.

    One in ALARM by then has nothing watched, so that what fixes it can be deployed; one that is missing is not watched,
    and one without data is no failure.
    """
    states = _states(service)
    if not states or "ALARM" in states.values():
        return {"status": "DISABLED", "alarmNames": [], "triggeredAlarmNames": []}
    return {"status": "MONITORING", "alarmNames": list(states), "triggeredAlarmNames": []}


def fired(service: Any, record: Dict[str, Any]) -> List[str]:
    """The alarms that have fired since the deployment of this record started; the record then tells them."""
    alarms = record["alarms"]
    if alarms["status"] != "MONITORING":
        return []
    states = _states(service)
    names = [name for name in alarms["alarmNames"] if states.get(name) == "ALARM"]
    if names:
        alarms.update(status="TRIGGERED", triggeredAlarmNames=names)
    return names


def rolls_back(service: Any) -> bool:
    """Whether an alarm makes ECS go back, and not only fail the deployment."""
    return bool(service.deployment_configuration["alarms"].get("rollback"))


def close(record: Dict[str, Any]) -> None:
    """Ends the watch of a deployment that is over."""
    if record["alarms"]["status"] == "MONITORING":
        record["alarms"]["status"] = "MONITORING_COMPLETE"
