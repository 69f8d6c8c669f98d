import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { Clients } from "../clients";
import type { Clock } from "../clock";
import type { Ledger } from "../ledger";
import { wantedSecrets } from "../preflight/secrets";
import type { Target } from "../target";
import { approvalEntries } from "./approvals";
import type { AuditPorts } from "./audit";
import { loggedSessions } from "./sessions";
import { trailEntries } from "./trail";

export interface AuditPortOptions {
  readonly target: Target;
  readonly clients: Pick<Clients, "codepipeline" | "logs">;
  readonly cloudtrail: Pick<CloudTrailClient, "send">;
  readonly ledger: Pick<Ledger, "since">;
  readonly clock: Clock;
}

/** AWS itself. */
export function makeAuditPorts({
  target,
  clients,
  cloudtrail,
  ledger,
  clock,
}: AuditPortOptions): AuditPorts {
  const { stack, region, names, config } = target;
  const concerned = { names, secrets: wantedSecrets(target) };
  return {
    ...{ stack, region, now: clock.now(), sessionLog: names.execLogGroup },
    ledger: (since) => ledger.since(since),
    ...(config.pipeline
      ? {
          approvals: (period) => approvalEntries(clients.codepipeline, names.pipeline, period),
        }
      : {}),
    trail: (period) => trailEntries({ cloudtrail, concerned, period, clock }),
    sessions: (period) => loggedSessions(clients.logs, names.execLogGroup, period),
  };
}
