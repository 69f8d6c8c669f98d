import { ScanCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clients } from "../../../delivery/clients";
import { Ledger, type Beginning } from "../../../delivery/ledger";
import type { Target } from "../../../delivery/target";
import type { Release } from "../../../contract/manifest";
import { createLedgerTable } from "../../support/ledgerTable";
import { FakeClock, targetOf, type DeliveryBench } from "./support";
import { useBench } from "./useBench";

/** A ledger on the emulator. */
export interface LedgerBench {
  readonly bench: DeliveryBench;
  readonly target: Target;
  readonly clock: FakeClock;
  readonly ledger: Ledger;
  /** Another one over the same table. */
  readonly ledgerOf: (client?: DynamoDBClient) => Ledger;
}

/** Gives each test of a suite an empty ledger, whose clock begins at a time. Default: now. */
export function useLedger(made: (given: LedgerBench) => void, at?: string): void {
  let bench: DeliveryBench;
  useBench((started) => (bench = started));
  beforeEach(async () => {
    const target = targetOf();
    const clock = at === undefined ? new FakeClock() : new FakeClock(new Date(at));
    await createLedgerTable(bench.clients, target);
    const ledgerOf = (client: DynamoDBClient = bench.clients.dynamodb) =>
      new Ledger(client, target.names.ledger, clock, target.stack);
    made({ bench, target, clock, ledger: ledgerOf(), ledgerOf });
  });
}

export const releaseNumbered = (build: number): Release => ({
  id: `3f9c2a1b-${build}`,
  commit: "3f9c2a1b".repeat(5),
  createdAt: "2026-01-31T12:00:00Z",
  images: {
    web: { uri: "example.com/shop/web", tag: "3f9c2a1b", digest: `sha256:${"a".repeat(64)}` },
  },
});

export const beginningOf = (build: number, owner = `execution-${build}`): Beginning => ({
  kind: "deploy",
  release: releaseNumbered(build),
  owner,
  actor: "ada",
});

/** A whole deployment, as delivery makes it. */
export async function deploy(through: Ledger, build: number): Promise<void> {
  const record = await through.begin(beginningOf(build), await through.recent());
  await through.note(record, { event: "releaseCommand" });
  await through.note(record, { event: "updating", host: "build-1" });
  const ended = await through.end(record, { status: "deployed", seconds: 42 });
  await through.mark(ended, { status: "verified" });
}

/** What the table holds: each item's place, and which event it is. */
export async function itemsOf({ dynamodb }: Clients, { names }: Target): Promise<string[]> {
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName: names.ledger, ConsistentRead: true }),
  );
  return Items.map(({ sk, event }) => (event ? `${sk.S}#${event.S}` : (sk.S ?? ""))).sort();
}
