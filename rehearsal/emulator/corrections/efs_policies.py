"""EFS PutBackupPolicy, DescribeBackupPolicy, DeleteFileSystemPolicy, CreateAccessPoint, CreateFileSystem.

moto has neither of the two that set, makes access points of file systems that there are not, and shows the policies of a file
system among what DescribeFileSystems answers, which AWS's model does not have.
"""

import json
from typing import Any, Dict

from moto.efs.exceptions import FileSystemNotFound, PolicyNotFound
from moto.efs.models import AccessPoint, EFSBackend, FileSystem
from moto.efs.responses import TYPE_RESPONSE, EFSResponse

HEADERS = {"Content-Type": "application/json"}


def file_system(backend: EFSBackend, file_system_id: str) -> FileSystem:
    if file_system_id not in backend.file_systems_by_id:
        raise FileSystemNotFound(file_system_id)
    return backend.file_systems_by_id[file_system_id]


def put_backup_policy(self: EFSResponse) -> TYPE_RESPONSE:
    policy = self._get_param("BackupPolicy")
    found = file_system(self.efs_backend, self._get_param("FileSystemId"))
    found._backup_status = policy["Status"]
    return json.dumps({"BackupPolicy": policy}), HEADERS


def describe_backup_policy(self: EFSBackend, file_system_id: str) -> Dict[str, str]:
    found = file_system(self, file_system_id)
    status = getattr(found, "_backup_status", "ENABLED" if found._backup else None)
    if status is None:
        raise PolicyNotFound("None")
    return {"Status": status}


def delete_file_system_policy(self: EFSResponse) -> TYPE_RESPONSE:
    file_system(self.efs_backend, self._get_param("FileSystemId")).file_system_policy = None
    return json.dumps({}), HEADERS


def apply() -> None:
    create, info = EFSBackend.create_access_point, FileSystem.info_json

    def created(self: EFSBackend, *args: Any, **kwargs: Any) -> AccessPoint:
        file_system(self, kwargs["file_system_id"])
        return create(self, *args, **kwargs)

    def shown(self: FileSystem) -> Dict[str, Any]:
        return {
            key: value
            for key, value in info(self).items()
            if key not in ("LifecyclePolicies", "FileSystemPolicy")
        }

    EFSResponse.put_backup_policy = put_backup_policy
    EFSResponse.delete_file_system_policy = delete_file_system_policy
    EFSBackend.describe_backup_policy = describe_backup_policy
    EFSBackend.create_access_point = created
    FileSystem.info_json = shown
