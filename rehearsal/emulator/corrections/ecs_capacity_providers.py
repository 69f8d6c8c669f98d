"""ECS CreateCapacityProvider, UpdateCapacityProvider, DescribeCapacityProviders, DeleteCapacityProvider.

moto drops managedDraining on update, knows neither FARGATE nor FARGATE_SPOT, which every account has, and deletes one
that a cluster still has.
"""

from typing import Any, Dict, List, Tuple

from moto.ecs.models import CapacityProvider, EC2ContainerServiceBackend
from moto.ecs.exceptions import EcsClientException, InvalidParameterException


class _Provided:
    """A capacity provider that AWS brings."""

    def __init__(self, backend: EC2ContainerServiceBackend, name: str) -> None:
        self.name = name
        self.status = "ACTIVE"
        self.tags: List[Dict[str, str]] = []
        region, account = backend.region_name, backend.account_id
        self.capacity_provider_arn = "arn:aws:ecs:%s:%s:capacity-provider/%s" % (
            region,
            account,
            name,
        )


def apply() -> None:
    update, prepare = CapacityProvider.update, CapacityProvider._prepare_asg_provider
    describe, delete = (
        EC2ContainerServiceBackend.describe_capacity_providers,
        EC2ContainerServiceBackend.delete_capacity_provider,
    )

    def prepared(self: CapacityProvider, asg_details: Dict[str, Any]) -> Dict[str, Any]:
        asg_details.setdefault("managedDraining", "ENABLED")
        return prepare(self, asg_details)

    def updated(self: CapacityProvider, asg_details: Dict[str, Any]) -> None:
        if "managedDraining" in asg_details:
            self.auto_scaling_group_provider["managedDraining"] = asg_details["managedDraining"]
        update(self, asg_details)

    def described(
        self: EC2ContainerServiceBackend, names: List[str]
    ) -> Tuple[List[Any], List[Any]]:
        provided = [_Provided(self, n) for n in ("FARGATE", "FARGATE_SPOT")]
        if not names:
            return provided + list(self.capacity_providers.values()), []
        wanted = {n.split("/")[-1] for n in names}
        own = [n for n in names if n.split("/")[-1] not in ("FARGATE", "FARGATE_SPOT")]
        providers, failures = describe(self, own)
        return [p for p in provided if p.name in wanted] + providers, failures

    def deleted(self: EC2ContainerServiceBackend, name_or_arn: str) -> CapacityProvider:
        if self._get_provider(name_or_arn) is None:
            # moto fails on None here, which would be answered as a fault of the server.
            raise InvalidParameterException("The specified capacity provider does not exist.")
        name = name_or_arn.split("/")[-1]
        having = [c.name for c in self.clusters.values() if name in (c.capacity_providers or [])]
        if having:
            raise EcsClientException(
                "The capacity provider cannot be deleted because it is associated with cluster: %s. "
                "Remove the capacity provider from the cluster and try again." % ", ".join(having)
            )
        provider = delete(self, name_or_arn)
        provider.status = "INACTIVE"
        return provider

    CapacityProvider._prepare_asg_provider = prepared
    CapacityProvider.update = updated
    EC2ContainerServiceBackend.describe_capacity_providers = described
    EC2ContainerServiceBackend.delete_capacity_provider = deleted
