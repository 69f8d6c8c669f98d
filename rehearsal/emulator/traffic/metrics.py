"""What load balancers tell CloudWatch of the requests that somebody played for them: ``POST /gantry-emulator/traffic/requests``.

By target group and load balancer, as "CloudWatch metrics for your Application Load Balancer" (ELB user guide) names them; a
request is there at once, with the time at which it came, and not a minute later in a sum of its minute.
"""

from typing import Any, Dict, List

from moto.cloudwatch.models import cloudwatch_backends

from ..control import Refused, route

NAMESPACE = "AWS/ApplicationELB"


@route("POST", "traffic/requests")
def _requests(body: Dict[str, Any], _query: Dict[str, str]) -> Dict[str, Any]:
    for request in body["requests"]:
        _, _, _, region, account, group = _arn(request["targetGroup"], "targetgroup/")
        balancer = _arn(request["loadBalancer"], "loadbalancer/")[5][len("loadbalancer/") :]
        dimensions = [
            {"Name": "TargetGroup", "Value": group},
            {"Name": "LoadBalancer", "Value": balancer},
        ]
        told = [{"MetricName": name, "Value": value, "Dimensions": dimensions} for name, value in _of(request)]
        cloudwatch_backends[account][region].put_metric_data(NAMESPACE, told)
    return {"requests": len(body["requests"])}


def _of(request: Dict[str, Any]) -> List[Any]:
    """What a task has not answered (``status`` is ``null``) is the load balancer's own error, and none of the group's."""
    if request["status"] is None:
        return [("RequestCount", 1)] + ([] if request["isConnected"] else [("TargetConnectionErrorCount", 1)])
    answered = "HTTPCode_Target_%dXX_Count" % (int(request["status"]) // 100)
    return [("RequestCount", 1), (answered, 1), ("TargetResponseTime", float(request["seconds"]))]


def _arn(text: str, kind: str) -> List[str]:
    parts = text.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith(kind):
        raise Refused("%s is no ARN of a %s" % (text, kind.rstrip("/")))
    return parts
