import type { bucketEvents } from "./faults";

/** The longest name of a bucket ("General purpose bucket naming rules", S3 user guide), which is known once it is made. */
const longestBucket = "b".repeat(63);

export type BucketEvent = (typeof bucketEvents)[number];

/** What the keys of objects begin and end with. */
export interface KeyParts {
  readonly prefix?: string;
  readonly suffix?: string;
}

/**
 * Types of events, and what else they must have. A bucket that keeps versions tells of each that ends, too, long after its object was
 * overwritten: an object is deleted when a delete marker hides it ("EventBridge event message structure", S3 user guide).
 */
const patterns: Readonly<
  Record<BucketEvent, { readonly "detail-type": readonly string[]; readonly detail: object }>
> = {
  created: { "detail-type": ["Object Created"], detail: {} },
  deleted: {
    "detail-type": ["Object Deleted"],
    detail: { "deletion-type": ["Delete Marker Created"] },
  },
};

/** What EventBridge's rule for a kind of event of a bucket matches. */
export function bucketPattern<N>(event: BucketEvent, bucketName: N, of: KeyParts) {
  const { detail, ...type } = patterns[event];
  const key = keyFilter(of);
  const object = key && { object: { key: [key] } };
  return {
    ...{ source: ["aws.s3"], ...type },
    detail: { bucket: { name: [bucketName] }, ...object, ...detail },
  };
}

/** How many characters the longest of its patterns has: JSON has several for a quote, a backslash and what nobody can see. */
export function patternCharacters(events: readonly BucketEvent[], of: KeyParts): number {
  const lengths = events.map(
    (event) => JSON.stringify(bucketPattern(event, longestBucket, of)).length,
  );
  return Math.max(0, ...lengths);
}

/** Values of one field are alternatives to EventBridge: a beginning and an end together are one pattern. */
function keyFilter({ prefix, suffix }: KeyParts) {
  if (prefix === undefined) return suffix === undefined ? undefined : { suffix };
  return suffix === undefined ? { prefix } : { wildcard: `${literal(prefix)}*${literal(suffix)}` };
}

function literal(text: string): string {
  return text.replace(/[\\*]/g, "\\$&");
}
