import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { parseRelease, type Release } from "../../contract/manifest";
import type {
  DeploymentEvent,
  DeploymentKind,
  FailureStage,
  LedgerEvent,
  LockRecord,
  ReleaseOrigin,
} from "./events";

export type Item = Record<string, AttributeValue>;

/** Where events stand: nobody but a person with rights on the table can delete one. */
export const partition = "deployments";

/** The lock stands in a partition of its own, the only one in which roles may delete (`dynamodb:LeadingKeys`). */
export const lockKey = { pk: { S: "lock" }, sk: { S: "lock" } } as const satisfies Item;

/** What the sort keys of a deployment's events begin with. */
export function sortKeyPrefix(number: number): string {
  return `${String(number).padStart(8, "0")}#`;
}

/**
 * An event as DynamoDB keeps it. Its name is no part of the key: of two that are written at the same moment for the same
 * place, one is refused.
 */
export function eventItem(told: LedgerEvent): Item {
  const { number, sequence, event, at } = told;
  return {
    pk: { S: partition },
    sk: { S: sortKeyPrefix(number) + String(sequence).padStart(2, "0") },
    event: { S: event },
    at: { S: at },
    ...attributesOf(told),
  };
}

function attributesOf(event: DeploymentEvent): Item {
  switch (event.event) {
    case "begun":
      return {
        kind: { S: event.kind },
        release: { S: JSON.stringify(event.release) },
        ...optional("previous", event.previous && JSON.stringify(event.previous)),
        owner: { S: event.owner },
        actor: { S: event.actor },
        ...optional("committedAt", event.origin?.committedAt),
        ...optional("verifiedAt", event.origin?.verifiedAt),
        ...(event.services?.length ? { services: { SS: [...event.services] } } : {}),
      };
    case "updating":
      return { host: { S: event.host } };
    case "held":
      return { seconds: { N: String(event.seconds) }, services: { SS: [...event.services] } };
    case "deployed":
      return {
        seconds: { N: String(event.seconds) },
        ...(event.unproven?.length ? { unproven: { SS: [...event.unproven] } } : {}),
      };
    case "failed":
      return {
        stage: { S: event.stage },
        reason: { S: event.reason },
        ...optional("restored", event.restored),
        ...(event.seconds === undefined ? {} : { seconds: { N: String(event.seconds) } }),
      };
    case "unlocked":
      return { actor: { S: event.actor } };
    case "releaseCommand":
    case "concluding":
    case "verified":
      return {};
  }
}

function optional(name: string, text: string | undefined): Item {
  return text === undefined ? {} : { [name]: { S: text } };
}

const eventSortKey = /^(\d{8})#(\d{2})$/;

/**
 * Reads an event.
 * @returns undefined where the item is none, such as the lock.
 * @throws ReleaseError where a release in it is malformed.
 */
export function readEvent(item: Item): LedgerEvent | undefined {
  const match = eventSortKey.exec(text(item, "sk"));
  if (!match) return undefined;
  const [, digits, sequence] = match;
  const event = text(item, "event");
  const place = { number: Number(digits), sequence: Number(sequence), at: text(item, "at") };
  switch (event) {
    case "begun":
      return {
        ...place,
        event,
        kind: text(item, "kind") as DeploymentKind,
        release: releaseIn(item, "release", place.number),
        ...(item.previous ? { previous: releaseIn(item, "previous", place.number) } : {}),
        owner: text(item, "owner"),
        actor: text(item, "actor"),
        ...originIn(item),
        ...(item.services?.SS ? { services: item.services.SS } : {}),
      };
    case "updating":
      return { ...place, event, host: text(item, "host") };
    case "held":
      return {
        ...place,
        event,
        seconds: Number(item.seconds?.N ?? 0),
        services: item.services?.SS ?? [],
      };
    case "deployed":
      return {
        ...place,
        event,
        seconds: Number(item.seconds?.N ?? 0),
        ...(item.unproven?.SS ? { unproven: item.unproven.SS } : {}),
      };
    case "failed":
      return {
        ...place,
        event,
        stage: text(item, "stage") as FailureStage,
        reason: text(item, "reason"),
        ...(item.restored?.S ? { restored: item.restored.S } : {}),
        ...(item.seconds?.N ? { seconds: Number(item.seconds.N) } : {}),
      };
    case "unlocked":
      return { ...place, event, actor: text(item, "actor") };
    default:
      // One of a newer version keeps its place; folding passes it over.
      return { ...place, event: event as "verified" };
  }
}

/** The lock as DynamoDB keeps it. */
export function lockItem({ number, owner, at, releaseId }: LockRecord): Item {
  return {
    ...lockKey,
    number: { N: String(number) },
    owner: { S: owner },
    at: { S: at },
    releaseId: { S: releaseId },
  };
}

/** @returns undefined where the item is none. */
export function readLock(item: Item | undefined): LockRecord | undefined {
  if (item?.pk?.S !== lockKey.pk.S) return undefined;
  return {
    number: Number(item.number?.N),
    owner: text(item, "owner"),
    at: text(item, "at"),
    releaseId: text(item, "releaseId"),
  };
}

function text(item: Item, name: string): string {
  return item[name]?.S ?? "";
}

function originIn({ committedAt, verifiedAt }: Item): { readonly origin?: ReleaseOrigin } {
  if (!committedAt?.S && !verifiedAt?.S) return {};
  return {
    origin: {
      ...(committedAt?.S ? { committedAt: committedAt.S } : {}),
      ...(verifiedAt?.S ? { verifiedAt: verifiedAt.S } : {}),
    },
  };
}

function releaseIn(item: Item, name: string, number: number): Release {
  return parseRelease(text(item, name), `the ${name} of deployment ${number} in the ledger`);
}
