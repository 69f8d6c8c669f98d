"""EFS: policies, backups and access points of file systems."""

import json

from botocore.exceptions import ClientError

from .support import EmulatorTest


class FileSystemsTest(EmulatorTest):
    def setUp(self) -> None:
        super().setUp()
        self.efs = self.client("efs")
        made = self.efs.create_file_system(CreationToken="a", Encrypted=True)
        self.file_system = made["FileSystemId"]

    def code(self, call, **arguments: object) -> str:
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        return caught.exception.response["Error"]["Code"]

    def test_a_backup_policy_is_as_it_was_put(self) -> None:
        of = {"FileSystemId": self.file_system}
        self.assertEqual(self.code(self.efs.describe_backup_policy, **of), "PolicyNotFound")
        for status in ("ENABLED", "DISABLED"):
            self.efs.put_backup_policy(**of, BackupPolicy={"Status": status})
            shown = self.efs.describe_backup_policy(**of)["BackupPolicy"]
            self.assertEqual(shown["Status"], status)

    def test_a_policy_is_gone_when_it_was_deleted(self) -> None:
        of = {"FileSystemId": self.file_system}
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        self.efs.put_file_system_policy(**of, Policy=policy)
        self.assertEqual(self.efs.describe_file_system_policy(**of)["Policy"], policy)
        self.efs.delete_file_system_policy(**of)
        self.assertEqual(self.code(self.efs.describe_file_system_policy, **of), "PolicyNotFound")

    def test_what_there_is_not_has_no_access_point_and_no_policy(self) -> None:
        of = {"FileSystemId": "fs-0123456789abcdef0"}
        for call, more in (
            (self.efs.create_access_point, {"ClientToken": "a"}),
            (self.efs.put_backup_policy, {"BackupPolicy": {"Status": "ENABLED"}}),
            (self.efs.delete_file_system_policy, {}),
        ):
            self.assertEqual(self.code(call, **of, **more), "FileSystemNotFound")

    def test_a_file_system_shows_nothing_of_its_policies(self) -> None:
        policies = [{"TransitionToIA": "AFTER_30_DAYS"}]
        self.efs.put_lifecycle_configuration(
            FileSystemId=self.file_system, LifecyclePolicies=policies
        )
        [shown] = self.efs.describe_file_systems()["FileSystems"]
        self.assertNotIn("LifecyclePolicies", shown)
        found = self.efs.describe_lifecycle_configuration(FileSystemId=self.file_system)
        self.assertEqual(found["LifecyclePolicies"], policies)
