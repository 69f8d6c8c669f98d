import {
  CreateConnectionCommand,
  GetConnectionCommand,
  paginateListConnections,
  type CodeStarConnectionsClient,
} from "@aws-sdk/client-codestar-connections";
import { consoleOf } from "../../contract/consolePages";
import type { Clock } from "../../delivery/clock";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { withRight } from "./rights";

/** A connection to the provider of a repository. */
export interface FoundConnection {
  readonly arn: string;
  /** `PENDING` until a person has confirmed it in the console, `AVAILABLE` from then on, `ERROR`. */
  readonly status: string;
}

/** The provider that `gantry:pipeline.source` knows. */
const provider = "GitHub";

/** What a connection is called: names have 32 characters at most ("CreateConnection", AWS CodeConnections API reference). */
export function connectionName(product: string): string {
  return product.slice(0, 32);
}

/** @returns undefined where there is none of this ARN. */
export async function connectionByArn(
  client: CodeStarConnectionsClient,
  arn: string,
): Promise<FoundConnection | undefined> {
  try {
    const { Connection } = await withRight("codestar-connections:GetConnection", arn, () =>
      client.send(new GetConnectionCommand({ ConnectionArn: arn })),
    );
    return { arn, status: Connection?.ConnectionStatus ?? "ERROR" };
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return undefined;
    throw error;
  }
}

/** @returns undefined where there is none of this name to GitHub. */
export async function connectionByName(
  client: CodeStarConnectionsClient,
  name: string,
): Promise<FoundConnection | undefined> {
  return withRight("codestar-connections:ListConnections", "*", async () => {
    const found: FoundConnection[] = [];
    const pages = paginateListConnections({ client }, { ProviderTypeFilter: provider });
    for await (const { Connections = [] } of pages) {
      for (const { ConnectionName, ConnectionArn: arn, ConnectionStatus: status } of Connections) {
        if (ConnectionName === name && arn) found.push({ arn, status: status ?? "ERROR" });
      }
    }
    // Two people at once may have made two: both take the same, and one that works before all.
    found.sort((one, other) => one.arn.localeCompare(other.arn));
    return found.find(({ status }) => status === "AVAILABLE") ?? found.at(0);
  });
}

/** Makes a connection, which waits for a person then. @returns its ARN. */
export async function makeConnection(
  client: CodeStarConnectionsClient,
  name: string,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await withRight("codestar-connections:CreateConnection", "*", () =>
    client.send(
      new CreateConnectionCommand({ ConnectionName: name, ProviderType: provider, Tags }),
    ),
  );
  const made = await connectionByName(client, name);
  if (made === undefined) {
    throw new DeliveryError(
      `the connection ${name} is not shown yet: run the same again in a minute`,
    );
  }
  return made.arn;
}

/** Where a person confirms it ("Update a pending connection", Developer Tools console user guide). */
export function connectionsPage(region: string): string {
  return `${consoleOf(region)}/codesuite/settings/connections?region=${region}`;
}

export interface ConnectionWait {
  readonly client: CodeStarConnectionsClient;
  readonly arn: string;
  readonly clock: Clock;
  readonly tell: (line: string) => void;
  /** Default: 30. */
  readonly minutes?: number;
}

const pauseMs = 5_000;
const tellEveryMs = 60_000;

/**
 * Waits until a person has confirmed the connection. It changes nothing: whoever ends it, or comes again, has lost nothing.
 * @throws DeliveryError where it fails, goes, or nobody confirms it in time.
 */
export async function awaitConnection({
  client,
  arn,
  clock,
  tell,
  minutes = 30,
}: ConnectionWait): Promise<void> {
  const start = clock.now().getTime();
  let toldAt = start;
  for (;;) {
    const found = await connectionByArn(client, arn);
    if (found?.status === "AVAILABLE") return;
    if (found?.status !== "PENDING") {
      throw new DeliveryError(
        `the connection ${arn} is ${found?.status ?? "gone"}: delete it in the console (Developer Tools, Connections), and run the same again`,
      );
    }
    const now = clock.now().getTime();
    if (now - start >= minutes * 60_000) {
      throw new DeliveryError(
        `nobody has confirmed the connection within ${minutes} minutes. All else is done: run the same again when somebody has`,
      );
    }
    if (now - toldAt >= tellEveryMs) {
      toldAt = now;
      tell(`the connection still waits for you (${Math.round((now - start) / 60_000)} min)`);
    }
    await clock.sleep(pauseMs);
  }
}
