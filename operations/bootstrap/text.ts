import type { Caller } from "./caller";
import { isSameBackend } from "./backend";
import { connectionsPage } from "./connection";
import type { PlanItem, Wanted } from "./plan";

const marks: Readonly<Record<PlanItem["status"], string>> = {
  there: "✓",
  make: "+",
  differs: "!",
  yours: "→",
};

/** The plan, a line each: `✓` is there, `+` is made, `!` differs and is left alone, `→` is a person's to do. */
export function planText(
  { stack, region }: Pick<Wanted, "stack" | "region">,
  { accountId, arn }: Caller,
  items: readonly PlanItem[],
): string[] {
  return [
    `${stack} in the account ${accountId}, ${region}, as ${arn}:`,
    "",
    ...items.flatMap(({ status, what, cost, fix = [] }) => [
      `  ${marks[status]} ${what}${cost === undefined ? "" : ` (${cost})`}`,
      ...fix.map((line) => `      ${line}`),
    ]),
    "",
  ];
}

/** What a run has come to. */
export interface Outcome {
  readonly wanted: Wanted;
  /** The key of the stack's secrets. Undefined where there is none, as in a Pulumi service. */
  readonly keyArn?: string;
  /** Undefined where none was asked for. */
  readonly connectionArn?: string;
  /** Files of the project that were written. */
  readonly written: readonly string[];
  /** `pullRequests` of config: whether the stack makes a role for previews. */
  readonly makesPullRequestRole: boolean;
  /** Whether the environment follows a repository already. */
  readonly hasSource: boolean;
  /** The secret with the token of a Pulumi service. */
  readonly accessTokenSecret: string;
  /** Stacks of the folder that have no secrets provider yet. */
  readonly otherStacks: readonly string[];
}

/** What comes next, in its order. */
export function nextSteps(outcome: Outcome): string[] {
  const { wanted, written, otherStacks, makesPullRequestRole } = outcome;
  const { stack } = wanted;
  return [
    "Next:",
    ...(written.length > 0 ? [`  git add ${written.join(" ")} && git commit`] : []),
    ...configLines(outcome),
    ...tokenLines(outcome),
    `  pulumi preview --stack ${stack}`,
    `  pulumi up --stack ${stack}`,
    ...(makesPullRequestRole
      ? ["  (it also makes the role for pull requests: pulumi stack output pullRequestRoleArn)"]
      : []),
    ...otherStacks.map((other) => `  gantry bootstrap --stack ${other}`),
  ];
}

/** What the pipeline needs in config, unless it stands there. */
function configLines({ wanted, keyArn, connectionArn, hasSource }: Outcome): string[] {
  const { stack, backend, pipelineState } = wanted;
  const source =
    connectionArn !== undefined && !hasSource
      ? [
          `        source: { type: github, repository: <owner>/<name>, connectionArn: "${connectionArn}" }`,
        ]
      : [];
  const keepsState =
    backend.kind === "pulumi" ||
    (pipelineState !== undefined &&
      isSameBackend(pipelineState.backendUrl, backend.url) &&
      pipelineState.keyArn === keyArn);
  const state =
    keepsState || keyArn === undefined
      ? []
      : [
          "        state:",
          `          backendUrl: "${backend.url}"`,
          `          keyArn: "${keyArn}"`,
        ];
  if (source.length + state.length === 0) return [];
  const when = pipelineState === undefined ? "for a pipeline, " : "";
  return [
    `  ${when}in Pulumi.${stack}.yaml, under config:`,
    "      gantry:pipeline:",
    ...source,
    ...state,
  ];
}

/** The token by which the pipeline works with a Pulumi service. */
function tokenLines({ wanted, accessTokenSecret }: Outcome): string[] {
  const { backend, region, pipelineState } = wanted;
  if (backend.kind === "s3" || pipelineState === undefined) return [];
  return [
    `  for the pipeline: aws secretsmanager create-secret --region ${region} --name ${accessTokenSecret} --secret-string <token of the Pulumi service>`,
  ];
}

/** What a person is told to do while it is waited for. */
export function confirmText(region: string, name: string): string[] {
  return [
    `the connection ${name} waits for you: open ${connectionsPage(region)}`,
    `  choose ${name}, then "Update pending connection", and install AWS's app on the repository`,
    "  This waits until it is done. Ctrl-C loses nothing: the same command waits again.",
  ];
}
