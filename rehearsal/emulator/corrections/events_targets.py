"""EventBridge rules whose target is a topic or a queue.

moto does not know topics as targets, and would ask no policy: a message that AWS never sends would seem to arrive. Here the
policies of the topic or queue and of its key decide; what they refuse is lost, as on AWS, and listed among the denials.
"""

import json
from typing import Any, Callable, Dict

from moto.core.utils import iso_8601_datetime_without_milliseconds, utcfromtimestamp
from moto.events.models import EventTemplateParser, Rule
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from ..access import publishing
from ..access.authorization import Denied

SERVICE = "events.amazonaws.com"


def apply() -> None:
    others = Rule.send_to_targets

    def sent(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        if self.state != "ENABLED" or not self.event_pattern.matches_event(original_event):
            return
        every = self.targets
        known = [t for t in every if t["Arn"].split(":")[2] in _DELIVER]
        for target in known:
            _deliver(self, target, original_event)
        if len(known) < len(every):
            self.targets = [t for t in every if t not in known]
            try:
                others(self, original_event, transform_input)
            finally:
                self.targets = every

    Rule.send_to_targets = sent


def _deliver(rule: Rule, target: Dict[str, Any], event: Any) -> None:
    _, _, service, region, account, name = target["Arn"].split(":", 5)
    try:
        _DELIVER[service](rule, target, _message(target, event), account, region, name)
    except Denied:
        return


def _publish(rule: Rule, target: Dict[str, Any], text: str, account: str, region: str, _: str) -> None:
    topic = sns_backends[account][region].topics.get(target["Arn"])
    if topic is not None:
        publishing.require(SERVICE, topic, rule.arn)
        topic.publish(text)


def _enqueue(
    rule: Rule, target: Dict[str, Any], text: str, account: str, region: str, name: str
) -> None:
    queues = sqs_backends[account][region]
    queue = queues.queues.get(name)
    if queue is not None:
        publishing.require_sending(SERVICE, queue, rule.arn)
        group = target.get("SqsParameters", {}).get("MessageGroupId")
        queues.send_message(queue_name=name, message_body=text, group_id=group)


_DELIVER: Dict[str, Callable[..., None]] = {"sns": _publish, "sqs": _enqueue}


def _message(target: Dict[str, Any], event: Any) -> str:
    """What the target gets: the event as JSON, or what the target's input makes of it."""
    if "Input" in target:
        return str(target["Input"])
    if isinstance(event.get("time"), float):
        at = iso_8601_datetime_without_milliseconds(utcfromtimestamp(event["time"]))
        event = {**event, "time": at}
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(event)
    paths = transformer.get("InputPathsMap", {})
    made = EventTemplateParser.parse(
        input_template=transformer["InputTemplate"], input_paths_map=paths, event=event
    )
    # The quotes of a template that is a text are the text's.
    return made if isinstance(made, str) and made.startswith('"') else json.dumps(made)
