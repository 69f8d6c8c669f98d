import { Option, type Command } from "commander";
import type * as AuditModule from "../delivery/audit/audit";
import type * as Client from "../delivery/cloudTrail";
import type * as Ports from "../delivery/audit/ports";
import type * as Text from "../delivery/audit/text";
import type * as Clients from "../delivery/clients";
import type * as Clock from "../delivery/clock";
import { DeliveryError } from "../delivery/errors";
import type * as Times from "../delivery/facts/times";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import { pastTime, sinceOption } from "./period";
import { printJson } from "./json";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly since: Date;
  readonly until?: Date;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export function auditCommand(): Command {
  return command(
    "audit",
    "say what was done to an environment, and who did it",
    "Lists deployments, approvals and their comments, holds, overrides, unlocks, secrets that were changed, sessions in containers and what was changed " +
      "beside the pipeline, oldest first: from the ledger, CodePipeline, CloudTrail's event history (90 days, no trail is needed) and the log of " +
      "sessions. Says what is not there, for lack of a right or by age. Never shows the value of a secret or the arguments of a command.",
  )
    .addOption(sinceOption())
    .option("--until <time>", "to when; default: now", (text: string) => pastTime(text))
    .addOption(new Option("--json", "as JSON").conflicts("csv"))
    .option("--csv", "for a spreadsheet")
    .addHelpText(
      "after",
      examples(
        "gantry audit --stack production",
        "gantry audit --stack production --since 2026-11-01 --csv",
      ),
    )
    .action(audit);
}

async function audit(
  { since, until, json, csv, ...options }: Options,
  called: Command,
): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { makeAuditPorts } = load<typeof Ports>("../delivery/audit/ports");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const reader = readerHere();
  const period = { since, until: until ?? reader.now };
  if (period.since > period.until) called.error("error: --since is after --until");
  const opened = await openQuestion(options);
  const { interactiveAttempts } = load<typeof Clients>("../delivery/clients");
  const { makeCloudTrail } = load<typeof Client>("../delivery/cloudTrail");
  const limits = { attempts: interactiveAttempts };
  const cloudtrail = makeCloudTrail(opened.target.region, undefined, undefined, limits);
  tell("CloudTrail is asked twice a second, for some ten seconds ...");
  const made = await load<typeof AuditModule>("../delivery/audit/audit").audit(
    makeAuditPorts({ ...opened, cloudtrail, clock: systemClock }),
    period,
  );
  const { auditCsv, auditText } = load<typeof Text>("../delivery/audit/text");
  if (json) printJson(made.audit);
  else if (csv) {
    process.stdout.write(auditCsv(made.audit));
    for (const gap of made.audit.gaps) tell(`not here: ${gap}`);
  } else print(auditText(made.audit, reader));
  if (!made.isAny) {
    throw new DeliveryError(
      `nothing of ${opened.target.stack} could be read. What each source lacks is told with the answer.`,
    );
  }
}
