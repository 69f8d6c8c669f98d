"""SNS SetSubscriptionAttributes.

A filter policy of ``{}`` takes the one that is there away. moto keeps it and tells of it, which Pulumi sees as a change.
"""

from typing import Any

from moto.sns.models import SNSBackend


def apply() -> None:
    set_attributes = SNSBackend.set_subscription_attributes

    def corrected(self: SNSBackend, arn: str, name: str, value: Any) -> None:
        if (name, value) != ("FilterPolicy", "{}"):
            return set_attributes(self, arn, name, value)
        set_attributes(self, arn, name, "")
        for subscription in self.subscriptions.values():
            if subscription.arn == arn:
                subscription.attributes.pop(name)

    SNSBackend.set_subscription_attributes = corrected
