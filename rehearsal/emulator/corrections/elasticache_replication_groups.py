"""ElastiCache ReplicationGroups, IncreaseReplicaCount, DecreaseReplicaCount and DescribeCacheClusters.

moto counts replicas for groups with several shards alone, describes no cluster that is a member, from which the provider
reads version, subnets and security groups, cannot change a group, and keeps a deleted one forever.
"""

from typing import Any, Dict, List

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse


class InvalidParameterCombination(ServiceException):
    code = "InvalidParameterCombination"


class NoOperation(ServiceException):
    code = "NoOperationFault"


CHANGEABLE = {
    "ReplicationGroupDescription": "description",
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "CacheNodeType": "cache_node_type",
    "CacheParameterGroupName": "cache_parameter_group_name",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "PreferredMaintenanceWindow": "preferred_maintenance_window",
    "SecurityGroupIds": "security_group_ids",
    "SnapshotRetentionLimit": "snapshot_retention_limit",
    "SnapshotWindow": "snapshot_window",
}
SWITCHES = {"AutomaticFailoverEnabled": "automatic_failover", "MultiAZEnabled": "multi_az"}


def _refuse_failover_to_nothing(clusters: int, is_enabled: bool) -> None:
    if is_enabled and clusters < 2:
        raise InvalidParameterCombination(
            "Must specify at least two cache clusters in order to enable auto-failover."
        )


def _set_clusters(group: ReplicationGroup, count: int) -> None:
    (node_group,) = group.node_groups
    domain = node_group["primary_endpoint"]["address"].split(".", 1)[1]
    node_group["node_group_members"] = []
    group.member_clusters.clear()
    group._set_node_members_clusters_disabled(
        member_clusters=group.member_clusters,
        replication_group_id=group.replication_group_id,
        replication_group_domain=domain,
        node_group=node_group,
        preferred_cache_cluster_azs=[],
        num_cache_clusters=count,
        replicas_per_node_group=count - 1,
    )
    node_group["reader_endpoint"] = {
        "address": node_group["reader_endpoint_address"],
        "port": group.port,
    }


def _group(self: ElastiCacheResponse) -> ReplicationGroup:
    name = self._get_param("ReplicationGroupId")
    (group,) = self.elasticache_backend.describe_replication_groups(name)
    return group


def _change_count(self: ElastiCacheResponse, sign: int) -> ActionResult:
    group = _group(self)
    if group.cluster_enabled:
        raise InvalidParameterCombination("The emulator changes the replicas of a single shard.")
    count = int(self._get_param("NewReplicaCount")) + 1
    if (count - len(group.member_clusters)) * sign <= 0:
        raise NoOperation("The replication group has %d replicas." % (len(group.member_clusters) - 1))
    _refuse_failover_to_nothing(count, group.automatic_failover == "enabled")
    _set_clusters(group, count)
    return ActionResult({"ReplicationGroup": group})


def _modify(self: ElastiCacheResponse) -> ActionResult:
    group, given = _group(self), self._get_params()
    failover = given.get("AutomaticFailoverEnabled") in (True, "true")
    _refuse_failover_to_nothing(len(group.member_clusters), failover)
    for key, attribute in CHANGEABLE.items():
        if key in given:
            setattr(group, attribute, given[key])
    for key, attribute in SWITCHES.items():
        if key in given:
            setattr(group, attribute, "enabled" if given[key] in (True, "true") else "disabled")
    kept = [each for each in group.user_group_ids if each not in given.get("UserGroupIdsToRemove", [])]
    group.user_group_ids = kept + given.get("UserGroupIdsToAdd", [])
    return ActionResult({"ReplicationGroup": group})


def _parameter_group(engine: str, version: str) -> str:
    major = version.split(".")[0]
    return "default.%s%s" % (engine, "6.x" if major == "6" else major)


def _members(group: ReplicationGroup) -> List[Dict[str, Any]]:
    version = group.engine_version or "7.1"
    parameters = group.cache_parameter_group_name or _parameter_group(group.engine, version)
    shared = {
        "ReplicationGroupId": group.replication_group_id,
        "CacheClusterStatus": "available",
        "CacheNodeType": group.cache_node_type,
        "NumCacheNodes": 1,
        "Engine": group.engine,
        "EngineVersion": version if version.count(".") == 2 else version + ".0",
        "CacheClusterCreateTime": group.replication_group_create_time,
        "PreferredMaintenanceWindow": group.preferred_maintenance_window or "sun:03:00-sun:04:00",
        "CacheParameterGroup": {"CacheParameterGroupName": parameters, "ParameterApplyStatus": "in-sync"},
        "CacheSubnetGroupName": group.cache_subnet_group_name,
        "SecurityGroups": [
            {"SecurityGroupId": each, "Status": "active"} for each in group.security_group_ids or []
        ],
        "AutoMinorVersionUpgrade": group.auto_minor_version_upgrade in (True, "true"),
        "SnapshotRetentionLimit": group.snapshot_retention_limit,
        "SnapshotWindow": group.snapshot_window,
        "AuthTokenEnabled": group.auth_token_enabled,
        "TransitEncryptionEnabled": group.transit_encryption_enabled,
        "AtRestEncryptionEnabled": group.at_rest_encryption_enabled,
    }
    if group.transit_encryption_enabled:
        shared["TransitEncryptionMode"] = group.transit_encryption_mode or "required"
    clusters = group.arn.replace(":replicationgroup:" + group.replication_group_id, ":cluster:")
    return [{**shared, "CacheClusterId": name, "ARN": clusters + name} for name in group.member_clusters]


def apply() -> None:
    create = ElastiCacheBackend.create_replication_group
    delete = ElastiCacheBackend.delete_replication_group
    describe_clusters = ElastiCacheBackend.describe_cache_clusters

    def with_replicas(self: ElastiCacheBackend, **given: Any) -> ReplicationGroup:
        is_sharded = given["cluster_mode"] == "enabled" or (given["num_node_groups"] or 1) > 1
        count = given["num_cache_clusters"] or (given["replicas_per_node_group"] or 0) + 1
        if not is_sharded:
            _refuse_failover_to_nothing(count, bool(given["automatic_failover_enabled"]))
        group = create(self, **given)
        if not is_sharded:
            _set_clusters(group, count)
        return group

    def for_good(self: ElastiCacheBackend, replication_group_id: str, **given: Any) -> ReplicationGroup:
        group = delete(self, replication_group_id, **given)
        del self.replication_groups[replication_group_id]
        return group

    def with_members(self: ElastiCacheBackend, cache_cluster_id: Any = None) -> List[Any]:
        groups = self.replication_groups.values()
        members = {each["CacheClusterId"]: each for group in groups for each in _members(group)}
        if cache_cluster_id in members:
            return [members[cache_cluster_id]]
        return describe_clusters(self, cache_cluster_id) + ([] if cache_cluster_id else list(members.values()))

    ElastiCacheBackend.create_replication_group = with_replicas
    ElastiCacheBackend.delete_replication_group = for_good
    ElastiCacheBackend.describe_cache_clusters = with_members
    ElastiCacheResponse.modify_replication_group = _modify
    ElastiCacheResponse.increase_replica_count = lambda self: _change_count(self, 1)
    ElastiCacheResponse.decrease_replica_count = lambda self: _change_count(self, -1)
