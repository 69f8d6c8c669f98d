import { GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import { artifacts } from "../contract/artifacts";
import type { Release, ReleaseImage } from "../contract/manifest";
import { releasedContainers } from "../stacks/config/containers";
import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { commitDetails, type Commit } from "./commit";
import { DeliveryError, messageOf } from "./errors";
import { findImage, repositoryUris } from "./images/repository";
import type { DeploymentRecord, Ledger } from "./ledger";
import type { PipelineExecution } from "./pipelineExecution";
import type { GivenImage } from "./releaseInputs";
import type { PastRelease, ReleaseEvidence } from "./releaseEvidence";
import { scanCounts, type FindingCounts } from "./scanGate";
import { commitTime } from "./releaseOrigin";
import type { Target } from "./target";

export interface AssemblyOptions {
  readonly target: Target;
  readonly commit: Commit;
  /** The number of the build, which tells two releases of one commit apart. */
  readonly number: number;
  /** By service: what the builds answered. */
  readonly images: ReadonlyMap<string, GivenImage>;
  readonly clients: Pick<Clients, "ecr">;
  readonly ledger: Pick<Ledger, "recent">;
  readonly clock: Clock;
  readonly progress: (line: string) => void;
  /** When the commit was made, as the pipeline's source says it. Default: git is asked. */
  readonly committedAt?: string;
  /** The execution that builds it, from which the commit's message is read. Default: git is asked. */
  readonly execution?: PipelineExecution;
}

export interface AssembledRelease {
  readonly release: Release;
  readonly evidence: ReleaseEvidence;
}

/**
 * Makes a release of images that have been built. Every service of the environment must have one, and ECR must have
 * under its tag what the build said.
 * @throws DeliveryError that lists every image that does not fit.
 */
export async function assembleRelease(options: AssemblyOptions): Promise<AssembledRelease> {
  const { target, commit, number, images, clock, ledger } = options;
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new DeliveryError(
      `the number of the release is ${number}; give a whole number, such as --number 17`,
    );
  }
  refuseOtherServices(target, images);
  const stored = await readImages(options);
  const release: Release = {
    id: `${commit.id.slice(0, 8)}-${number}`,
    commit: commit.id,
    createdAt: clock.now().toISOString(),
    images: mapValues(stored, ({ image }) => image),
  };
  const evidence: ReleaseEvidence = {
    release: release.id,
    commit: commit.id,
    ...(await describeCommit(options)),
    ...describeSource(target),
    tests: testsOf(images),
    scans: scansOf(stored),
    history: await pastReleases(ledger, release),
  };
  return { release, evidence };
}

function refuseOtherServices({ config, stack }: Target, given: ReadonlyMap<string, unknown>): void {
  const known = releasedContainers(config.services);
  const missing = Object.keys(known).filter((service) => !given.has(service));
  const unknown = [...given.keys()].filter((service) => !Object.hasOwn(known, service));
  if (missing.length === 0 && unknown.length === 0) return;
  throw new DeliveryError(
    `the images given are not those of the services of ${stack}. Build each of its services, and apply the ` +
      `pipeline's own changes when services come or go: pulumi up --stack ${stack}`,
    [
      ...missing.map((service) => `${service}: no image is given`),
      ...unknown.map((service) => `${service}: ${stack} has no such service`),
    ],
  );
}

interface Stored {
  readonly image: ReleaseImage;
  /** Undefined where it was not scanned. */
  readonly findings: FindingCounts | undefined;
}

async function readImages({
  target,
  clients,
  images: given,
}: AssemblyOptions): Promise<Record<string, Stored>> {
  const { config, names, stack } = target;
  const services = [...given.keys()];
  const uris = await repositoryUris(clients.ecr, services.map(names.repository), stack);
  const faults: string[] = [];
  const found: Record<string, Stored> = {};
  for (const [service, { tag, digest }] of given) {
    const repository = names.repository(service);
    const image = await findImage(clients.ecr, repository, { imageTag: tag });
    if (image?.digest !== digest) {
      faults.push(
        `${service}: ${repository}:${tag} is ${image?.digest ?? "not there"}, the build said ${digest}`,
      );
      continue;
    }
    const uri = uris.get(repository) ?? "";
    // Of enhanced scanning, the description of an image tells nothing.
    const findings = image.findings ?? (await scanCounts({ ecr: clients.ecr, repository, digest }));
    const { architecture } = releasedContainers(config.services)[service];
    found[service] = { image: { uri, tag, digest, architecture }, findings };
  }
  if (faults.length === 0) return found;
  throw new DeliveryError(
    "the registry does not have what the builds said; no release is made. Build the commit again:",
    faults,
  );
}

function testsOf(given: ReadonlyMap<string, GivenImage>): Record<string, string> {
  return Object.fromEntries(
    [...given].map(([service, { tests }]) => [service, tests || "not known"]),
  );
}

function scansOf(stored: Readonly<Record<string, Stored>>): ReleaseEvidence["scans"] {
  return Object.fromEntries(
    Object.entries(stored).flatMap(([service, { findings }]) =>
      findings ? [[service, findings] as const] : [],
    ),
  );
}

/** What people recognise the commit by. It is missing where nobody knows it, and nothing fails for that. */
async function describeCommit(
  options: AssemblyOptions,
): Promise<Pick<ReleaseEvidence, "subject" | "author" | "committedAt">> {
  const details = await commitDetails(options.target.root, options.commit.id);
  if (details) return details;
  const subject = await subjectOfExecution(options);
  const committedAt = commitTime(options.committedAt);
  return { ...(subject ? { subject } : {}), ...(committedAt ? { committedAt } : {}) };
}

async function subjectOfExecution({
  execution,
  commit,
  progress,
}: AssemblyOptions): Promise<string | undefined> {
  if (!execution) return undefined;
  const { codepipeline, pipeline, id } = execution;
  try {
    const { pipelineExecution } = await codepipeline.send(
      new GetPipelineExecutionCommand({ pipelineName: pipeline, pipelineExecutionId: id }),
    );
    const revisions = pipelineExecution?.artifactRevisions ?? [];
    const revision =
      revisions.find(({ revisionId }) => revisionId === commit.id) ??
      revisions.find(({ name }) => name === artifacts.source);
    return commitMessage(revision?.revisionSummary)?.split("\n", 1)[0].trim();
  } catch (error) {
    progress(`the commit's message is not known: ${messageOf(error)}`);
    return undefined;
  }
}

/** A connection to GitHub wraps the message in JSON, CodeCommit does not. */
function commitMessage(summary: string | undefined): string | undefined {
  if (!summary?.startsWith("{")) return summary;
  try {
    const { CommitMessage: message } = JSON.parse(summary) as { CommitMessage?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return summary;
  }
}

function describeSource({ config }: Target): Pick<ReleaseEvidence, "repository" | "compareBase"> {
  const source = config.pipeline?.source;
  if (source?.type !== "github") return {};
  const repository = `https://github.com/${source.repository}`;
  return { repository, compareBase: `${repository}/compare/` };
}

/** How many deployments a release tells of: what runs in production is to be among them. */
const toldDeployments = 50;

/** Those that failed count as well: their commits come along with what is built on them. */
async function pastReleases(
  ledger: Pick<Ledger, "recent">,
  release: Release,
): Promise<PastRelease[]> {
  const { records } = await ledger.recent(toldDeployments);
  const seen = new Set([release.id]);
  return records
    .filter(({ kind }) => kind === "deploy")
    .filter(({ release: { id } }) => !seen.has(id) && seen.add(id))
    .map((record) => ({
      release: record.release.id,
      commit: record.release.commit,
      at: record.endedAt ?? record.begunAt,
      ...(record.status === "verified" ? {} : { outcome: outcomeOf(record) }),
    }));
}

function outcomeOf({ status, failedStage }: DeploymentRecord): string {
  if (status !== "failed") return "not verified";
  switch (failedStage) {
    case "verify":
      return "failed its verification";
    case "approval":
      return "was not approved";
    case "superseded":
      return "was superseded before it was approved";
    case "shift":
      return "failed as requests went over to it";
    default:
      return "could not be deployed";
  }
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
