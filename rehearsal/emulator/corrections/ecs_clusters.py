"""ECS CreateCluster, UpdateCluster, DescribeClusters, DeleteCluster, PutClusterCapacityProviders.

moto answers settings that were not asked for, counts nothing, deletes a cluster with services in it, and takes a
capacity provider away from the services and tasks that use it.
"""

from typing import Any, Dict, List, Optional, Set

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.ecs.models import Cluster, EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from ..ecs import deployments


class ClusterContainsServices(ServiceException):
    code = "ClusterContainsServicesException"


class ResourceInUse(ServiceException):
    code = "ResourceInUseException"


def _count(backend: EC2ContainerServiceBackend, cluster: Cluster) -> None:
    services = [
        s
        for s in backend.services.values()
        if s.cluster_arn == cluster.arn and s.status == "ACTIVE"
    ]
    running = [t for t in backend.tasks.get(cluster.name, {}).values() if t._status == "RUNNING"]
    cluster.active_services_count = len(services)
    cluster.running_tasks_count = len(running)
    cluster.pending_tasks_count = sum(s.pending_count for s in services)


def _in_use(backend: EC2ContainerServiceBackend, cluster: Cluster) -> Set[str]:
    """The capacity providers that services name and tasks run on."""
    strategies = [
        part["capacityProvider"]
        for service in backend.services.values()
        if service.cluster_arn == cluster.arn and service.status == "ACTIVE"
        for part in getattr(service, "capacity_provider_strategy", None) or []
    ]
    running = [
        getattr(task, "capacity_provider_name", None)
        for task in backend.tasks.get(cluster.name, {}).values()
        if task.desired_status == "RUNNING"
    ]
    return {name for name in [*strategies, *running] if name}


def _complete(strategy: Optional[List[Dict[str, Any]]]) -> None:
    for part in strategy or []:
        part.setdefault("base", 0)
        part.setdefault("weight", 0)


def apply() -> None:
    responses, backend = EC2ContainerServiceResponse, EC2ContainerServiceBackend
    describe, delete, put = (
        responses.describe_clusters,
        backend.delete_cluster,
        backend.put_cluster_capacity_providers,
    )
    create = responses.create_cluster

    def created(self: EC2ContainerServiceResponse) -> ActionResult:
        _complete(self._get_param("defaultCapacityProviderStrategy"))
        return create(self)

    def described(self: EC2ContainerServiceResponse) -> ActionResult:
        include = self._get_param("include", [])
        result = describe(self)
        for cluster in result.result["clusters"]:
            _count(self.ecs_backend, cluster)
        shown = [_shown(cluster, include) for cluster in result.result["clusters"]]
        return ActionResult({**result.result, "clusters": shown})

    def deleted(self: EC2ContainerServiceBackend, cluster_str: str) -> Cluster:
        cluster = self._get_cluster(cluster_str)
        _count(self, cluster)
        if cluster.active_services_count:
            raise ClusterContainsServices(
                "The Cluster cannot be deleted while Services are active."
            )
        return delete(self, cluster_str)

    def provided(
        self: EC2ContainerServiceBackend, cluster_name: str, providers: Any, strategy: Any
    ) -> Cluster:
        _complete(strategy)
        cluster = self._get_cluster(cluster_name)
        taken = _in_use(self, cluster) - set(providers or [])
        if taken:
            # Whoever tries again lets time pass, as looking does: the tasks that use it may leave.
            for service in self.services.values():
                if service.cluster_arn == cluster.arn and service.status == "ACTIVE":
                    deployments.described(service)
            raise ResourceInUse(
                "The specified capacity provider is in use and cannot be removed: %s" % ", ".join(sorted(taken))
            )
        return put(self, cluster_name, providers, strategy)

    responses.create_cluster = created
    responses.describe_clusters = described
    backend.delete_cluster = deleted
    backend.put_cluster_capacity_providers = provided


def _shown(cluster: Cluster, include: List[str]) -> Dict[str, Any]:
    """A cluster as AWS shows it: settings and configuration only on request."""
    shown = dict(vars(cluster))
    shown.update(
        clusterName=cluster.name, clusterArn=cluster.arn, attachmentsStatus="UPDATE_COMPLETE"
    )
    if "SETTINGS" not in include:
        shown.pop("settings")
    if "CONFIGURATIONS" not in include:
        shown.pop("configuration")
    return shown
