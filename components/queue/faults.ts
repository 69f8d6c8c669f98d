import { mostPatternCharacters } from "../shared/eventPattern";
import { isWhole, type Fault } from "../shared/validation";
import type { QueueArgs } from "../queue";
import { patternCharacters } from "./bucketPattern";

/** SQS takes 80 ("Amazon SQS queue quotas"), of which `-dead` and `.fifo` need ten. */
const longestName = 70;

/** What may happen to objects of a bucket. */
export const bucketEvents = ["created", "deleted"] as const;

/** Bytes of an object's key in UTF-8 ("Naming Amazon S3 objects", S3 user guide). */
export const mostKeyBytes = 1024;

/** How many bytes a key has at least that begins and ends so. */
export function keyBytes({ prefix = "", suffix = "" }: { prefix?: string; suffix?: string }) {
  return Buffer.byteLength(prefix + suffix);
}

/** What is wrong with the arguments of a queue. */
export function queueFaults(args: QueueArgs): Fault[] {
  const { queueName, deadLetterAfter = 5, retentionDays = 4 } = args;
  const { visibilityTimeoutSeconds = 30 } = args;
  const isName = /^[\w-]+$/.test(queueName) && queueName.length <= longestName;
  return [
    ...(isName
      ? []
      : [
          {
            path: "queueName",
            given: queueName,
            allowed: `letters, digits, - and _, at most ${longestName}`,
            fix: "choose such a name, without .fifo",
          },
        ]),
    ...bucketFaults(args),
    ...range("deadLetterAfter", deadLetterAfter, 1, 1000),
    ...range("retentionDays", retentionDays, 1, 14),
    ...range("visibilityTimeoutSeconds", visibilityTimeoutSeconds, 0, 43_200),
  ];
}

function bucketFaults({ bucket, fifo, topic }: QueueArgs): Fault[] {
  if (bucket === undefined) return [];
  const { events = ["created"], prefix, suffix } = bucket;
  const faults: Fault[] = [];
  const refuse = (wrong: boolean, path: string, given: unknown, allowed: string, fix: string) => {
    if (wrong) faults.push({ path, given, allowed, fix });
  };
  const isOnce = events.length > 0 && new Set(events).size === events.length;
  refuse(topic !== undefined, "topic", topic, "one of topic and bucket", "make a queue for each");
  refuse(fifo === true, "fifo", fifo, "no order beside bucket, which keeps none", "remove fifo");
  refuse(!isOnce, "bucket.events", events, `${bucketEvents.join(" and ")}, each once`, "name one");
  refuse(prefix === "", "bucket.prefix", prefix, "a beginning of keys", "remove it for all keys");
  refuse(suffix === "", "bucket.suffix", suffix, "an end of keys", "remove it for all keys");
  const bytes = keyBytes(bucket);
  const allowed = `a prefix and a suffix of ${mostKeyBytes} bytes together, as many as keys have`;
  refuse(bytes > mostKeyBytes, "bucket", `${bytes} bytes`, allowed, "write shorter ones");
  const length = patternCharacters(events, bucket);
  const pattern = `a prefix and a suffix that fit in EventBridge's pattern of ${mostPatternCharacters} characters`;
  refuse(
    length > mostPatternCharacters,
    "bucket",
    `${length} characters`,
    pattern,
    "write shorter ones",
  );
  return faults;
}

function range(path: string, given: number, least: number, most: number): Fault[] {
  if (isWhole(given, least, most)) return [];
  const allowed = `a whole number from ${least} to ${most}`;
  return [{ path, given, allowed, fix: "choose a number between" }];
}
