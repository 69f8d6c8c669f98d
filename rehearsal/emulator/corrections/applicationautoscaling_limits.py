"""Application Auto Scaling RegisterScalableTarget.

moto keeps the limits of a service, and leaves its desired count where it is. AWS brings it between them at once ("RegisterScalableTarget",
Application Auto Scaling API reference).
"""

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from ..ecs import deployments

ECS_DIMENSION = "ecs:service:DesiredCount"


def apply() -> None:
    register = ApplicationAutoScalingResponse.register_scalable_target

    def registered(self: ApplicationAutoScalingResponse) -> str:
        answer = register(self)
        resource_id = self._get_param("ResourceId")
        backend = self.applicationautoscaling_backend
        target = backend.targets.get(ECS_DIMENSION, {}).get(resource_id)
        if target is not None:
            _, cluster, name = resource_id.split("/")
            service = backend.ecs_backend.describe_services(cluster, [name])[0][0]
            count = min(max(service.desired_count, target.min_capacity), target.max_capacity)
            if count != service.desired_count:
                service.desired_count = count
                deployments.scale(service)
        return answer

    ApplicationAutoScalingResponse.register_scalable_target = registered
