import assert from "node:assert/strict";
import { GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { environmentNames, releaseKey } from "../../../contract/names";
import { gantry } from "../../cli/support";
import { account, region, type DeliveryBench } from "../delivery/support";
import { usePipeline, type PipelineBench } from "./pipelineBench";

const names = environmentNames({ name: "shop", stack: "production" });
const Bucket = names.releaseBucket(account, region);

describe("gantry deploy and gantry promote with a release on the emulator", () => {
  let bench: DeliveryBench;
  let shop: PipelineBench;

  usePipeline((started, made) => {
    bench = started;
    shop = made;
  });

  /** As `promote` writes it. @returns the version. */
  const arrive = async (release: string, minute: number) => {
    const created = new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();
    const { VersionId } = await bench.clients.s3.send(
      new PutObjectCommand({
        ...{ Bucket, Key: releaseKey, Body: release },
        Metadata: { release, "created-at": created, commit: release.slice(0, 8).repeat(5) },
      }),
    );
    return VersionId;
  };

  const makeBucket = async () => {
    const { s3 } = bench.clients;
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  };

  it("starts the pipeline with the release's own version, once, and says how to follow it", async () => {
    const before = await shop.run("deploy", "3f9c2a1b-17", "--yes");
    assert.equal(before.code, 1);
    assert.match(before.stderr, new RegExp(`there is no release bucket ${Bucket}`));

    await makeBucket();
    const unknown = await shop.run("deploy", "3f9c2a1b-17", "--yes");
    assert.match(unknown.stderr, /no release 3f9c2a1b-17 has arrived in production from staging/);
    await arrive("1a2b3c4d-15", 1);
    const version = await arrive("3f9c2a1b-17", 2);
    const older = await shop.run("deploy", "1a2b3c4d-15", "--yes");
    assert.match(older.stderr, /superseded: 3f9c2a1b-17/);

    const listed = await shop.run("releases");
    assert.match(listed.stdout, /^3f9c2a1b-17 .* not deployed yet$/m);
    assert.match(listed.stdout, /^gantry deploy --stack production 3f9c2a1b-17 has the pipeline/m);

    const alone = await shop.run("deploy", "3f9c2a1b-17");
    assert.equal(alone.code, 1);
    assert.match(
      alone.stderr,
      /3f9c2a1b-17 \(of commit 3f9c2a1b, built .* goes through shop--production/,
    );
    assert.match(alone.stderr, /nobody is here to be asked: give --yes/);

    const { code, stdout } = await shop.run("deploy", "3f9c2a1b-17", "--yes");
    assert.equal(code, 0);
    const [, pipelineExecutionId] =
      /^started: 3f9c2a1b-17 in shop--production, execution (\S+)\n$/.exec(stdout) ?? [];
    const { pipelineExecution } = await bench.clients.codepipeline.send(
      new GetPipelineExecutionCommand({ pipelineName: names.pipeline, pipelineExecutionId }),
    );
    assert.deepEqual(
      pipelineExecution?.artifactRevisions?.map(({ revisionId }) => revisionId),
      [version],
    );
    const again = await shop.run("deploy", "3f9c2a1b-17", "--yes");
    assert.equal(again.code, 1);
    assert.match(again.stderr, /3f9c2a1b-17 is in shop--production already/);
  });

  it("hands it to the environment that the first one promotes to", async () => {
    await makeBucket();
    await arrive("3f9c2a1b-17", 2);
    const staging = (promoteTo: object) =>
      shop.project.lay(
        "Pulumi.staging.yaml",
        `config:\n  aws:region: ${region}\n  gantry:services: { web: { image: "example.com/web:1" } }\n` +
          `  gantry:pipeline: ${JSON.stringify({ ...promoteTo, source: { type: "codecommit", repository: "shop" } })}\n`,
      );
    staging({ promoteTo: { stack: "production" } });
    const env = {
      AWS_ENDPOINT_URL: bench.emulator.url,
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", TZ: "UTC" },
    };
    const promote = (...args: readonly string[]) =>
      gantry(["promote", "staging", ...args, "--folder", shop.project.folder], env);
    const { code, stdout, stderr } = await promote("3f9c2a1b-17", "--yes");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^started: 3f9c2a1b-17 in shop--production, execution /);

    const both = await promote("3f9c2a1b-17", "--bucket", "other");
    assert.equal(both.code, 2);
    assert.match(both.stderr, /a release's id and --bucket exclude each other/);
    const neither = await promote();
    assert.equal(neither.code, 2);
    assert.match(neither.stderr, /--to <stack>, or GANTRY_PROMOTE_TO, or a release's id/);
    staging({});
    const nowhere = await promote("3f9c2a1b-17", "--yes");
    assert.match(nowhere.stderr, /staging promotes to no other environment/);
  });
});
