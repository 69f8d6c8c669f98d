"""SQS GetQueueAttributes.

moto writes a redrive policy anew, with spaces, which Pulumi sees as another text than the one that was set.
"""

import json
from typing import Any, Dict

from moto.sqs.models import Queue


def apply() -> None:
    attributes = Queue.attributes.fget

    def corrected(self: Queue) -> Dict[str, Any]:
        found = attributes(self)
        if "RedrivePolicy" in found:
            found["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return found

    Queue.attributes = property(corrected)
