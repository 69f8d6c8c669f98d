import { deliveryTimes } from "../../../contract/times";
import { isUnsettled } from "../../../delivery/deploy/history";
import { gateText, closedGates } from "../../../delivery/gates";
import type { LedgerView } from "../../../delivery/ledger";
import {
  ageOf,
  resumeCommand,
  sleepText,
  unlockCommand,
  wakeCommand,
} from "../../../delivery/ledger/refusals";
import type { Target } from "../../../delivery/target";
import type { Check, Finding } from "../check";

/** Whether a release could come: a lock, a hold, a deployment that nobody has settled, a window that is closed. */
export const releasesCheck: Check = {
  name: "releases",
  title: "lock and history",
  rights: ["dynamodb:GetItem", "dynamodb:Query"],
  run: async ({ target, ledger, now, release }) => {
    if (!target.config.pipeline)
      return { well: "no pipeline is configured, so there is no history" };
    const view = await ledger.recent();
    const findings = [
      ...historyFindings(target, view, now),
      ...lostFindings(target, view, (await release()) !== undefined),
    ];
    // Alarms have a check of their own.
    const alarms = () => Promise.resolve({ firing: [], unknown: [] });
    for (const gate of await closedGates({ target, alarms, clock: { now: () => now } })) {
      findings.push({
        severity: "note",
        where: "pipeline.windows",
        what: `new releases wait, and a rollback is possible: ${gateText(gate)}`,
        fix: "wait, or let a hotfix past it",
        command: `gantry override --stack ${target.stack} --reason "why"`,
      });
    }
    const newest = view.records.at(0);
    const last = newest
      ? `deployment ${newest.number} of ${newest.release.id} was the last`
      : "none yet";
    return { well: `no lock, no hold; ${last}`, findings };
  },
};

/** What the ledger says that keeps releases out. */
export function historyFindings(
  { stack, config }: Pick<Target, "stack" | "config">,
  view: LedgerView,
  now: Date,
): Finding[] {
  const { lock, standing, records } = view;
  const findings: Finding[] = [];
  if (lock) {
    const minutes = (now.getTime() - Date.parse(lock.at)) / 60_000;
    const waits = records.at(0)?.status === "held";
    const isLeft = !waits && minutes > deliveryTimes(config).lockMinutes;
    findings.push({
      severity: isLeft ? "error" : "note",
      where: "the lock",
      what:
        `deployment ${lock.number} of ${lock.releaseId} has it, held by ${lock.owner} since ${lock.at} (${ageOf(lock.at, now)})` +
        (isLeft
          ? ": longer than a deployment may take"
          : waits
            ? ", and waits for its verification"
            : ""),
      fix: isLeft ? "make sure that nothing deploys; take the lock away then" : "wait for its end",
      command: isLeft ? unlockCommand(stack) : `gantry status --stack ${stack}`,
    });
  }
  if (standing?.hold) {
    const { by, at, reason } = standing.hold;
    findings.push({
      severity: "warning",
      where: "the hold",
      what: `new releases are refused since ${by} went back at ${at} (${ageOf(at, now)}): ${reason}`,
      fix: "once they may come again",
      command: resumeCommand(stack),
    });
  }
  if (standing?.sleep) {
    findings.push({
      severity: "note",
      where: "the sleep",
      what: `the environment is ${sleepText(standing.sleep, now)}: nothing runs, and nothing is deployed`,
      fix: "bring it back when it is wanted",
      command: wakeCommand(stack),
    });
  }
  const [newest] = records;
  if (isUnsettled(view) && !lock) {
    findings.push({
      severity: "error",
      where: `deployment ${newest.number}`,
      what: `it failed and was not taken back: ${newest.reason?.split("\n")[0] ?? "no reason is known"}`,
      fix: "once its cause is mended",
      command: newest.previous
        ? `gantry rollback --stack ${stack} --to ${newest.previous.id}`
        : `pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`,
    });
  }
  return findings;
}

function lostFindings({ names }: Target, { records }: LedgerView, isReleased: boolean): Finding[] {
  if (!isReleased || records.length > 0) return [];
  return [
    {
      severity: "warning",
      where: names.ledger,
      what: "the history is empty, though there is a release: a rollback has nowhere to go",
      fix: "restore the table to a point in time, or deploy on: numbers go on from the images' tags",
    },
  ];
}
