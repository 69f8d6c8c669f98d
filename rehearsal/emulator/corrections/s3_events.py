"""What S3 tells EventBridge of objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html

moto writes ``eTag`` and ``ObjectCreated`` for ``etag`` and ``PutObject``, gives every event the same id and order, and tells
nothing of an object that a delete marker hides.
"""

import itertools
from typing import Any, Dict

from moto.core.utils import unix_time
from moto.events.models import events_backends
from moto.moto_api._internal import mock_random
from moto.s3 import notifications
from moto.s3.models import FakeDeleteMarker, S3Backend

Event = notifications.S3NotificationEvent
REASONS = {
    Event.OBJECT_CREATED_PUT_EVENT: "PutObject",
    Event.OBJECT_CREATED_POST_EVENT: "POST Object",
    Event.OBJECT_CREATED_COPY_EVENT: "CopyObject",
    Event.OBJECT_CREATED_COMPLETE_MULTIPART_UPLOAD_EVENT: "CompleteMultipartUpload",
    Event.OBJECT_REMOVED_DELETE_EVENT: "DeleteObject",
    Event.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT: "DeleteObject",
}
DELETIONS = {
    Event.OBJECT_REMOVED_DELETE_EVENT: "Permanently Deleted",
    Event.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT: "Delete Marker Created",
}
# The entity tag of nothing, which a delete marker has.
EMPTY = "d41d8cd98f00b204e9800998ecf8427e"
_order = itertools.count(0x617F08299329D189)


def apply() -> None:
    mark = S3Backend._set_delete_marker

    def marked(self: S3Backend, bucket_name: str, key_name: str) -> FakeDeleteMarker:
        marker = mark(self, bucket_name, key_name)
        bucket = self.get_bucket(bucket_name)
        configuration = bucket.notification_configuration
        # A marker has no size, which what moto tells queues of its own wants.
        if configuration is not None and configuration.event_bridge is not None:
            kind = Event.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
            _tell(self.account_id, bucket, kind, marker)
        return marker

    S3Backend._set_delete_marker = marked
    notifications._send_event_bridge_message = _tell


def _tell(account_id: str, bucket: Any, event_name: Event, key: Any) -> None:
    event = {
        "version": "0",
        "id": str(mock_random.uuid4()),
        "detail-type": notifications._detail_type(event_name),
        "source": "aws.s3",
        "account": account_id,
        "time": unix_time(),
        "region": bucket.region_name,
        "resources": [bucket.arn],
        "detail": _detail(account_id, bucket, event_name, key),
    }
    for bus in events_backends[account_id][bucket.region_name].event_buses.values():
        for rule in list(bus.rules.values()):
            try:
                rule.send_to_targets(event, transform_input=False)
            except NotImplementedError:
                # A target that moto does not know, such as a pipeline.
                continue


def _detail(account_id: str, bucket: Any, event_name: Event, key: Any) -> Dict[str, Any]:
    about: Dict[str, Any] = {"key": key.name}
    if event_name not in DELETIONS:
        about["size"] = key.size
    about["etag"] = getattr(key, "etag", EMPTY).replace('"', "")
    if bucket.is_versioned:
        about["version-id"] = key.version_id
    about["sequencer"] = "%018X" % next(_order)
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": about,
        "request-id": mock_random.get_random_hex(16).upper(),
        "requester": account_id,
        "source-ip-address": "127.0.0.1",
    }
    if event_name in REASONS:
        detail["reason"] = REASONS[event_name]
    if event_name in DELETIONS:
        detail["deletion-type"] = DELETIONS[event_name]
    return detail
