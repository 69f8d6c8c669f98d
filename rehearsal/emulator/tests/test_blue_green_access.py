"""What it takes to deploy with two colours: passing the role that shifts traffic, and answering a deployment."""

from typing import Any, Dict

from .support import REGION
from .test_sessions import HERE, SessionTest, allow, trust

DEPLOYMENT = "arn:aws:ecs:%s:%s:service-deployment/c/" % (REGION, HERE)


class BlueGreenAccessTest(SessionTest):
    def test_the_role_that_shifts_traffic_is_passed_to_ecs_itself(self) -> None:
        shifts = self.role("shifts", trust({"Service": "ecs.amazonaws.com"}))
        to_ecs = {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}
        keys = self.session(
            allow(["ecs:CreateService", "ecs:UpdateService"]),
            allow("iam:PassRole", shifts, Condition=to_ecs),
        )
        ecs = self.client("ecs", **keys)
        shape: Dict[str, Any] = {"cluster": "c", "service": "web"}

        def balanced(role: str) -> Dict[str, Any]:
            return {**shape, "loadBalancers": [{"advancedConfiguration": {"roleArn": role}}]}

        other = shifts.replace("role/shifts", "role/other")
        self.assertDenied(ecs.update_service, "iam:PassRole", **balanced(other))
        hooks = [{"lifecycleStages": ["PRE_SCALE_UP"], "roleArn": other}]
        configuration = {"lifecycleHooks": hooks}
        self.assertDenied(
            ecs.update_service, "iam:PassRole", **shape, deploymentConfiguration=configuration
        )
        with self.assertRaisesRegex(Exception, "ClusterNotFoundException"):
            ecs.update_service(**balanced(shifts))

    def test_a_deployment_is_answered_by_its_own_name(self) -> None:
        answers = ["ecs:ContinueServiceDeployment", "ecs:StopServiceDeployment"]
        ecs = self.client("ecs", **self.session(allow(answers, DEPLOYMENT + "web/*")))
        for call, more in (
            (ecs.continue_service_deployment, {"hookId": "h"}),
            (ecs.stop_service_deployment, {}),
        ):
            with self.assertRaisesRegex(Exception, "ServiceDeploymentNotFoundException"):
                call(serviceDeploymentArn=DEPLOYMENT + "web/1", **more)
            self.assertDenied(call, serviceDeploymentArn=DEPLOYMENT + "jobs/1", **more)
