"""SNS Publish: what was published, and to whom, is kept for ``GET /gantry-emulator/messages``.

moto keeps it without the time, and without the text that each protocol gets.
"""

import json
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

from moto.sns.models import Topic

from ..control import route
from ..resets import on_reset

_messages: List[Dict[str, Any]] = []


def apply() -> None:
    publish = Topic.publish
    on_reset(_messages.clear)

    def kept(self: Topic, message: str, subject: Optional[str] = None, *args: Any, **more: Any) -> str:
        identity = publish(self, message, subject, *args, **more)
        by_protocol = more.get("message_structure") == "json"
        subscriptions, _ = self.sns_backend.list_subscriptions_by_topic(topic_arn=self.arn)
        _messages.append(
            {
                "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
                "topic": self.arn,
                "subject": subject,
                "texts": json.loads(message) if by_protocol else {"default": message},
                "subscriptions": [
                    {"protocol": s.protocol, "endpoint": s.endpoint} for s in subscriptions
                ],
            }
        )
        return identity

    Topic.publish = kept


@route("GET", "messages")
def _told(_body: Dict[str, Any], query: Dict[str, str]) -> Dict[str, Any]:
    since = int(query.get("since", "0"))
    return {"cursor": len(_messages), "messages": _messages[since:]}
