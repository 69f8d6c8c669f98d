"""Who may publish to a topic or send to a queue, by its policy and that of the key that encrypts it."""

from typing import Any, List, Optional

from moto.kms.models import Key, kms_backends
from moto.sns.models import Topic, sns_backends
from moto.sqs.models import Queue

from .authorization import denied
from .conditions import Context
from .policies import Effect, Need, effect
from .requests import Request

PUBLISH = "sns:Publish"
SEND = "sqs:SendMessage"
# What an encrypted topic or queue needs of its key: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
OF_KEY = ("kms:GenerateDataKey", "kms:Decrypt")


def key_of(topic: Topic) -> Optional[Key]:
    """The customer's key of a topic; None where it has none, or AWS's own for SNS."""
    return _key(topic.kms_master_key_id, topic.account_id, topic.sns_backend.region_name)


def _key(named: Optional[str], own_account: str, own_region: str) -> Optional[Key]:
    parts = (named or "").split(":", 5)
    account, region = (parts[4], parts[3]) if len(parts) == 6 else ("", "")
    keys = kms_backends[account or own_account][region or own_region]
    alias = named[named.index("alias/") :] if named and "alias/" in named else None
    identity = keys.get_key_id_from_alias(alias) if alias else keys.get_key_id(named or "")
    return keys.keys.get(identity) if identity else None


def needs(request: Request) -> List[Need]:
    """What a session needs that publishes: also the topic's key, which SNS uses on its behalf."""
    arn = request.params.get("TopicArn") or request.params.get("TargetArn") or ""
    parts = arn.split(":")
    topic = sns_backends[parts[4]][parts[3]].topics.get(arn) if len(parts) == 6 else None
    key = key_of(topic) if topic else None
    via: Context = {"kms:viaservice": "sns.%s.amazonaws.com" % request.call.region}
    return [Need(PUBLISH, arn or None), *(Need(action, key.arn, via) for action in OF_KEY if key)]


def require(service: str, topic: Topic, source_arn: str) -> None:
    """Lets a service publish for something of the account, such as a rule of EventBridge.

    The topic's policy is asked with ``aws:SourceArn``. The key's is not: EventBridge tells neither ``aws:SourceArn`` nor
    ``aws:SourceAccount`` with what it sends to encrypted topics ("Key management", Amazon SNS developer guide). AWS's own key
    for SNS has a policy that names no service, and that nobody can change.

    :raises Denied: when it may not; the refusal is listed
    """
    _require(service, Need(PUBLISH, topic.arn), topic.policy, {"aws:sourcearn": source_arn})
    _require_key(service, topic.kms_master_key_id, key_of(topic))


def require_sending(service: str, queue: Queue, source_arn: str) -> None:
    """The same of a queue.

    :raises Denied: when it may not; the refusal is listed
    """
    _require(service, Need(SEND, queue.queue_arn), queue.policy, {"aws:sourcearn": source_arn})
    named = queue.kms_master_key_id
    _require_key(service, named, _key(named, queue.account_id, queue.region))


def _require_key(service: str, named: Optional[str], key: Optional[Key]) -> None:
    if not named:
        return
    for action in OF_KEY:
        need = Need(action, key.arn if key else named)
        _require(service, need, key.policy if key else None, {})
        if key and key.key_state != "Enabled":
            raise denied(service, need, "because the key is %s" % key.key_state)


def _require(service: str, need: Need, document: Any, context: Context) -> None:
    seen = effect([document], need, context, {service, "*"}) if document else Effect.SILENT
    if seen is Effect.DENIES:
        raise denied(service, need, "with an explicit deny in a resource-based policy")
    if seen is not Effect.ALLOWS:
        raise denied(service, need, "because no resource-based policy allows the %s action" % need.action)
