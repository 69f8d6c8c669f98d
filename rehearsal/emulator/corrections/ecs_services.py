"""ECS CreateService, UpdateService, DescribeServices, DeleteService, ListServices.

moto keeps a third of a service's settings and starts nothing. Without this: enableExecuteCommand, capacity providers,
the deployment configuration and the rest are a change at each preview; ``networkConfiguration: {}`` of a service
without one crashes the Terraform provider; ``launchType`` beside a capacity
provider strategy replaces it; a wait for the steady state never ends, as no task runs; a target group that no rule
leads to, or a port that no container has, passes. What it lacks of Service Connect is in ``ecs/service_connect.py``.
"""

from typing import Any, Dict

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse

from moto.elbv2.models import elbv2_backends

from ..ecs import deployments, outcomes, rollout, service_connect, strategies, tasks
from ..resets import on_reset
from ..traffic.targets import balancers_of

# Settings that CreateService and UpdateService take and DescribeServices answers, by the name of moto's attribute.
KEPT = {
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "deploymentConfiguration": "deployment_configuration",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "networkConfiguration": "network_configuration",
    "placementConstraints": "placement_constraints",
    "placementStrategy": "placement_strategy",
    "platformVersion": "platform_version",
    "propagateTags": "propagate_tags",
    "serviceConnectConfiguration": "service_connect_configuration",
    "volumeConfigurations": "volume_configurations",
    "vpcLatticeConfigurations": "vpc_lattice_configurations",
    "loadBalancers": "load_balancers",
    "serviceRegistries": "service_registries",
    "deploymentController": "deployment_controller",
}

DEPLOYMENT_DEFAULTS = {
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
}


def _settings(params: Dict[str, Any]) -> Dict[str, Any]:
    return {name: params[key] for key, name in KEPT.items() if params.get(key) is not None}


def _normalise(service: Service) -> None:
    """Fills in what AWS answers for a setting that nobody gave."""
    if not service.network_configuration:
        service.network_configuration = None
    else:
        vpc = service.network_configuration["awsvpcConfiguration"]
        vpc.setdefault("assignPublicIp", "DISABLED")
        vpc.setdefault("securityGroups", [])
    if getattr(service, "capacity_provider_strategy", None):
        service.launch_type = None
        for part in service.capacity_provider_strategy:
            part.setdefault("weight", 0)
            part.setdefault("base", 0)
    # One that is turned off is none: a program that names none any more finds nothing to change.
    connect = getattr(service, "service_connect_configuration", None)
    if connect and not connect.get("enabled"):
        service.service_connect_configuration = None
    strategy = getattr(service, "capacity_provider_strategy", None) or []
    fargate = service.launch_type == "FARGATE" or any(
        "FARGATE" in s["capacityProvider"] for s in strategy
    )
    service.platform_family = "Linux" if fargate else None
    if fargate and not service.platform_version:
        service.platform_version = "LATEST"
    given = getattr(service, "deployment_configuration", None) or {}
    service.deployment_configuration = strategies.completed({**DEPLOYMENT_DEFAULTS, **given})


def _create(self: EC2ContainerServiceResponse) -> ActionResult:
    params = self._get_params()
    cluster = self.ecs_backend._get_cluster(params.get("cluster") or "default")
    network = params.get("networkConfiguration") or {}
    if "awsvpcConfiguration" in network:
        # moto reads it without looking.
        network["awsvpcConfiguration"].setdefault("securityGroups", [])
    _refuse_capacity(cluster, params)
    _refuse_load_balancers(self.ecs_backend, params.get("taskDefinition"), params)
    service_connect.refuse(self.ecs_backend, params)
    strategies.refuse(params)
    service = self.ecs_backend.create_service(
        cluster.name,
        params["serviceName"],
        params.get("desiredCount", 0 if params.get("schedulingStrategy") != "DAEMON" else 1),
        params.get("taskDefinition"),
        params.get("loadBalancers"),
        params.get("schedulingStrategy"),
        params.get("tags"),
        params.get("deploymentController"),
        params.get("launchType") or "EC2",
        network_configuration=network or None,
        service_registries=params.get("serviceRegistries"),
        platform_version=params.get("platformVersion"),
        propagate_tags=params.get("propagateTags") or "NONE",
        role_arn=params.get("role"),
    )
    for name, value in _settings(params).items():
        setattr(service, name, value)
    if not params.get("launchType") and not params.get("capacityProviderStrategy"):
        service.capacity_provider_strategy = list(cluster.default_capacity_provider_strategy or [])
    service.created_at = utcnow()
    service.rolling_back, service.service_deployments, service.shift = False, [], None
    _normalise(service)
    service.deployments = []
    if service.deployment_controller["type"] == "ECS":
        deployments.start(service)
    return ActionResult({"service": service})


def _update(self: EC2ContainerServiceResponse) -> ActionResult:
    params = self._get_params()
    backend = self.ecs_backend
    service = backend._get_service(
        params.get("cluster") or "default", params["service"].split("/")[-1]
    )
    _refuse_capacity(backend._get_cluster(params.get("cluster") or "default"), params)
    _refuse_load_balancers(backend, params.get("taskDefinition") or service.task_definition, params)
    service_connect.refuse(backend, params, service)
    strategies.refuse(params, service)
    before, configuration = _carried(service), service.deployment_configuration
    for name, value in _settings(params).items():
        setattr(service, name, value)
    # The provider sends the part that changes, and relies on ECS to keep the rest.
    service.deployment_configuration = {**configuration, **service.deployment_configuration}
    if params.get("taskDefinition"):
        service.task_definition = tasks.definition_of(backend, params["taskDefinition"]).arn
    if params.get("desiredCount") is not None:
        service.desired_count = params["desiredCount"]
    _normalise(service)
    if params.get("forceNewDeployment") or _carried(service) != before:
        deployments.start(service)
    else:
        deployments.scale(service)
    return ActionResult({"service": service})


def _refuse_capacity(cluster: Any, params: Dict[str, Any]) -> None:
    for part in params.get("capacityProviderStrategy") or []:
        if part["capacityProvider"] not in (cluster.capacity_providers or []):
            raise InvalidParameterException(
                "The specified capacity provider strategy cannot contain a capacity provider that is not associated "
                "with the cluster. Specify a valid capacity provider and try again."
            )


def _refuse_load_balancers(
    backend: EC2ContainerServiceBackend, definition: Any, params: Dict[str, Any]
) -> None:
    """What ECS checks of a service's target groups: one on a load balancer, and a container that has the port."""
    balancers = elbv2_backends[backend.account_id][backend.region_name]
    for given in params.get("loadBalancers") or []:
        group = given.get("targetGroupArn")
        if group and not any(balancers_of(balancers, group)):
            raise InvalidParameterException(
                "The target group with targetGroupArn %s does not have an associated load balancer." % group
            )
        name, port = given.get("containerName"), given.get("containerPort")
        containers = tasks.definition_of(backend, definition).container_definitions
        container = next((c for c in containers if c["name"] == name), None)
        if container is None:
            raise InvalidParameterException("The container %s does not exist in the task definition." % name)
        if port not in [m.get("containerPort") for m in container.get("portMappings") or []]:
            raise InvalidParameterException(
                "The container %s did not have a container port %s defined." % (name, port)
            )


def _carried(service: Service) -> Dict[str, Any]:
    carried = {name: getattr(service, name, None) for name in rollout.CARRIED.values()}
    return {
        **carried,
        "load_balancers": service.load_balancers,
        "registries": service.service_registries,
    }


def apply() -> None:
    responses = EC2ContainerServiceResponse
    backend = EC2ContainerServiceBackend
    describe, delete, list_services = (
        responses.describe_services,
        backend.delete_service,
        backend.list_services,
    )

    def described(self: EC2ContainerServiceResponse) -> ActionResult:
        names = [n.split("/")[-1] for n in self._get_param("services", [])]
        cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
        for name in names:
            service = self.ecs_backend.services.get(cluster.name + ":" + name)
            if service:
                deployments.described(service)
        return describe(self)

    def deleted(
        self: EC2ContainerServiceBackend, cluster_name: str, service_name: str, force: bool
    ) -> Service:
        name = service_name.split("/")[-1]
        daemon = self._get_service(cluster_name, name).scheduling_strategy == "DAEMON"
        service = delete(self, cluster_name, name, force or daemon)
        service.desired_count = 0
        deployments.finish(service)
        return service

    def listed(self: EC2ContainerServiceBackend, *args: Any, **kwargs: Any) -> Any:
        active = {s.arn for s in self.services.values() if s.status != "INACTIVE"}
        return [arn for arn in list_services(self, *args, **kwargs) if arn in active]

    responses.create_service = _create
    responses.update_service = _update
    responses.describe_services = described
    backend.delete_service = deleted
    backend.list_services = listed
    on_reset(outcomes.reset)
