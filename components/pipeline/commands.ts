import type * as pulumi from "@pulumi/pulumi";
import type { ActionKind, PipelineArgs } from "./args";

/** What an action runs, and what its commands are told of the execution. */
export interface ActionCommands {
  /** The path of a buildspec in the source, or its YAML itself. */
  readonly buildspec: string;
  /**
   * Variables of each execution, up to 1,000 characters as CodePipeline's JSON. CodePipeline resolves
   * `#{codepipeline.PipelineExecutionId}`, `#{Source.CommitId}`, and as `#{Plan.NAME}` what the buildspecs of `Release`,
   * `Plan`, `Verify` and `Confirm` export. Without it, none.
   */
  readonly executionVariables?: Readonly<Record<string, string>>;
}

/** The commands of an action that has a CodeBuild project of its own. */
export interface ProjectCommands extends ActionCommands {
  /** Variables that are the same for every execution. Without it, none but Pulumi's own, from `state`. */
  readonly variables?: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * The commands of a pipeline's actions. Each works in the artifact `Source`; `CODEBUILD_SRC_DIR_<artifact>` is the folder
 * of another one that it gets.
 */
export interface PipelineActions {
  /** Tests, builds and pushes one service. Only with `source`, and needed there. */
  readonly build?: (service: string) => ProjectCommands;
  /** Makes one release of what was built, in the artifact `Release`. Only with `source`, and needed there. */
  readonly release?: ProjectCommands;
  /** Says what the release would change, in the artifact `Plan`. Only with `releases`, and needed there. */
  readonly plan?: ProjectCommands;
  /**
   * Deploys what `Release` or `Plan` says. With `deploy: ecs` it only prepares: it leaves `imagedefinitions-<service>.json`
   * for each service in the artifact `Images`, which CodePipeline's ECS actions read.
   */
  readonly deploy: ProjectCommands;
  /** What the project of `deploy` runs after the ECS actions. Only with `deploy: ecs`, and needed there. */
  readonly settle?: ActionCommands;
  /** Tests what was deployed, and says in the artifact `Verification` what came of it. */
  readonly verify: ProjectCommands;
  /**
   * What the project of `conclude` runs before people are asked after the verification, and once more where they did not approve: it
   * fails where there is nothing to ask. Only with `approval.after`, and needed there.
   */
  readonly confirm?: ActionCommands;
  /** Records a release that was verified, or takes it back and fails. */
  readonly conclude: ProjectCommands;
  /** Hands the release on. Only with `promoteTo`, and needed there. */
  readonly promote?: ProjectCommands;
}

/**
 * The commands of an action's project.
 * @throws Error where there are none, which `pipelineFaults` tells before.
 */
export function projectCommands(
  { actions }: PipelineArgs,
  kind: ActionKind,
  service = "",
): ProjectCommands {
  const given = kind === "build" ? actions.build?.(service) : actions[kind];
  if (!given) throw new Error(`actions.${kind} is not given`);
  return given;
}

/** The actions that a pipeline has, each of which needs its commands. */
export function pipelineActionNames(args: PipelineArgs): (keyof PipelineActions)[] {
  return [
    ...(args.source ? (["build", "release"] as const) : []),
    ...(args.releases ? (["plan"] as const) : []),
    "deploy",
    ...(args.deploy === "ecs" ? (["settle"] as const) : []),
    "verify",
    ...(args.approval?.after ? (["confirm"] as const) : []),
    "conclude",
    ...(args.promoteTo ? (["promote"] as const) : []),
  ];
}

/** Whether an action's commands look at the stack by Pulumi, or change it. */
export function runsPulumi(kind: ActionKind): boolean {
  return kind === "plan" || kind === "deploy" || kind === "conclude";
}

/** Whether an action's commands tell people what became of them. */
export function tellsItself(kind: ActionKind): boolean {
  return kind === "plan" || kind === "deploy" || kind === "conclude";
}

/** As CodePipeline takes them in the configuration of an action; undefined where there are none. */
export function executionVariablesText({ executionVariables = {} }: ActionCommands) {
  const variables = Object.entries(executionVariables).map(([name, value]) => ({ name, value }));
  return variables.length > 0 ? JSON.stringify(variables) : undefined;
}
