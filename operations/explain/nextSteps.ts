import { isExecution } from "../../contract/consolePages";
import type { DeploymentRecord, LedgerView } from "../../delivery/ledger";
import { resumeCommand, wakeCommand } from "../../delivery/ledger/refusals";
import type { Target } from "../../delivery/target";

export interface NextStepsOptions {
  readonly target: Pick<Target, "stack" | "config">;
  readonly view: LedgerView;
  /** Default: none failed. */
  readonly deployment?: DeploymentRecord;
  /** Whether it failed as the newest and was not taken back. Default: no. */
  readonly isUnsettled?: boolean;
  /** Those of which something is known, as config calls them. Default: none. */
  readonly services?: readonly string[];
}

/** What to do now, with the commands, one a line. */
export function nextSteps(options: NextStepsOptions): string[] {
  const { target, view, deployment } = options;
  const { stack, config } = target;
  if (!deployment) {
    const builds = `what failed before its deployment: gantry build-logs --stack ${stack}`;
    return [
      `what runs: gantry status --stack ${stack}`,
      ...(config.pipeline ? [builds] : []),
      ...held(options),
    ];
  }
  const isNewest = view.records.at(0)?.number === deployment.number;
  switch (deployment.status) {
    case "inProgress":
    case "held":
      return [`it is not over: gantry status --stack ${stack} says how far it is`];
    case "deployed":
    case "verified":
      return [`it did not fail: gantry status --stack ${stack} says what runs`];
    default:
      return [
        ...(deployment.failedStage === "superseded" ? [] : looking(options, deployment)),
        ...ending(options, deployment, isNewest),
        ...held(options),
      ];
  }
}

/** Where there is more to read. */
function looking(
  { target: { stack }, services = [] }: NextStepsOptions,
  { owner, failedStage, begunAt, endedAt, history, releaseCommandDone }: DeploymentRecord,
): string[] {
  const action = { verify: "Verify", shift: "Conclude", deploy: "Deploy" } as const;
  const of = failedStage === "verify" || failedStage === "shift" ? failedStage : "deploy";
  const lines: string[] = [];
  if (isExecution(owner) && failedStage !== "approval") {
    lines.push(
      `the log of the action: gantry build-logs ${owner} --stack ${stack} --action ${action[of]}`,
    );
  }
  if (services.length > 0 && endedAt !== undefined) {
    const isBefore = !releaseCommandDone && !history.includes("updating");
    lines.push(
      `what was logged meanwhile: gantry logs ${services.join(" ")} --stack ${stack} --since ${begunAt} --until ${endedAt}` +
        (isBefore ? " --container release" : ""),
    );
  }
  return lines;
}

/** What puts it right. */
function ending(
  { target: { stack }, isUnsettled = false }: NextStepsOptions,
  { previous, failedStage, owner, kind, unlockedBy }: DeploymentRecord,
  isNewest: boolean,
): string[] {
  if (isUnsettled) {
    const settle = previous
      ? `gantry rollback --stack ${stack} --to ${previous.id}`
      : `pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`;
    return [
      ...(unlockedBy === undefined ? [] : [`what it has left: gantry status --stack ${stack}`]),
      `once the cause is fixed, put in order what runs: ${settle}`,
    ];
  }
  if (failedStage === "superseded") {
    return [`nothing: the newer release took its place (gantry history --stack ${stack})`];
  }
  if (!isNewest)
    return [`nothing, if that is what you want: what came since, gantry history --stack ${stack}`];
  if (kind === "restart") return [`once the cause is fixed: gantry restart --stack ${stack}`];
  if (failedStage === "approval")
    return ["deploy what people approve: the next release comes by itself"];
  return [
    "where the release is to blame: fix it and push, which deploys the next one",
    ...(isExecution(owner)
      ? [
          `where something else was (capacity, a quota, another system): gantry retry --stack ${stack}`,
        ]
      : []),
  ];
}

function held({ target: { stack }, view: { standing } }: NextStepsOptions): string[] {
  return [
    ...(standing?.sleep
      ? [`nothing runs and nothing is deployed while it sleeps: ${wakeCommand(stack)}`]
      : []),
    ...(standing?.hold
      ? [
          `new releases are refused since a rollback; once they may come again: ${resumeCommand(stack)}`,
        ]
      : []),
  ];
}
