"""EventBridge rules whose target is a topic.

moto does not know topics as targets, and would ask no policy: a mail that AWS never sends would seem to arrive. Here the
policies of the topic and of its key decide; what they refuse is lost, as on AWS, and listed among the denials.
"""

import json
from typing import Any, Dict

from moto.events.models import EventTemplateParser, Rule
from moto.sns.models import sns_backends

from ..access import publishing
from ..access.authorization import Denied

SERVICE = "events.amazonaws.com"


def apply() -> None:
    others = Rule.send_to_targets

    def sent(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        if self.state != "ENABLED" or not self.event_pattern.matches_event(original_event):
            return
        every = self.targets
        topics = [t for t in every if t["Arn"].split(":")[2] == "sns"]
        for target in topics:
            _publish(self, target, original_event)
        if len(topics) < len(every):
            self.targets = [t for t in every if t not in topics]
            try:
                others(self, original_event, transform_input)
            finally:
                self.targets = every

    Rule.send_to_targets = sent


def _publish(rule: Rule, target: Dict[str, Any], event: Any) -> None:
    _, _, _, region, account, _ = target["Arn"].split(":", 5)
    topic = sns_backends[account][region].topics.get(target["Arn"])
    if topic is None:
        return
    try:
        publishing.require(SERVICE, topic, rule.arn)
    except Denied:
        return
    topic.publish(_message(target, event))


def _message(target: Dict[str, Any], event: Any) -> str:
    """What the topic gets: the event as JSON, or what the target's input makes of it."""
    if "Input" in target:
        return str(target["Input"])
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(event)
    paths = transformer.get("InputPathsMap", {})
    made = EventTemplateParser.parse(
        input_template=transformer["InputTemplate"], input_paths_map=paths, event=event
    )
    # The quotes of a template that is a text are the text's.
    return made if isinstance(made, str) and made.startswith('"') else json.dumps(made)
