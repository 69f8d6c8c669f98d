"""S3 GetBucketNotificationConfiguration.

moto keeps that a bucket sends its events to EventBridge, and does not answer it: a change at each preview.
"""

import re

from moto.s3.responses import S3Response


def apply() -> None:
    get = S3Response.get_bucket_notification

    def corrected(self: S3Response):
        status, headers, body = get(self)
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration and configuration.event_bridge is not None:
            inner = "<EventBridgeConfiguration></EventBridgeConfiguration>"
            closing = "</NotificationConfiguration>"
            body = re.sub(
                r"<NotificationConfiguration([^>]*)/>",
                r"<NotificationConfiguration\1>" + closing,
                body,
            )
            body = body.replace(closing, inner + closing)
        return status, headers, body

    S3Response.get_bucket_notification = corrected
