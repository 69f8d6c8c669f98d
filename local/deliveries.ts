import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { strFromU8, unzipSync } from "fflate";
import { environmentNames, releaseKey } from "../stacks/names";
import type { Emulator } from "./emulator";
import { connectionTo } from "./rehearsal/connection";
import { readPipeline } from "./rehearsal/pipelines";
import {
  rehearse,
  startByCommit,
  startsByObject,
  type RehearsalOptions,
} from "./rehearsal/rehearse";
import { breakVerification, headOf, type SourceRepository } from "./rehearsal/repository";
import type { PipelineRun } from "./rehearsal/run";
import type { DeliveryReport } from "./report";

/** Whose keys the emulator's own are. */
const emulatedAccount = "123456789012";

export type DeliveryOptions = RehearsalOptions & {
  readonly source: SourceRepository;
  /** The product, which the names of pipelines begin with. */
  readonly product: string;
};

/** The first commit goes all the way to production; the second one fails its verification and is rolled back. */
export async function* deliverTwoCommits(options: DeliveryOptions): AsyncGenerator<DeliveryReport> {
  const { log } = options;
  log("\nFirst commit: to production");
  const first = await deliver(options, {
    purpose: "A commit that nothing is wrong with goes all the way to production.",
    judge: inProduction,
  });
  yield first;
  if (!first.asExpected) {
    return;
  }
  log("\nSecond commit: passes its unit tests, and not its verification");
  await breakVerification(options.source);
  yield deliver(options, {
    purpose: "A mistake in packaging: unit tests pass, the verification in staging does not.",
    judge: rolledBack,
  });
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
  const staging = environmentNames({ name: product, stack: "staging" });
  const production = environmentNames({ name: product, stack: "production" });
  const started = await startByCommit(options, staging.pipeline);
  if (started) {
    const run = await rehearse(options, started.pipeline, started);
    runs.push(run);
    if (run.status === "Succeeded") {
      const bucket = production.releaseBucket(emulatedAccount, emulator.env.AWS_REGION);
      for (const start of await startsByObject(options, bucket, releaseKey)) {
        runs.push(await rehearse(options, start.pipeline, start));
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
    evidence: Object.fromEntries(evidence.filter((one): one is [string, string] => !!one[1])),
  };
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

/** Of a commit that verification finds wrong. */
export const rolledBack: Scenario["judge"] = ([run, ...more]) => {
  const failed = run?.stages
    .flatMap(({ actions }) => actions)
    .find(({ status }) => status === "Failed");
  const asExpected = more.length === 0 && run?.status === "Failed" && failed?.name === "Conclude";
  const outcome = asExpected
    ? "It was rolled back in staging, and never reached production."
    : `It should have been rolled back in staging; ${failed ? `${failed.name} failed` : "nothing failed"}.`;
  return { outcome, asExpected };
};

/** What the plan of a run left for whoever approves: `evidence.md`. */
async function evidenceOf(emulator: Emulator, run: PipelineRun): Promise<string | undefined> {
  const plan = run.stages
    .flatMap(({ actions }) => actions.flatMap(({ artifacts }) => artifacts))
    .find(({ name }) => name === "Plan");
  if (!plan) {
    return undefined;
  }
  const connection = connectionTo(emulator);
  const { bucket } = (await readPipeline(connection, run.pipeline)).artifactStore;
  const s3 = new S3Client({ ...connection.root, forcePathStyle: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: plan.key }));
  const files = unzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
  const file = files["evidence.md"];
  return file && strFromU8(file);
}
