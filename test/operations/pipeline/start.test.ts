import assert from "node:assert/strict";
import { promotedBundles } from "../../../operations/pipeline/bundles";
import type { S3Client } from "@aws-sdk/client-s3";
import { source } from "../../../components/pipeline/source";
import { sourceAction } from "../../../contract/stages";
import type { DeploymentRecord } from "../../../delivery/ledger";
import {
  start,
  startable,
  startLines,
  type StartOptions,
} from "../../../operations/pipeline/start";
import { fakePipeline } from "./fakePipeline";

const at = (minute: number) => `2026-11-30T12:${String(minute).padStart(2, "0")}:00.000Z`;
const id = (digit: number) => `${String(digit).repeat(8)}-${digit}`;
const commit = (digit: number) => String(digit).repeat(40);
const reader = { now: new Date(at(30)), timezone: "Etc/UTC" };

/** What was promoted, the newest last. A digit is a release; nothing is a version that no promotion has put there. */
/** What S3 answers to a HEAD that IAM does not allow: no body, of which the SDK makes this. */
const unnamed = Object.assign(new Error("UnknownError"), {
  ...{ name: "Unknown", $metadata: { httpStatusCode: 403 } },
});

function aBucket(digits: readonly (number | undefined)[], fault?: Error) {
  const versions = digits.map((digit, index) => ({ digit, VersionId: `v-${index}` })).reverse();
  const heads: string[] = [];
  const send = (command: { constructor: { name: string }; input: { VersionId?: string } }) => {
    if (command.constructor.name === "ListObjectVersionsCommand") {
      const Versions = versions.map(({ VersionId }) => ({ Key: "release.zip", VersionId }));
      return Promise.resolve({
        Versions: [...Versions, { Key: "release.zip.old", VersionId: "x" }],
      });
    }
    const { VersionId = "" } = command.input;
    heads.push(VersionId);
    if (fault) return Promise.reject(fault);
    const digit = versions.find((one) => one.VersionId === VersionId)?.digit;
    if (digit === undefined) return Promise.resolve({});
    const Metadata = { release: id(digit), "created-at": at(digit), commit: commit(digit) };
    return Promise.resolve({ Metadata, LastModified: new Date(at(digit + 1)) });
  };
  const s3 = { send } as unknown as Pick<S3Client, "send">;
  return { heads, bucket: () => Promise.resolve({ s3, bucket: "releases", stack: "production" }) };
}

function deployed(digit: number, more: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    ...{ number: digit, kind: "deploy", owner: `e-${digit}`, actor: "ada", begunAt: at(digit) },
    release: { id: id(digit), commit: commit(digit), createdAt: at(digit), images: {} },
    ...{ status: "verified", releaseCommandDone: false, history: ["begun"], times: {} },
    ...more,
  };
}

const running = (digit: number) => ({ id: id(digit), createdAt: at(digit) });
const execution = (status: string, revisionId: string, name = "1a") => ({
  ...{ pipelineExecutionId: name, status },
  sourceRevisions: [{ actionName: "Source", revisionId }],
});

/** The parts of a config that decide. */
const config = (pipeline: object) =>
  ({
    pipeline: { approval: true, promoteFrom: { stack: "staging" }, ...pipeline },
  }) as unknown as StartOptions["config"];
const received = config({});
const built = (type: string) => config({ source: { type }, promoteTo: { stack: "production" } });

describe("starting a pipeline with a release", () => {
  const meant = (
    given: number | string,
    {
      digits = [1, 2, 3],
      executions = [],
      more = {},
    }: {
      digits?: readonly (number | undefined)[];
      executions?: readonly object[];
      more?: Partial<StartOptions>;
    } = {},
  ) => {
    const pipeline = fakePipeline({
      ListPipelineExecutions: { pipelineExecutionSummaries: executions },
      GetPipelineExecution: {
        pipelineExecution: {
          artifactRevisions: [
            { name: "Config", revisionId: "v-config" },
            { name: "Source", revisionId: "v-s3" },
          ],
        },
      },
    });
    const { bucket } = aBucket(digits);
    const options = {
      ...{ pipeline, config: received, view: { records: [] }, bucket },
      desired: running(2),
      ...more,
    };
    return startable(options, typeof given === "number" ? id(given) : given);
  };

  it("names the source action as the pipeline does", () => {
    assert.equal(sourceAction, source);
  });

  it("takes the version of the bundle that was promoted last", async () => {
    assert.deepEqual(await meant(3), {
      ...{ release: id(3), commit: commit(3), createdAt: at(3), isBuilt: false, isDesired: false },
      revision: { type: "S3_OBJECT_VERSION_ID", value: "v-2" },
    });
  });

  it("takes what should run already once more, and passes over versions of others", async () => {
    const found = await meant(3, { digits: [3, undefined], more: { desired: running(3) } });
    assert.deepEqual([found.isDesired, found.revision.value], [true, "v-0"]);
  });

  it("looks no further than to what is meant, ten at once", async () => {
    const many = aBucket([...Array<number>(30).fill(1), 2]);
    await meant(2, { more: { bucket: many.bucket, desired: undefined } });
    assert.equal(many.heads.length, 10);
  });

  it("refuses what a newer one has overtaken, as Plan and Deploy would, and names the way on", async () => {
    await assert.rejects(meant(2, { more: { desired: running(1) } }), (error: Error) => {
      assert.match(error.message, /22222222-2 .* is superseded: 33333333-3/);
      assert.match(error.message, /gantry deploy --stack production 33333333-3/);
      return true;
    });
    await assert.rejects(
      meant(1),
      /is superseded: production runs 22222222-2[^]*gantry rollback --stack production --to 11111111-1/,
    );
  });

  it("suggests the nearest where there is none so, and says what is known", async () => {
    await assert.rejects(meant("33333333-4"), (error: Error & { details?: string[] }) => {
      assert.match(error.message, /no release 33333333-4 has arrived in production from staging/);
      assert.match(error.message, /Is 33333333-3 meant\?/);
      assert.match(error.message, /gantry retry --stack staging/);
      assert.deepEqual(error.details, [id(3), id(2), id(1)]);
      return true;
    });
  });

  it("names the right that is missing to look at what was promoted", async () => {
    const { bucket } = aBucket([1], unnamed);
    await assert.rejects(
      promotedBundles(await bucket(), () => false),
      /allow s3:GetObjectVersion of arn:aws:s3:::releases\/release\.zip/,
    );
  });

  it("refuses what is in the pipeline already, and knows where it has ended", async () => {
    const other = execution("InProgress", "v-1", "2b");
    for (const status of ["InProgress", "Stopping"]) {
      await assert.rejects(
        meant(3, { executions: [other, execution(status, "v-2")] }),
        /33333333-3 is in shop--production already[^]*gantry approve --stack production 33333333-3/,
      );
    }
    const failed = execution("Failed", "v-2");
    assert.equal((await meant(3, { executions: [failed] })).ended?.pipelineExecutionId, "1a");
    const { ended } = await meant(3, { executions: [execution("Succeeded", "v-1", "2b"), failed] });
    assert.equal(ended, undefined);
  });

  it("has the commit of a release built again where the pipeline builds", async () => {
    const view = { records: [deployed(3), deployed(2), deployed(1)] };
    for (const type of ["github", "codecommit"]) {
      const found = await meant(3, { more: { config: built(type), view } });
      assert.deepEqual(found, {
        ...{ release: id(3), commit: commit(3), createdAt: at(3), isBuilt: true, isDesired: false },
        revision: { type: "COMMIT_ID", value: commit(3) },
      });
    }
    const object = await meant(3, { more: { config: built("s3"), view } });
    assert.deepEqual(object.revision, { type: "S3_OBJECT_VERSION_ID", value: "v-s3" });
    const more = { config: built("github"), view };
    await assert.rejects(meant(1, { more }), /gantry rollback --stack production --to 11111111-1/);
    await assert.rejects(meant(9, { more }), /no release 99999999-9 was ever deployed/);
  });

  it("says of a source in S3 that nobody knows its version any more", async () => {
    const gone = Object.assign(new Error("none"), { name: "PipelineExecutionNotFoundException" });
    const pipeline = fakePipeline({ ListPipelineExecutions: {}, GetPipelineExecution: gone });
    const more = { config: built("s3"), pipeline, view: { records: [deployed(3)] } };
    await assert.rejects(meant(3, { more }), /gantry rollback --stack production --to 33333333-3/);
  });

  it("says what it goes through, whom it asks, and what stands in its way", async () => {
    const found = await meant(3);
    const pipeline = fakePipeline({});
    const lines = (of: StartOptions["config"], more = {}, hold?: object) =>
      startLines(
        pipeline,
        of,
        { ...found, ...more },
        {
          reader,
          ...(hold ? { standing: { hold } as never } : {}),
        },
      ).join("\n");
    assert.equal(
      lines(received),
      "33333333-3 (of commit 33333333, built 2026-11-30 12:03 (27 min ago)) goes through shop--production from the beginning.\n" +
        "It is planned, waits for an approval (gantry approve --stack production), and is then deployed, verified and concluded.",
    );
    assert.match(lines(config({ approval: false })), /nobody is asked/);
    assert.match(
      lines(config({ approval: "afterVerification" })),
      /verified, waits for an approval/,
    );
    assert.match(
      lines(built("github"), { isBuilt: true }),
      /built again.*promoted to production\.$/,
    );
    assert.match(
      lines(received, { isDesired: true }),
      /^production should run it already\. What config alone .*: pulumi up --stack production$/m,
    );
    assert.match(
      lines(received, { isDesired: true, isBuilt: true }),
      /^production should run it already\.$/m,
    );
    const ended = execution("Failed", "v-2");
    assert.match(lines(received, { ended }), /gantry retry --stack production 1a would/);
    const hold = { by: "ada", at: at(20), reason: "errors" };
    assert.match(lines(received, {}, hold), /on hold since .*gantry resume --stack production/);
  });

  it("starts it, and says why CodePipeline does not", async () => {
    const release = { release: id(3), revision: { type: "COMMIT_ID", value: commit(3) } } as const;
    const pipeline = fakePipeline({ StartPipelineExecution: { pipelineExecutionId: "1a" } });
    assert.equal(await start(pipeline, release), "1a");
    assert.deepEqual(pipeline.calls, [
      [
        "StartPipelineExecution",
        {
          name: "shop--production",
          sourceRevisions: [
            { actionName: "Source", revisionType: "COMMIT_ID", revisionValue: commit(3) },
          ],
        },
      ],
    ]);
    const name = "ConcurrentPipelineExecutionsLimitExceededException";
    const full = Object.assign(new Error("too many"), { name });
    await assert.rejects(
      start(fakePipeline({ StartPipelineExecution: full }), release),
      /33333333-3 is not started: as many executions run and wait/,
    );
  });
});
