import { ScanCommand } from "@aws-sdk/client-dynamodb";
import type { Clients } from "../../../delivery/clients";
import type { Beginning, Ledger } from "../../../delivery/ledger";
import type { Target } from "../../../delivery/target";
import type { Release } from "../../../contract/manifest";

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
