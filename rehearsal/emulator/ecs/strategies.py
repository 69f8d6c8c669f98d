"""What ECS refuses of a deployment strategy, as CreateService and UpdateService are asked for it.

Figures: the API reference of DeploymentConfiguration, CanaryConfiguration, LinearConfiguration and DeploymentLifecycleHook.
The wording is ECS's own where somebody has seen it (go-to-k/cdkd pull request 1848), else the emulator's. The circuit breaker,
which is documented for ROLLING alone, is taken with every strategy and does nothing: no refusal of it is documented.
"""

from typing import Any, Dict, List, Optional

from moto.ecs.exceptions import InvalidParameterException

from .colours import STRATEGIES
from .stages import CANARY, LINEAR

LONGEST_BAKE = 1440
MOST_HOOKS = 10
# Both come again in a roll back, which a pause would hold up.
NO_PAUSE = ("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")
DEFAULTS = {"canaryConfiguration": ("CANARY", CANARY), "linearConfiguration": ("LINEAR", LINEAR)}
OWN = {key: owner for key, (owner, _) in DEFAULTS.items()}


def refuse(params: Dict[str, Any], own: Optional[Any] = None) -> None:
    """:param own: the service that is updated; None where it is created."""
    given = params.get("deploymentConfiguration") or {}
    kept = own.deployment_configuration if own else {}
    strategy = given.get("strategy") or kept.get("strategy") or "ROLLING"
    for key, needed in OWN.items():
        if given.get(key) and strategy != needed:
            name = needed.capitalize()
            _no("%s configuration can only be present with %s deployment strategy" % (name, needed))
    _refuse_numbers(given)
    _refuse_hooks(given.get("lifecycleHooks") or [])
    if strategy not in STRATEGIES:
        if own and own.shift and given.get("strategy"):
            _no("A service with an ongoing deployment cannot change its deployment strategy to ROLLING.")
        return
    if strategy == "BLUE_GREEN" and {**kept, **given}.get("bakeTimeInMinutes") is None:
        _no("bakeTimeInMinutes is required with BLUE_GREEN deployment strategy")
    controller = params.get("deploymentController") or (own.deployment_controller if own else None)
    if controller and controller["type"] != "ECS":
        _no("The deployment strategy %s needs the ECS deployment controller" % strategy)
    connect = params.get("serviceConnectConfiguration")
    if connect is None and own:
        connect = getattr(own, "service_connect_configuration", None)
    balancers = params.get("loadBalancers")
    _refuse_balancers(own.load_balancers if balancers is None and own else balancers or [], strategy)
    if strategy != "BLUE_GREEN" and not balancers and not (own and own.load_balancers):
        if not (connect or {}).get("enabled"):
            _no("The deployment strategy %s needs a load balancer or Service Connect" % strategy)


def completed(configuration: Dict[str, Any]) -> Dict[str, Any]:
    """What DescribeServices tells of a configuration: its strategy's own part with defaults, and no other strategy's."""
    strategy = configuration.get("strategy")
    found = {k: v for k, v in configuration.items() if OWN.get(k, strategy) == strategy}
    for key, (owner, defaults) in DEFAULTS.items():
        if strategy == owner:
            found[key] = {**defaults, **(found.get(key) or {})}
    return found


def _refuse_numbers(given: Dict[str, Any]) -> None:
    canary, linear = given.get("canaryConfiguration") or {}, given.get("linearConfiguration") or {}
    _within("bakeTimeInMinutes", given.get("bakeTimeInMinutes"), 0, LONGEST_BAKE, 1)
    _within("canaryPercent", canary.get("canaryPercent"), 0.1, 100, 10)
    _within("canaryBakeTimeInMinutes", canary.get("canaryBakeTimeInMinutes"), 0, LONGEST_BAKE, 1)
    _within("stepPercent", linear.get("stepPercent"), 3, 100, 10)
    _within("stepBakeTimeInMinutes", linear.get("stepBakeTimeInMinutes"), 0, LONGEST_BAKE, 1)


def _within(name: str, value: Any, least: float, most: float, parts: int) -> None:
    """:param parts: into how many parts one may be divided."""
    if value is None:
        return
    if not least <= value <= most or abs(value * parts - round(value * parts)) > 1e-6:
        steps = " in steps of %g" % (1 / parts) if parts > 1 else ""
        _no("%s must be between %g and %g%s, not %s" % (name, least, most, steps, value))


def _refuse_hooks(hooks: List[Dict[str, Any]]) -> None:
    pauses = [hook for hook in hooks if hook.get("targetType") == "PAUSE"]
    if max(len(pauses), len(hooks) - len(pauses)) > MOST_HOOKS:
        _no("A service has at most %d lifecycle hooks of each type" % MOST_HOOKS)
    for hook in hooks:
        stages = hook.get("lifecycleStages")
        if not stages:
            _no("lifecycleStages is required in a lifecycle hook")
        if hook in pauses:
            forbidden = [stage for stage in stages if stage in NO_PAUSE]
            if forbidden:
                _no("PAUSE lifecycle hooks cannot be configured at %s" % forbidden[0])
        elif not hook.get("hookTargetArn"):
            _no("hookTargetArn is required in a lifecycle hook of type AWS_LAMBDA")


def _refuse_balancers(balancers: List[Dict[str, Any]], strategy: str) -> None:
    for balancer in balancers:
        given = balancer.get("advancedConfiguration")
        if not given:
            _no("advancedConfiguration is required in loadBalancers with %s deployment strategy" % strategy)
        for key in ("alternateTargetGroupArn", "productionListenerRule", "roleArn"):
            if not given.get(key):
                _no("%s is required in advancedConfiguration" % key)
        if given["alternateTargetGroupArn"] == balancer.get("targetGroupArn"):
            _no("alternateTargetGroupArn must differ from targetGroupArn")


def _no(text: str) -> None:
    raise InvalidParameterException(text)
