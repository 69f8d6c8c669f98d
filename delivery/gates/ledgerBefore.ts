import { environmentNames } from "../../contract/names";
import type { OwnAccount } from "../account";
import { assumeRole } from "../assumeRole";
import { makeClients, type Clients, type Credentials } from "../clients";
import type { Clock } from "../clock";
import { DeliveryError } from "../errors";
import { Ledger, type LedgerPast } from "../ledger";
import type { Target } from "../target";

interface BeforeOptions {
  readonly clients: Pick<Clients, "sts">;
  readonly target: Pick<Target, "config" | "region" | "stack">;
  readonly clock: Clock;
  readonly own: OwnAccount;
  /** The clients of a region, as a role. Default: AWS's. */
  readonly clientsAs?: (region: string, credentials: Credentials) => Pick<Clients, "dynamodb">;
}

/**
 * The newest deployments of the environment from which releases are promoted, and what was noted there: asked as the role that it
 * offers for that, which may be of another account.
 * @throws where there is no such role, or it does not trust who asks.
 */
export async function ledgerBefore({
  clients,
  target,
  clock,
  own,
  clientsAs = makeClients,
}: BeforeOptions): Promise<LedgerPast> {
  const { config, stack } = target;
  const from = config.pipeline?.promoteFrom;
  if (!from) throw new DeliveryError(`nothing is promoted into ${stack}`);
  const names = environmentNames({ name: config.name, stack: from.stack });
  const account = from.account ?? own.accountId;
  const credentials = await assumeRole(
    clients.sts,
    `arn:${own.partition}:iam::${account}:role/${names.historyRole}`,
    `gantry-${stack}`,
  );
  const { dynamodb } = clientsAs(from.region ?? target.region, credentials);
  return new Ledger(dynamodb, names.ledger, clock, from.stack).past();
}
