"""Scaling by the depth of queues: alarms of CloudWatch, their steps of Application Auto Scaling, the service's desired count.

A minute passes when somebody says so. Cooldowns and evaluation periods are not waited for: each minute evaluates all.
"""

from typing import Any, Dict, Optional

from moto.applicationautoscaling.models import applicationautoscaling_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.sqs.models import sqs_backends

from ..control import route
from . import deployments

DEPTHS = {
    "ApproximateNumberOfMessagesVisible": "approximate_number_of_messages",
    "ApproximateNumberOfMessagesNotVisible": "approximate_number_of_messages_not_visible",
}


def _depth(queues: Dict[str, Any], query: Any) -> Optional[int]:
    metric = query.metric_stat.metric
    name = metric.dimensions[0].value
    if metric.namespace != "AWS/SQS" or metric.metric_name not in DEPTHS or name not in queues:
        return None
    return int(getattr(queues[name], DEPTHS[metric.metric_name]))


def _backlog(alarm: Any, queues: Dict[str, Any]) -> Optional[int]:
    """The sum of an alarm's metrics; none of what is no depth of queues, or no sum."""
    metrics = {q.id: q for q in alarm.metric_data_queries if q.metric_stat}
    sums = [q.expression for q in alarm.metric_data_queries if q.expression]
    if not metrics or len(sums) != 1 or sorted(sums[0].split(" + ")) != sorted(metrics):
        return None
    depths = [_depth(queues, query) for query in metrics.values()]
    return None if None in depths else sum(depths)


def _exceeds(alarm: Any, value: float) -> bool:
    return {
        "GreaterThanThreshold": value > alarm.threshold,
        "LessThanOrEqualToThreshold": value <= alarm.threshold,
    }[alarm.comparison_operator]


def _capacity(policy: Any, over: float) -> Optional[int]:
    """The exact capacity of the step that a value so far over the threshold is in."""
    for step in policy.step_scaling_policy_configuration["StepAdjustments"]:
        lower = step.get("MetricIntervalLowerBound", float("-inf"))
        upper = step.get("MetricIntervalUpperBound", float("inf"))
        # A bound at the threshold belongs to the side of the alarm.
        if lower <= over < upper or (lower == float("-inf") and over <= upper):
            return int(step["ScalingAdjustment"])
    return None


def _apply(scaling: Any, policy: Any, capacity: int) -> None:
    target = scaling.targets[policy.scalable_dimension][policy.resource_id]
    suspended = target.suspended_state or {}
    _, cluster, name = policy.resource_id.split("/")
    service = scaling.ecs_backend.describe_services(cluster, [name])[0][0]
    count = min(max(capacity, target.min_capacity), target.max_capacity)
    direction = "Out" if count > service.desired_count else "In"
    if suspended.get("DynamicScaling%sSuspended" % direction):
        return
    service.desired_count = count
    deployments.scale(service)


@route("POST", "scaling/minute")
def _minute(_body: Dict[str, Any], _query: Dict[str, str]) -> Any:
    for account, regions in cloudwatch_backends.items():
        for region, backend in regions.items():
            queues = sqs_backends[account][region].queues
            scaling = applicationautoscaling_backends[account][region]
            for alarm in list(backend.alarms.values()):
                backlog = _backlog(alarm, queues)
                if backlog is None:
                    continue
                state = "ALARM" if _exceeds(alarm, backlog) else "OK"
                if state != alarm.state_value:
                    alarm.update_state("backlog %d" % backlog, "{}", state)
                for policy in scaling.policies.values():
                    if state == "ALARM" and policy.policy_arn in alarm.alarm_actions:
                        capacity = _capacity(policy, backlog - alarm.threshold)
                        if capacity is not None:
                            _apply(scaling, policy, capacity)
    return {}
