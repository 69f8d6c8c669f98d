"""A call that is sent again because its answer was lost."""

from typing import Any

from botocore.exceptions import ClientError

from .support import EmulatorTest


class RepeatsTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.iam = self.attempts_of("1f0c")
        self.iam.create_instance_profile(InstanceProfileName="hosts")
        self.iam.create_role(RoleName="hosts", AssumeRolePolicyDocument="{}")

    def attempts_of(self, invocation: str, **credentials: Any) -> Any:
        """A client all of whose requests are attempts of one call."""
        client = self.client("iam", **credentials)

        def mark(request: Any, **_: Any) -> None:
            request.headers["amz-sdk-invocation-id"] = invocation

        client.meta.events.register("before-send.iam", mark)
        return client

    def add(self, client: Any) -> None:
        client.add_role_to_instance_profile(InstanceProfileName="hosts", RoleName="hosts")

    def roles(self) -> int:
        profile = self.client("iam").get_instance_profile(InstanceProfileName="hosts")
        return len(profile["InstanceProfile"]["Roles"])

    def test_gets_the_answer_that_it_had(self) -> None:
        self.add(self.iam)
        self.add(self.iam)
        self.assertEqual(self.roles(), 1)

    def test_is_counted_once(self) -> None:
        self.add(self.iam)
        self.add(self.iam)
        calls = self.request("GET", "/gantry-emulator/calls")["calls"]
        self.assertEqual(calls["iam:AddRoleToInstanceProfile"], 1)

    def test_is_counted_once_where_it_only_asks(self) -> None:
        for client in (self.iam, self.iam, self.attempts_of("2a9d")):
            client.get_instance_profile(InstanceProfileName="hosts")
        calls = self.request("GET", "/gantry-emulator/calls")["calls"]
        self.assertEqual(calls["iam:GetInstanceProfile"], 2)

    def test_is_refused_where_it_is_another_call(self) -> None:
        self.add(self.iam)
        others = (
            self.client("iam"),
            self.attempts_of("2a9d"),
            self.attempts_of("1f0c", aws_access_key_id="other", aws_secret_access_key="x"),
        )
        for other in others:
            with self.assertRaisesRegex(ClientError, "Cannot exceed quota"):
                self.add(other)

    def test_is_made_again_where_it_failed(self) -> None:
        self.client("iam").delete_role(RoleName="hosts")
        with self.assertRaisesRegex(ClientError, "NoSuchEntity"):
            self.add(self.iam)
        self.client("iam").create_role(RoleName="hosts", AssumeRolePolicyDocument="{}")
        self.add(self.iam)
        self.assertEqual(self.roles(), 1)

    def test_sees_what_is_true_now_where_it_only_asks(self) -> None:
        before = self.iam.get_instance_profile(InstanceProfileName="hosts")["InstanceProfile"]
        self.add(self.client("iam"))
        after = self.iam.get_instance_profile(InstanceProfileName="hosts")["InstanceProfile"]
        self.assertEqual((len(before["Roles"]), len(after["Roles"])), (0, 1))

    def test_is_another_call_after_a_reset(self) -> None:
        self.add(self.iam)
        self.request("POST", "/moto-api/reset")
        with self.assertRaisesRegex(ClientError, "NoSuchEntity"):
            self.add(self.iam)
