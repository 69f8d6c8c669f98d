import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { strFromU8, unzipSync } from "fflate";
import { artifacts, planFiles } from "../contract/artifacts";
import { environmentNames, releaseKey } from "../contract/names";
import { exportedVariables } from "../contract/variables";
import type { Emulator } from "./emulator";
import { connectionTo } from "./runner/connection";
import { readPipeline } from "./runner/pipelines";
import { rehearse, startByCommit, startsByObject, type RehearsalOptions } from "./runner/rehearse";
import {
  cannotStart,
  cannotStartByConfig,
  commitMistake,
  failsVerification,
  readSource,
  type Mistake,
} from "./runner/mistakes";
import { emulatedAccount } from "./movedArns";
import { headOf, type SourceRepository } from "./runner/repository";
import type { PipelineRun } from "./runner/run";
import type { Product, ProductService } from "./product";
import type { DeliveryReport } from "./report";
import type { TrafficReport } from "./traffic/report";
import type { TrafficWatch, Verifications } from "./traffic/watch";

export type DeliveryOptions = RehearsalOptions & {
  readonly source: SourceRepository;
  readonly product: Pick<Product, "name" | "services" | "config">;
  /** The path of staging's stack file in the repository. Default: it is not in there. */
  readonly stackFile?: string;
  /** Who watches production while something is delivered there. Default: nobody. */
  readonly watch?: Pick<TrafficWatch, "during">;
};

/**
 * The first commit goes all the way to production; those after it have a mistake each, and are rolled back.
 */
export async function* deliverCommits(options: DeliveryOptions): AsyncGenerator<DeliveryReport> {
  const { log, source } = options;
  log("\nFirst commit: to production");
  const first = await deliver(options, {
    purpose: "A commit that nothing is wrong with goes all the way to production.",
    judge: inProduction,
  });
  yield first;
  if (!first.asExpected) return;
  const place = placeOfMistakes(options);
  if (!place) return;
  const { file, target, mistakes } = place;
  const own = readSource(source, file);
  for (const mistake of mistakes(own)) {
    log(`\nNext commit: ${mistake.purpose}`);
    await commitMistake(source, mistake, file, own, target);
    yield deliver(options, { purpose: mistake.purpose, judge: rolledBackBy(mistake) });
  }
}

interface PlaceOfMistakes {
  readonly file: string;
  readonly target?: string;
  readonly mistakes: (own: string) => readonly Mistake[];
}

/**
 * The file that later commits break: the Dockerfile of the first service whose image says what it starts. Where every entry
 * point is config's or of an image that is built elsewhere, it is the stack file.
 * @returns undefined where that is not in the repository: no commit can break it.
 */
export function placeOfMistakes({
  product,
  stackFile,
}: Pick<DeliveryOptions, "product" | "stackFile">): PlaceOfMistakes | undefined {
  const services = product.config.staging.services;
  const built = product.services.find(({ name }) => services[name].entrypoint === undefined);
  if (!built) {
    if (stackFile === undefined) return undefined;
    const [name] = Object.keys(services);
    return { file: stackFile, mistakes: () => [cannotStartByConfig(name)] };
  }
  const { dockerfilePath: file, target } = built;
  return {
    file,
    ...(target === undefined ? {} : { target }),
    mistakes: (own) => mistakesIn(built, own),
  };
}

/** The sample's own verification asks for the commit; others may not. */
export function mistakesIn(
  { verify }: Pick<ProductService, "verify">,
  dockerfile: string,
): readonly Mistake[] {
  const isSample = verify === "node verify/main.mjs" && failsVerification.make(dockerfile);
  return isSample ? [cannotStart, failsVerification] : [cannotStart];
}

export interface Scenario {
  readonly purpose: string;
  readonly judge: (runs: readonly PipelineRun[]) => Pick<DeliveryReport, "outcome" | "asExpected">;
}

/** Everything that the newest commit starts, one pipeline after the other. */
async function deliver(options: DeliveryOptions, scenario: Scenario): Promise<DeliveryReport> {
  const { product, source, emulator } = options;
  const { id: commit, message } = await headOf(source);
  const runs: PipelineRun[] = [];
  let traffic: TrafficReport | undefined;
  const staging = environmentNames({ name: product.name, stack: "staging" });
  const production = environmentNames({ name: product.name, stack: "production" });
  const started = await startByCommit(options, staging.pipeline);
  if (started) {
    const run = await rehearse(options, started.pipeline, started);
    runs.push(run);
    if (run.status === "Succeeded") {
      const bucket = production.releaseBucket(emulatedAccount, emulator.env.AWS_REGION);
      for (const start of await startsByObject(options, bucket, releaseKey)) {
        const work = () => rehearse(options, start.pipeline, start);
        const watched = options.watch?.during(work, verifiedIn);
        const [run, got] = watched ? await watched : [await work()];
        runs.push(run);
        traffic = got;
      }
    }
  }
  const evidence = await Promise.all(
    runs.map(async (run) => [run.executionId, await evidenceOf(emulator, run)] as const),
  );
  return {
    commit,
    subject: message.split("\n")[0],
    purpose: scenario.purpose,
    ...scenario.judge(runs),
    runs,
    ...(traffic ? { traffic } : {}),
    evidence: Object.fromEntries(evidence.filter((one): one is [string, string] => !!one[1])),
  };
}

/** When the verification of a release ended; whether it passed is the ledger's to tell. */
function verifiedIn({ stages }: PipelineRun): Verifications {
  const actions = stages.flatMap((stage) => stage.actions);
  const id = actions
    .map(({ outputVariables }) => outputVariables[exportedVariables.releaseId])
    .find(Boolean);
  const verify = actions.find(({ name, status }) => name === "Verify" && status === "Succeeded");
  if (!id || !verify) return new Map();
  return new Map([[id, Date.parse(verify.startedAt) + verify.seconds * 1000]]);
}

/** Of a commit that nothing is wrong with. */
export const inProduction: Scenario["judge"] = (runs) => {
  const failed = runs.find(({ status }) => status !== "Succeeded");
  if (runs.length === 2 && !failed) {
    return { outcome: "It runs in staging and in production.", asExpected: true };
  }
  const missing = runs.length === 0 ? "It started no pipeline." : "It started no second pipeline.";
  return { outcome: failed ? `${failed.pipeline} failed.` : missing, asExpected: false };
};

/** Of a commit with a mistake: the action that has to find it fails, and says so. */
export function rolledBackBy({ foundBy, says }: Mistake): Scenario["judge"] {
  return ([run, ...more]) => {
    const failed = run?.stages
      .flatMap(({ actions }) => actions)
      .find(({ status }) => status === "Failed");
    const stopped = more.length === 0 && run?.status === "Failed" && failed?.name === foundBy;
    const asExpected = stopped && failed.tail.some((line) => says.test(line));
    const outcome = asExpected
      ? "It was rolled back in staging, and never reached production."
      : `It should have been rolled back in staging by ${foundBy}; ${failed ? `${failed.name} failed${stopped ? " for another reason" : ""}` : "nothing failed"}.`;
    return { outcome, asExpected };
  };
}

/** What the action that failed said last, indented below its name; nothing where none failed. */
export function lastWords(runs: readonly PipelineRun[]): string[] {
  const failed = runs
    .flatMap(({ pipeline, stages }) =>
      stages.flatMap(({ name, actions }) =>
        actions.map((action) => ({ ...action, title: `${pipeline}: ${name}` })),
      ),
    )
    .find(({ status }) => status === "Failed");
  if (!failed) return [];
  const { title, name, tail, logFile } = failed;
  const where = logFile === undefined ? "" : ` (the whole: ${logFile})`;
  return [`${title}/${name} said last${where}:`, ...tail.map((line) => `  | ${line}`)];
}

/** What the plan of a run left for whoever approves: `evidence.md`. */
async function evidenceOf(emulator: Emulator, run: PipelineRun): Promise<string | undefined> {
  const plan = run.stages
    .flatMap(({ actions }) => actions.flatMap(({ artifacts }) => artifacts))
    .find(({ name }) => name === artifacts.plan);
  if (!plan) {
    return undefined;
  }
  const connection = connectionTo(emulator);
  const { bucket } = (await readPipeline(connection, run.pipeline)).artifactStore;
  const s3 = new S3Client({ ...connection.root, forcePathStyle: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: plan.key }));
  const files = unzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
  const file = files[planFiles.evidenceText];
  return file && strFromU8(file);
}
