"""ElastiCache ModifyCacheSubnetGroup and DeleteCacheSubnetGroup: moto has neither."""

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.models import CacheSubnetGroup
from moto.elasticache.responses import ElastiCacheResponse


class CacheSubnetGroupInUse(ServiceException):
    code = "CacheSubnetGroupInUse"


def _group(self: ElastiCacheResponse) -> CacheSubnetGroup:
    name = self._get_param("CacheSubnetGroupName")
    (group,) = self.elasticache_backend.describe_cache_subnet_groups(name)
    return group


def _modify(self: ElastiCacheResponse) -> ActionResult:
    group = _group(self)
    changed = CacheSubnetGroup(
        account_id=self.current_account,
        region_name=self.region,
        cache_subnet_group_name=group.cache_subnet_group_name,
        cache_subnet_group_description=self._get_param(
            "CacheSubnetGroupDescription", group.cache_subnet_group_description
        ),
        subnet_ids=self._get_param("SubnetIds", group.subnet_ids),
        tags=group.tags,
    )
    self.elasticache_backend.cache_subnet_groups[group.cache_subnet_group_name] = changed
    return ActionResult({"CacheSubnetGroup": changed})


def _delete(self: ElastiCacheResponse) -> ActionResult:
    name = _group(self).cache_subnet_group_name
    backend = self.elasticache_backend
    users = [*backend.replication_groups.values(), *backend.cache_clusters.values()]
    if any(each.cache_subnet_group_name == name for each in users):
        raise CacheSubnetGroupInUse("Cache subnet group %s is currently in use by a cache cluster." % name)
    del backend.cache_subnet_groups[name]
    return EmptyResult()


def apply() -> None:
    ElastiCacheResponse.modify_cache_subnet_group = _modify
    ElastiCacheResponse.delete_cache_subnet_group = _delete
