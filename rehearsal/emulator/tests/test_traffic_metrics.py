"""What CloudWatch knows of the requests that somebody played for a load balancer."""

from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional

from .ecs_support import ServiceTest


class TrafficMetricsTest(ServiceTest):
    def setUp(self) -> None:
        super().setUp()
        self.balancer = self.elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]

    def tell(self, status: Optional[int], seconds: float = 0.0, connected: bool = True) -> Any:
        came = {"loadBalancer": self.balancer, "targetGroup": self.group}
        request = {**came, "status": status, "seconds": seconds, "isConnected": connected}
        return self.control("traffic/requests", {"requests": [request]})

    def values(self, stats: Dict[str, str], minutes_ago: int = 0) -> Dict[str, List[float]]:
        dimensions = [
            {"Name": "LoadBalancer", "Value": self.balancer.split(":loadbalancer/")[1]},
            {"Name": "TargetGroup", "Value": self.group.split(":")[5]},
        ]
        queries = [
            {
                "Id": name.lower(),
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/ApplicationELB",
                        "MetricName": name,
                        "Dimensions": dimensions,
                    },
                    "Period": 60,
                    "Stat": stat,
                },
            }
            for name, stat in stats.items()
        ]
        now = datetime.now(timezone.utc) - timedelta(minutes=minutes_ago)
        answer = self.client("cloudwatch").get_metric_data(
            MetricDataQueries=queries,
            StartTime=now - timedelta(seconds=59),
            EndTime=now + timedelta(seconds=1),
        )
        found = {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}
        return {name: found[name.lower()] for name in stats}

    def test_counts_requests_answers_and_times_by_target_group(self) -> None:
        for status in (200, 204, 404, 503):
            self.tell(status, 0.25)
        self.tell(None, connected=False)
        self.tell(None)
        sums = ("RequestCount", "HTTPCode_Target_2XX_Count", "HTTPCode_Target_5XX_Count", "TargetConnectionErrorCount")
        counted = self.values({name: "Sum" for name in sums})
        self.assertEqual([counted[name] for name in sums], [[6.0], [2.0], [1.0], [1.0]])
        self.assertEqual(self.values({"TargetResponseTime": "Average"}), {"TargetResponseTime": [0.25]})

    def test_percentiles_are_of_the_single_answers(self) -> None:
        for n in range(1, 101):
            self.tell(200, n / 100)
        self.assertEqual(self.values({"TargetResponseTime": "p95"}), {"TargetResponseTime": [0.95]})
        self.assertEqual(self.values({"TargetResponseTime": "p100"}), {"TargetResponseTime": [1.0]})

    def test_other_times_and_a_reset_have_nothing(self) -> None:
        self.tell(200)
        self.assertEqual(self.values({"RequestCount": "Sum"}, minutes_ago=5), {"RequestCount": []})
        self.request("POST", "/moto-api/reset", {})
        self.assertEqual(self.values({"RequestCount": "Sum"}), {"RequestCount": []})

    def test_refuses_what_is_no_target_group(self) -> None:
        self.balancer, self.group = "lb", "web"
        self.assertEqual(self.tell(200), {"error": "web is no ARN of a targetgroup"})
