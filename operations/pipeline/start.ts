import {
  GetPipelineExecutionCommand,
  StartPipelineExecutionCommand,
  type PipelineExecutionSummary,
  type SourceRevisionType,
} from "@aws-sdk/client-codepipeline";
import type { Release } from "../../contract/manifest";
import { artifacts } from "../../contract/artifacts";
import { sourceAction } from "../../contract/stages";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { sinceText, type Reader } from "../../delivery/facts/times";
import { refuseSuperseded, type Promoted } from "../../delivery/guards";
import type { DeploymentRecord, LedgerView, Standing } from "../../delivery/ledger";
import { refusedUntil } from "../../delivery/ledger/refusals";
import type { Target } from "../../delivery/target";
import { meantHint } from "../../stacks/config/nearest";
import { promotedBundles, type Bundle, type ReleaseBucket } from "./bundles";
import { asked, executionLine, executionsOf, type Pipeline } from "./pipeline";

/** A release that the pipeline of its environment takes from the beginning. */
export interface Startable {
  readonly release: string;
  /** In full. Absent where its bundle does not say. */
  readonly commit?: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly revision: { readonly type: SourceRevisionType; readonly value: string };
  /** Whether its images are built again, as a release of its own: the source of the pipeline is a commit. */
  readonly isBuilt: boolean;
  /** Whether the environment should run it already. */
  readonly isDesired: boolean;
  /** The pipeline's newest execution, where it was of this and failed or was stopped: a retry takes it up where it ended. */
  readonly ended?: PipelineExecutionSummary;
}

export interface StartOptions {
  readonly pipeline: Pipeline;
  readonly config: Pick<Target["config"], "pipeline">;
  /** Of the ledger: all deployments. */
  readonly view: Pick<LedgerView, "records">;
  /** What the pointer says. */
  readonly desired: Pick<Release, "id" | "createdAt"> | undefined;
  /** Where releases arrive; not asked of a pipeline that has a source. */
  readonly bucket: () => Promise<ReleaseBucket>;
}

/**
 * The release that is meant, and what the pipeline is started with.
 * @param given the id.
 * @throws DeliveryError where the environment does not know it, a newer one has overtaken it, or it is in the pipeline already.
 */
export async function startable(options: StartOptions, given: string): Promise<Startable> {
  const { pipeline, config, desired } = options;
  const isBuilt = config.pipeline?.source !== undefined;
  const [found, executions] = await Promise.all([
    isBuilt ? deployedBefore(options, given) : promoted(options, given),
    executionsOf(pipeline),
  ]);
  const own = executions.filter(({ sourceRevisions = [] }) =>
    sourceRevisions.some(({ revisionId }) => revisionId === found.revision.value),
  );
  refuseUnderWay(pipeline, given, own);
  const newest = executions.at(0);
  const hasEnded = newest?.status === "Failed" || newest?.status === "Stopped";
  return {
    ...found,
    ...{ isBuilt, isDesired: desired?.id === given },
    // Where another has come since, CodePipeline tries no stage of it again.
    ...(newest && hasEnded && own.includes(newest) ? { ended: newest } : {}),
  };
}

type Found = Pick<Startable, "release" | "commit" | "createdAt" | "revision">;

/** A version of the bundle. What a newer one has overtaken, Plan and Deploy refuse, so nobody is to wait for that. */
async function promoted(
  { pipeline: { stack }, config, desired, bucket }: StartOptions,
  given: string,
): Promise<Found> {
  const bundles = await promotedBundles(await bucket(), (all) => all.some(isMeant));
  const bundle = bundles.find(isMeant);
  if (!bundle) throw unknown(stack, given, bundles, config.pipeline?.promoteFrom.stack);
  const { id: release, version, commit, createdAt } = bundle;
  refuseSuperseded(stack, bundle, desired, bundles.at(0));
  return {
    ...{ release, createdAt, revision: { type: "S3_OBJECT_VERSION_ID", value: version } },
    ...(commit === undefined ? {} : { commit }),
  };

  function isMeant({ id }: Bundle): boolean {
    return id === given;
  }
}

/** A commit of which a release was deployed. An older one than what runs would be the newest by its number, and be promoted as such. */
async function deployedBefore(
  { pipeline, config, view, desired }: StartOptions,
  given: string,
): Promise<Found> {
  const { stack } = pipeline;
  const records = view.records.filter(({ release }) => release.id === given);
  const record = records.find(({ kind }) => kind === "deploy") ?? records.at(0);
  if (!record) {
    const all = view.records.map(({ release }) => release);
    throw unknown(stack, given, all);
  }
  const { id: release, commit, createdAt } = record.release;
  refuseSuperseded(stack, record.release, desired);
  const revision =
    config.pipeline?.source?.type === "s3"
      ? ({ type: "S3_OBJECT_VERSION_ID", value: await versionOf(pipeline, record) } as const)
      : ({ type: "COMMIT_ID", value: commit } as const);
  return { release, commit, createdAt, revision };
}

/** Of a source in S3, its execution alone knows which version it took. */
async function versionOf(
  pipeline: Pipeline,
  { owner, release }: Pick<DeploymentRecord, "owner" | "release">,
): Promise<string> {
  const { codepipeline, name: pipelineName } = pipeline;
  try {
    const { pipelineExecution } = await codepipeline.send(
      new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId: owner }),
    );
    const taken = pipelineExecution?.artifactRevisions?.find(
      ({ name }) => name === artifacts.source,
    );
    const version = taken?.revisionId;
    if (version) return version;
  } catch (error) {
    const isPersons =
      isNamed(error, "PipelineExecutionNotFoundException") || isNamed(error, "ValidationException");
    if (!isPersons) throw error;
  }
  throw new DeliveryError(
    `which version of the source ${release.id} was built of is not known: ${pipelineName} has no execution of it any more. ` +
      `Nothing was done. Go back to it without a build: gantry rollback --stack ${pipeline.stack} --to ${release.id}`,
  );
}

/** @param from the environment that promotes. Default: none does. */
function unknown(
  stack: string,
  given: string,
  releases: readonly Pick<Promoted, "id" | "createdAt">[],
  from?: string,
): DeliveryError {
  const ids = [...new Set(releases.map(({ id }) => id))];
  const did = meantHint(given, ids, " ");
  const newest = ids.slice(0, 5);
  const missing =
    from === undefined
      ? `no release ${given} was ever deployed to ${stack}`
      : `no release ${given} has arrived in ${stack} from ${from}`;
  const way =
    from === undefined
      ? ""
      : ` What ${from} has verified it promotes by itself; where that failed: gantry retry --stack ${from}.`;
  return new DeliveryError(
    `${missing}. Nothing was done.${did}${way} The newest that are known:`,
    newest.length > 0 ? newest : ["none"],
  );
}

function refuseUnderWay(
  { name, stack }: Pipeline,
  release: string,
  own: readonly PipelineExecutionSummary[],
): void {
  const open = own.filter(({ status }) => status === "InProgress" || status === "Stopping");
  if (open.length === 0) return;
  throw new DeliveryError(
    `${release} is in ${name} already. Nothing was done. How far it is: gantry build-logs --stack ${stack}; where it waits for an ` +
      `approval: gantry approve --stack ${stack} ${release}; to begin anew, first: gantry cancel --stack ${stack}`,
    open.map(executionLine),
  );
}

function alreadyText(stack: string, isBuilt: boolean): string {
  const up = isBuilt
    ? ""
    : ` What config alone has changed is not applied by this: pulumi up --stack ${stack}`;
  return `${stack} should run it already.${up}`;
}

/** What a person reads before it is started: what it goes through, whom it asks, and where it ends. */
export function startLines(
  { name, stack }: Pipeline,
  config: StartOptions["config"],
  { release, commit, createdAt, isBuilt, isDesired, ended }: Startable,
  { reader, standing }: { readonly reader: Reader; readonly standing?: Standing },
): string[] {
  const of = commit === undefined ? "" : `of commit ${commit.slice(0, 8)}, `;
  const what = `${release} (${of}built ${sinceText(createdAt, reader)})`;
  const next = config.pipeline?.promoteTo?.stack;
  const after = next === undefined ? "" : ` What passes is promoted to ${next}.`;
  const steps = isBuilt
    ? "Its commit is built again, as a release with a number of its own, which is deployed, verified and concluded."
    : stepsOf(config.pipeline?.approval ?? false, stack);
  const id = ended?.pipelineExecutionId ?? "";
  return [
    `${what} goes through ${name} from the beginning.`,
    steps + after,
    ...(isDesired ? [alreadyText(stack, isBuilt)] : []),
    ...(ended
      ? [
          `Its last execution ended as ${ended.status}: gantry retry --stack ${stack} ${id} would take that up where it ended.`,
        ]
      : []),
    ...(standing ? refusedUntil(stack, standing, reader.now) : []),
  ];
}

function stepsOf(approval: boolean | "afterVerification", stack: string): string {
  const answer = `waits for an approval (gantry approve --stack ${stack})`;
  if (approval === false)
    return "It is planned, deployed, verified and concluded; nobody is asked.";
  return approval === true
    ? `It is planned, ${answer}, and is then deployed, verified and concluded.`
    : `It is planned, deployed and verified, ${answer}, and is then concluded.`;
}

/**
 * Starts the pipeline with it.
 * @returns the id of the execution.
 * @throws DeliveryError where the pipeline takes no more executions, or is being changed.
 */
export async function start(
  pipeline: Pipeline,
  { release, revision }: Pick<Startable, "release" | "revision">,
): Promise<string> {
  const { type: revisionType, value: revisionValue } = revision;
  try {
    const { pipelineExecutionId = "" } = await asked(pipeline, () =>
      pipeline.codepipeline.send(
        new StartPipelineExecutionCommand({
          name: pipeline.name,
          sourceRevisions: [{ actionName: sourceAction, revisionType, revisionValue }],
        }),
      ),
    );
    return pipelineExecutionId;
  } catch (error) {
    const why = refusals.find(([name]) => isNamed(error, name))?.[1];
    if (why === undefined) throw error;
    throw new DeliveryError(`${release} is not started: ${why}. Nothing was done.`, [], {
      cause: error,
    });
  }
}

const refusals = [
  [
    "ConcurrentPipelineExecutionsLimitExceededException",
    "as many executions run and wait as CodePipeline lets: wait for one to end, or gantry cancel one",
  ],
  ["ConflictException", "the pipeline is being changed at this moment: try it again"],
] as const;
