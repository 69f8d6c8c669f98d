/**
 * The variable with a topic's ARN that its publisher has: `ORDER_EVENTS_TOPIC_ARN` of `order-events`. The name in upper case, with an
 * underscore for each hyphen.
 */
export function topicVariable(topic: string): string {
  return `${upper(topic)}_TOPIC_ARN`;
}

/** The variable with the address of the queue for a topic that its subscriber has: `ORDER_EVENTS_QUEUE_URL`. */
export function queueVariable(topic: string): string {
  return `${upper(topic)}_QUEUE_URL`;
}

function upper(topic: string): string {
  return topic.toUpperCase().replaceAll("-", "_");
}
