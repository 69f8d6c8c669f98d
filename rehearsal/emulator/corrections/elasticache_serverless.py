"""ElastiCache ServerlessCaches, UserGroups and ModifyUser: moto has none of them, and knows no tags of theirs."""

from typing import Any, Dict, List

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse


class ServerlessCacheNotFound(ServiceException):
    code = "ServerlessCacheNotFoundFault"


class ServerlessCacheAlreadyExists(ServiceException):
    code = "ServerlessCacheAlreadyExistsFault"


class UserGroupNotFound(ServiceException):
    code = "UserGroupNotFound"


class UserGroupAlreadyExists(ServiceException):
    code = "UserGroupAlreadyExists"


class DefaultUserRequired(ServiceException):
    code = "DefaultUserRequired"


def _all(self: ElastiCacheResponse, kind: str) -> Dict[str, Any]:
    return self.elasticache_backend.__dict__.setdefault(kind, {})


def _arn(self: ElastiCacheResponse, kind: str, name: str) -> str:
    return "arn:aws:elasticache:%s:%s:%s:%s" % (self.region, self.current_account, kind, name)


def _tag(self: ElastiCacheResponse, arn: str) -> None:
    self.elasticache_backend.add_tags_to_resource(arn, self._get_param("Tags", []))


def _cache(self: ElastiCacheResponse, name: str) -> Dict[str, Any]:
    caches = _all(self, "serverless_caches")
    if name not in caches:
        raise ServerlessCacheNotFound("Serverless Cache not found: %s." % name)
    return caches[name]


CHANGEABLE = (
    "Description",
    "CacheUsageLimits",
    "UserGroupId",
    "SecurityGroupIds",
    "SnapshotRetentionLimit",
    "DailySnapshotTime",
    "Engine",
    "MajorEngineVersion",
)


def _create_cache(self: ElastiCacheResponse) -> ActionResult:
    given = self._get_params()
    name = given["ServerlessCacheName"]
    if name in _all(self, "serverless_caches"):
        raise ServerlessCacheAlreadyExists("Serverless Cache %s already exists" % name)
    host = "%s-abc123.serverless.%s.cache.amazonaws.com" % (name, self.region)
    cache = {
        "ServerlessCacheName": name,
        "Description": " ",
        "CreateTime": utcnow(),
        "Status": "available",
        "FullEngineVersion": given.get("MajorEngineVersion"),
        "SubnetIds": given.get("SubnetIds", []),
        "KmsKeyId": given.get("KmsKeyId"),
        "SnapshotRetentionLimit": 0,
        "DailySnapshotTime": "03:00",
        "Endpoint": {"Address": host, "Port": 6379},
        "ReaderEndpoint": {"Address": host, "Port": 6380},
        "ARN": _arn(self, "serverlesscache", name),
        **{key: given[key] for key in CHANGEABLE if key in given},
    }
    _all(self, "serverless_caches")[name] = cache
    _tag(self, cache["ARN"])
    return ActionResult({"ServerlessCache": cache})


def _describe_caches(self: ElastiCacheResponse) -> ActionResult:
    name = self._get_param("ServerlessCacheName")
    found: List[Any] = [_cache(self, name)] if name else list(_all(self, "serverless_caches").values())
    return ActionResult({"ServerlessCaches": found})


def _modify_cache(self: ElastiCacheResponse) -> ActionResult:
    given = self._get_params()
    cache = _cache(self, given["ServerlessCacheName"])
    cache.update({key: given[key] for key in CHANGEABLE if key in given})
    return ActionResult({"ServerlessCache": cache})


def _delete_cache(self: ElastiCacheResponse) -> ActionResult:
    cache = _cache(self, self._get_param("ServerlessCacheName"))
    del _all(self, "serverless_caches")[cache["ServerlessCacheName"]]
    return ActionResult({"ServerlessCache": {**cache, "Status": "deleting"}})


def _group(self: ElastiCacheResponse, name: str) -> Dict[str, Any]:
    groups = _all(self, "user_groups")
    if name not in groups:
        raise UserGroupNotFound("User Group %s not found." % name)
    return groups[name]


def _create_group(self: ElastiCacheResponse) -> ActionResult:
    given = self._get_params()
    name, users = given["UserGroupId"].lower(), given.get("UserIds", [])
    if name in _all(self, "user_groups"):
        raise UserGroupAlreadyExists("User Group %s already exists." % name)
    known = [self.elasticache_backend.describe_users(each)[0].name for each in users]
    if given["Engine"].lower() == "redis" and "default" not in known:
        raise DefaultUserRequired("User group needs to contain a user with the user name default.")
    group = {
        "UserGroupId": name,
        "Status": "active",
        "Engine": given["Engine"].lower(),
        "UserIds": users,
        "ARN": _arn(self, "usergroup", name),
    }
    _all(self, "user_groups")[name] = group
    _tag(self, group["ARN"])
    return ActionResult(group)


def _describe_groups(self: ElastiCacheResponse) -> ActionResult:
    name = self._get_param("UserGroupId")
    found: List[Any] = [_group(self, name)] if name else list(_all(self, "user_groups").values())
    return ActionResult({"UserGroups": found})


def _delete_group(self: ElastiCacheResponse) -> ActionResult:
    group = _group(self, self._get_param("UserGroupId"))
    del _all(self, "user_groups")[group["UserGroupId"]]
    return ActionResult({**group, "Status": "deleting"})


def _modify_user(self: ElastiCacheResponse) -> ActionResult:
    given = self._get_params()
    user = self.elasticache_backend.describe_users(given["UserId"])[0]
    user.passwords = given.get("AuthenticationMode", {}).get("Passwords") or user.passwords
    user.access_string = given.get("AccessString") or user.access_string
    return ActionResult(user)


def apply() -> None:
    ElastiCacheResponse.modify_user = _modify_user
    ElastiCacheResponse.create_serverless_cache = _create_cache
    ElastiCacheResponse.describe_serverless_caches = _describe_caches
    ElastiCacheResponse.modify_serverless_cache = _modify_cache
    ElastiCacheResponse.delete_serverless_cache = _delete_cache
    ElastiCacheResponse.create_user_group = _create_group
    ElastiCacheResponse.describe_user_groups = _describe_groups
    ElastiCacheResponse.delete_user_group = _delete_group
    ElastiCacheBackend.list_tags_for_resource = (
        lambda self, arn: self.tagging_service.list_tags_for_resource(arn)
    )
