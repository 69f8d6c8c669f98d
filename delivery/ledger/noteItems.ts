import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { partition, sortKeyPrefix, type Item } from "./items";
import {
  nothingNoted,
  type Hold,
  type LedgerNote,
  type Override,
  type Sleep,
  type Standing,
} from "./notes";

/**
 * Where that stands which the notes come to: in the partition of events, where no role may delete, and after every number, so
 * that whoever reads the newest events reads it with them.
 */
export const standingKey = { pk: { S: partition }, sk: { S: "standing" } } as const satisfies Item;

/** The attribute of it that is there as long as the environment is held. */
export const holdAttribute = "hold";
/** The one that is there as long as it sleeps. */
export const sleepAttribute = "sleep";

/**
 * A note as DynamoDB keeps it: after the events of the deployment that was the newest. Its version is a part of the key: of two
 * that are made on the same ground, one is refused.
 */
export function noteItem({ number, version, ...note }: LedgerNote): Item {
  const sk = `${sortKeyPrefix(number)}note#${String(version).padStart(8, "0")}`;
  return { pk: { S: partition }, sk: { S: sk }, ...attributesOf(note) };
}

const noteSortKey = /^(\d{8})#note#(\d{8})$/;

/** @returns undefined where the item is none. */
export function readNote(item: Item): LedgerNote | undefined {
  const match = noteSortKey.exec(item.sk?.S ?? "");
  if (!match) return undefined;
  const [, number, version] = match;
  const note = valuesOf(item) as unknown as LedgerNote;
  return { ...note, number: Number(number), version: Number(version) };
}

export function standingItem({ version, hold, sleep, overrides, later }: Standing): Item {
  return {
    ...(later as Item | undefined),
    ...standingKey,
    version: { N: String(version) },
    ...(hold ? { [holdAttribute]: { M: attributesOf(hold) } } : {}),
    ...(sleep ? { [sleepAttribute]: { M: attributesOf(sleep) } } : {}),
    overrides: { L: overrides.map((one) => ({ M: attributesOf(one) })) },
  };
}

/** @returns undefined where the item is none. */
export function readStanding(item: Item | undefined): Standing | undefined {
  if (item?.sk?.S !== standingKey.sk.S) return undefined;
  const { version, overrides, ...more } = withoutKey(item);
  const { [holdAttribute]: holding, [sleepAttribute]: sleeping, ...later } = more;
  const [hold, sleep] = [holding?.M, sleeping?.M];
  return {
    ...(Object.keys(later).length > 0 ? { later } : {}),
    version: Number(version?.N ?? nothingNoted.version),
    ...(hold ? { hold: valuesOf(hold) as unknown as Hold } : {}),
    ...(sleep ? { sleep: valuesOf(sleep) as unknown as Sleep } : {}),
    overrides: (overrides?.L ?? []).map(({ M = {} }) => valuesOf(M) as unknown as Override),
  };
}

function withoutKey(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !(name in standingKey)));
}

/** Texts and lists of texts, which is all that notes consist of. */
function attributesOf(values: object): Item {
  const given = Object.entries(values) as [string, string | readonly string[] | undefined][];
  return Object.fromEntries(
    given.flatMap(([name, value]): [string, AttributeValue][] => {
      if (value === undefined) return [];
      return [[name, typeof value === "string" ? { S: value } : { L: value.map((S) => ({ S })) }]];
    }),
  );
}

function valuesOf(item: Item): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(withoutKey(item)).map(([name, { S, L = [] }]) => [
      name,
      S ?? L.map((one) => one.S ?? ""),
    ]),
  );
}
