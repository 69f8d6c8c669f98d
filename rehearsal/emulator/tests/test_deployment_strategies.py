"""What ECS refuses of a deployment strategy."""

from typing import Any, Dict

from .blue_green_support import BlueGreenTest

BLUE_GREEN = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 10}


def paused(*stages: str) -> Dict[str, Any]:
    return {**BLUE_GREEN, "lifecycleHooks": [{"targetType": "PAUSE", "lifecycleStages": list(stages)}]}


class StrategiesTest(BlueGreenTest):
    def asserts_refused(self, text: str, configuration: Dict[str, Any], **more: Any) -> None:
        given = {"loadBalancers": self.balancers(), "deploymentConfiguration": configuration, **more}
        with self.assertRaisesRegex(Exception, "InvalidParameterException.*" + text):
            self.create(self.first, **given)

    def test_a_strategy_has_no_configuration_of_another(self) -> None:
        self.asserts_refused(
            "Linear configuration can only be present with LINEAR deployment strategy",
            {**BLUE_GREEN, "linearConfiguration": {"stepPercent": 10.0}},
        )
        self.asserts_refused(
            "Canary configuration can only be present with CANARY",
            {"strategy": "LINEAR", "canaryConfiguration": {"canaryPercent": 10.0}},
        )

    def test_numbers_have_ranges(self) -> None:
        for value in (-1, 1441):
            self.asserts_refused("bakeTimeInMinutes", {**BLUE_GREEN, "bakeTimeInMinutes": value})
        for key, name, values in (
            ("canaryConfiguration", "canaryPercent", (0.0, 100.1, 5.05)),
            ("canaryConfiguration", "canaryBakeTimeInMinutes", (-1, 1441)),
            ("linearConfiguration", "stepPercent", (2.9, 100.1)),
            ("linearConfiguration", "stepBakeTimeInMinutes", (-1, 1441)),
        ):
            strategy = "CANARY" if key == "canaryConfiguration" else "LINEAR"
            for value in values:
                self.asserts_refused(name, {"strategy": strategy, key: {name: value}})

    def test_the_bounds_are_taken(self) -> None:
        canary = {"canaryPercent": 0.1, "canaryBakeTimeInMinutes": 1440}
        self.begin("CANARY", bakeTimeInMinutes=0, canaryConfiguration=canary)
        self.update(self.second)
        self.until("PRODUCTION_TRAFFIC_SHIFT")
        self.assertEqual(self.weights(self.production), [1, 999])

    def test_defaults_are_told(self) -> None:
        self.begin("LINEAR", linearConfiguration={"stepPercent": 50.0})
        told = self.describe()["deploymentConfiguration"]["linearConfiguration"]
        self.assertEqual(told, {"stepPercent": 50.0, "stepBakeTimeInMinutes": 6})
        self.update(self.second, deploymentConfiguration={"strategy": "CANARY"})
        told = self.describe()["deploymentConfiguration"]
        self.assertEqual(told["canaryConfiguration"]["canaryPercent"], 5.0)
        self.assertNotIn("linearConfiguration", told)

    def test_blue_green_needs_a_bake_time_once(self) -> None:
        self.asserts_refused("bakeTimeInMinutes is required", {"strategy": "BLUE_GREEN"})
        self.begin()
        self.update(self.second, deploymentConfiguration={"strategy": "BLUE_GREEN"})
        self.assertEqual(self.describe()["deploymentConfiguration"]["bakeTimeInMinutes"], 10)

    def test_a_pause_is_forbidden_where_a_roll_back_comes_by(self) -> None:
        for stage in ("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"):
            self.asserts_refused(stage, paused("POST_SCALE_UP", stage))
        self.asserts_refused("lifecycleStages is required", paused())
        many = {**BLUE_GREEN, "lifecycleHooks": paused("PRE_SCALE_UP")["lifecycleHooks"] * 11}
        self.asserts_refused("at most 10", many)

    def test_a_hook_that_calls_a_function_names_it(self) -> None:
        hooks = [{"lifecycleStages": ["PRE_SCALE_UP"]}]
        self.asserts_refused("hookTargetArn", {**BLUE_GREEN, "lifecycleHooks": hooks})

    def test_a_load_balancer_says_how_its_traffic_is_shifted(self) -> None:
        bare = [{k: v for k, v in self.balancers()[0].items() if k != "advancedConfiguration"}]
        self.asserts_refused("advancedConfiguration is required", BLUE_GREEN, loadBalancers=bare)
        for key in ("alternateTargetGroupArn", "productionListenerRule", "roleArn"):
            self.asserts_refused(key, BLUE_GREEN, loadBalancers=self.balancers(**{key: None}))
        same = self.balancers(alternateTargetGroupArn=self.group)
        self.asserts_refused("must differ", BLUE_GREEN, loadBalancers=same)

    def test_an_update_is_checked_by_what_the_service_has(self) -> None:
        self.create(self.first)
        with self.assertRaisesRegex(Exception, "advancedConfiguration is required"):
            self.update(self.second, deploymentConfiguration=BLUE_GREEN)
        self.assertEqual(self.describe()["taskDefinition"], self.first)

    def test_shares_of_traffic_need_traffic(self) -> None:
        self.asserts_refused(
            "needs a load balancer or Service Connect", {"strategy": "CANARY"}, loadBalancers=[]
        )

    def test_the_strategy_does_not_change_to_rolling_in_the_midst_of_a_shift(self) -> None:
        self.begin()
        self.update(self.second)
        with self.assertRaisesRegex(Exception, "InvalidParameterException.*ongoing deployment"):
            self.update(self.third, deploymentConfiguration={"strategy": "ROLLING"})
        self.clock(minutes=60)
        self.update(self.third, deploymentConfiguration={"strategy": "ROLLING"})
        self.assertEqual(self.images(self.group), [self.third] * 2)

    def test_what_belongs_to_the_strategy_before_goes_with_it(self) -> None:
        self.begin("CANARY", canaryConfiguration={"canaryPercent": 10.0})
        self.update(self.second, deploymentConfiguration={"strategy": "BLUE_GREEN"})
        self.assertNotIn("canaryConfiguration", self.describe()["deploymentConfiguration"])

    def test_a_circuit_breaker_is_taken_and_does_nothing(self) -> None:
        self.begin(deploymentCircuitBreaker={"enable": True, "rollback": True})
        self.plan(outcome="rollsBack")
        self.update(self.second)
        self.clock(minutes=60)
        self.assertEqual(self.service_deployment()["status"], "IN_PROGRESS")
