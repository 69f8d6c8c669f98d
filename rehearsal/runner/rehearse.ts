/**
 * The rehearsal: runs a pipeline on this machine, as CodePipeline and CodeBuild would, from what the emulated AWS says of
 * it. Nothing is taken from Pulumi's state or program.
 */
import type { Emulator } from "../emulator";
import { adjustBuild } from "./adjustments";
import { approvalsBy, type ApprovalChoice } from "./approvals";
import type { BuildHost } from "./buildHost";
import { bashHost } from "./buildHost/bash";
import { connectionTo } from "./connection";
import { objectCreated, startsFor, type Start } from "./events";
import { triedAgain } from "./deployRetry";
import type { ImageTools } from "./images";
import { readPipeline } from "./pipelines";
import { queueOf } from "./queue";
import { recordExecution } from "./record";
import { changedFiles, headOf, type SourceRepository } from "./repository";
import { Runner } from "./runner";
import type { PipelineRun } from "./run";
import { serve, type Served } from "./served";
import { untilStopped } from "./stopped";
import { startedByPush } from "./triggers";

export interface RehearsalOptions {
  readonly emulator: Emulator;
  /** The workspace's environment: engine and state. */
  readonly env: Readonly<Record<string, string>>;
  /** What stands for the repository that a pipeline follows. Default: none, for pipelines that follow a bucket. */
  readonly source?: SourceRepository;
  readonly approvals: ApprovalChoice;
  /** See `findImageTools`. */
  readonly tools: ImageTools;
  /** Where builds run. Default: under bash on this machine. */
  readonly host?: BuildHost;
  /** The containers of services, and where they answer. Default: ones that end with the execution. */
  readonly served?: Served;
  /** Where logs stay. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** Interrupts it: what runs goes on to its end, nothing more begins. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a pipeline once. Executions of one pipeline that are begun at the same time queue up, stage by stage.
 * @param start what starts it, and with which revisions. Default: a person, with the newest.
 * @returns how it went, also where it failed.
 * @throws Error where there is no such pipeline.
 */
export async function rehearse(
  options: RehearsalOptions,
  pipelineName: string,
  start: Partial<Omit<Start, "pipeline">> = {},
): Promise<PipelineRun> {
  const { emulator, env, source, approvals, tools, folder, log, signal } = options;
  const { host = bashHost() } = options;
  const connection = connectionTo(emulator);
  const pipeline = await readPipeline(connection, pipelineName);
  const served = options.served ?? serve({ connection, tools, folder, log });
  const { services, addresses } = served;
  const runner = new Runner({
    connection,
    pipeline,
    trigger: start.trigger ?? "StartPipelineExecution",
    revisions: start.revisions,
    repository: source,
    queue: queueOf(emulator, pipeline),
    approvals: approvalsBy(approvals, log),
    host,
    adjust: (build) =>
      adjustBuild(
        { services, addresses, tools, env, host: host.kind, prefix: pipelineName, log },
        build,
      ),
    folder,
    log,
    signal,
    onProgress: (run, place) => recordExecution(connection, run, "InProgress", place),
    untilStopped: (id, ended) => untilStopped(connection, pipelineName, id, ended),
  });
  try {
    let run = await runner.run();
    await recordExecution(connection, run, run.status);
    const { executionId } = run;
    while (
      run.status === "Failed" &&
      (await triedAgain({ connection, executionId, log, signal }))
    ) {
      run = await runner.resume();
      await recordExecution(connection, run, run.status);
    }
    return run;
  } finally {
    if (!options.served) await served.close();
  }
}

/** Whether the newest commit of the source starts a pipeline, and by what; undefined where it does not. */
export async function startByCommit(
  { emulator, source }: Pick<RehearsalOptions, "emulator" | "source">,
  pipelineName: string,
): Promise<Start | undefined> {
  if (!source) return undefined;
  const pipeline = await readPipeline(connectionTo(emulator), pipelineName);
  const { id } = await headOf(source);
  const push = { branch: source.branch, files: await changedFiles(source, id) };
  const trigger = startedByPush(pipeline, push);
  if (trigger === undefined) return undefined;
  // The execution is of this commit, also where newer ones arrive before its turn comes.
  const revisions = Object.fromEntries(
    pipeline.stages[0].actions
      .filter(({ provider }) => provider === "CodeStarSourceConnection")
      .map(({ name }) => [name, id]),
  );
  return { pipeline: pipelineName, trigger, revisions };
}

/** The pipelines that an object of a bucket starts, as it is now: none where there is no such object. */
export async function startsByObject(
  { emulator }: Pick<RehearsalOptions, "emulator">,
  bucket: string,
  key: string,
): Promise<readonly Start[]> {
  const connection = connectionTo(emulator);
  const event = await objectCreated(connection, bucket, key);
  return event ? startsFor(connection, event) : [];
}
