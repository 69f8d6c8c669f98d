"""RDS DescribeDBClusters: moto gives every cluster a scaling configuration, as those of Serverless v1 alone have.

The provider shows one that nobody asked for as a change.
"""

from typing import Any, Dict, Optional

from moto.rds.models import DBCluster


def apply() -> None:
    information = DBCluster.scaling_configuration_info.fget

    def of_serverless_alone(self: DBCluster) -> Optional[Dict[str, Any]]:
        return information(self) if self.scaling_configuration else None

    DBCluster.scaling_configuration_info = property(of_serverless_alone)
