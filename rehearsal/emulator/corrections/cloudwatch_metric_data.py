"""CloudWatch GetMetricData.

moto has no percentiles, such as ``p95``: it answers nothing for them. They are of the single values that were put. And it
finds a metric of several dimensions only where they are named in the order in which they were put.
"""

import math
import re
from typing import Any

from moto.cloudwatch.models import Dimension, Statistics

PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")


def apply() -> None:
    known = Statistics.get_statistics_for_type

    def statistic(self: Statistics, stat: str) -> Any:
        percentile = PERCENTILE.fullmatch(stat)
        if not percentile:
            return known(self, stat)
        values = sorted(self.metric_single_values_list)
        rank = max(1, math.ceil(float(percentile[1]) / 100 * len(values)))
        return values[rank - 1] if values else None

    Statistics.get_statistics_for_type = statistic

    def before(self: Dimension, other: Dimension) -> bool:
        return (self.name or "", self.value or "") < (other.name or "", other.value or "")

    Dimension.__lt__ = before
