import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Connection } from "./connection";

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A pipeline that an event starts. */
export interface Start {
  readonly pipeline: string;
  readonly trigger: string;
  /** Revisions for its source actions, by their names, where the rule hands some on. */
  readonly revisions: Readonly<Record<string, string>>;
}

/** What S3 tells EventBridge of a new version of an object; undefined where there is no such object. */
export async function objectCreated(
  { root, region }: Connection,
  bucket: string,
  key: string,
): Promise<JsonObject | undefined> {
  const client = new S3Client({ ...root, forcePathStyle: true });
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return {
      source: "aws.s3",
      "detail-type": "Object Created",
      region,
      resources: [`arn:aws:s3:::${bucket}`],
      detail: {
        version: "0",
        bucket: { name: bucket },
        object: {
          key,
          size: head.ContentLength ?? 0,
          etag: (head.ETag ?? "").replaceAll('"', ""),
          "version-id": head.VersionId ?? "null",
        },
        reason: "PutObject",
      },
    };
  } catch (error) {
    if (error instanceof Error && ["NotFound", "NoSuchKey", "NoSuchBucket"].includes(error.name)) {
      return undefined;
    }
    throw error;
  } finally {
    client.destroy();
  }
}

/** The pipelines that the account's event rules start for an event. */
export async function startsFor(connection: Connection, event: JsonObject): Promise<Start[]> {
  const client = new EventBridgeClient(connection.root);
  const { Rules: rules = [] } = await client.send(new ListRulesCommand({}));
  const matching = rules.filter(
    ({ State, EventPattern }) =>
      State === "ENABLED" &&
      EventPattern &&
      matchesPattern(JSON.parse(EventPattern) as JsonObject, event),
  );
  const starts = await Promise.all(
    matching.map(async ({ Name: name }) => {
      const { Targets: targets = [] } = await client.send(
        new ListTargetsByRuleCommand({ Rule: name }),
      );
      return targets.flatMap((target) => startOf(target, `EventBridge: ${name}`, event) ?? []);
    }),
  );
  return starts.flat();
}

function startOf(target: Target, trigger: string, event: JsonObject): Start | undefined {
  const [, , service, , , ...name] = (target.Arn ?? "").split(":");
  if (service !== "codepipeline") return undefined;
  return { pipeline: name.join(":"), trigger, revisions: revisionsOf(target, event) };
}

interface StartInput {
  readonly sourceRevisions?: readonly {
    readonly actionName: string;
    readonly revisionValue: string;
  }[];
}

/** A transformer of the input may choose the revisions that the execution takes. */
function revisionsOf({ InputTransformer }: Target, event: JsonObject): Record<string, string> {
  if (!InputTransformer?.InputTemplate) return {};
  let text = InputTransformer.InputTemplate;
  for (const [name, path] of Object.entries(InputTransformer.InputPathsMap ?? {})) {
    const value = valueAt(event, path);
    text = text.replaceAll(`<${name}>`, typeof value === "string" ? value : JSON.stringify(value));
  }
  const { sourceRevisions = [] } = JSON.parse(text) as StartInput;
  return Object.fromEntries(
    sourceRevisions.map(({ actionName, revisionValue }) => [actionName, revisionValue]),
  );
}

/** The value at `$.detail.object.version-id`. */
function valueAt(event: Json, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const part of path
    .replace(/^\$\.?/, "")
    .split(".")
    .filter(Boolean)) {
    value = isObject(value) ? value[part] : undefined;
  }
  return value;
}

/**
 * Whether an event matches a pattern of EventBridge: exact values, `prefix`, `suffix`, `wildcard`, `anything-but` and `exists`,
 * and `$or`.
 * @throws Error for a pattern that has something else, rather than to guess.
 */
export function matchesPattern(pattern: JsonObject, event: Json | undefined): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === "$or" && isArray(wanted)) {
      return wanted.some((one) => isObject(one) && matchesPattern(one, event));
    }
    const given = isObject(event) ? event[key] : undefined;
    if (isArray(wanted)) return matchesOne(wanted, given);
    if (isObject(wanted)) return matchesPattern(wanted, given);
    throw new Error(`the event pattern has ${JSON.stringify(wanted)} at ${key}, not a list`);
  });
}

/** Of a list in the event, one value that matches is enough. */
function matchesOne(wanted: readonly Json[], given: Json | undefined): boolean {
  const values = isArray(given) ? given : [given];
  return wanted.some((one) => values.some((value) => matchesValue(one, value)));
}

function matchesValue(wanted: Json, given: Json | undefined): boolean {
  if (!isObject(wanted)) return wanted === given;
  const [[filter, operand]] = Object.entries(wanted);
  switch (filter) {
    case "prefix":
      return typeof given === "string" && typeof operand === "string" && given.startsWith(operand);
    case "suffix":
      return typeof given === "string" && typeof operand === "string" && given.endsWith(operand);
    case "wildcard":
      return typeof given === "string" && typeof operand === "string" && isLike(operand, given);
    case "anything-but":
      return given !== undefined && !(isArray(operand) ? operand : [operand]).includes(given);
    case "exists":
      return (given !== undefined) === operand;
    default:
      throw new Error(`the event pattern has the filter ${filter}, which cannot be rehearsed`);
  }
}

/** `*` stands for any characters, none too; `\*` for itself, and `\\` for a backslash. */
function isLike(pattern: string, given: string): boolean {
  const expression = pattern.replace(/\\[*\\]|[^]/g, (part) =>
    part === "*" ? "[^]*" : part.slice(-1).replace(/\W/, "\\$&"),
  );
  return new RegExp(`^${expression}$`).test(given);
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isArray(value);
}
