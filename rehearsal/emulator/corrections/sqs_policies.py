"""SQS SetQueueAttributes.

moto forgets a queue's policy with any other attribute that is set: whoever it let in could send no more.
"""

from typing import Any, Dict, Optional

from moto.sqs.models import Queue


def apply() -> None:
    set_attributes = Queue._set_attributes

    def corrected(self: Queue, attributes: Dict[str, Any], now: Optional[float] = None) -> None:
        kept = getattr(self, "policy", None)
        set_attributes(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = kept

    Queue._set_attributes = corrected
