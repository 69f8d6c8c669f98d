import assert from "node:assert/strict";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { BuildResult } from "../../contract/buildResult";
import { putBuildResult, readBuildResults, resultsPlace } from "../../delivery/buildResults";
import type { DeliveryError } from "../../delivery/errors";
import { awsError } from "./support/fakeEcr";

const commit = "3f9c2a1b5d7e9f00112233445566778899aabbcc";
const place = resultsPlace("s3://shop-artifacts/results", "e-1");

const resultOf = (service: string, more: Partial<BuildResult> = {}): BuildResult => ({
  ...{ service, commit, tag: "3f9c2a1b", digest: `sha256:${"a".repeat(64)}` },
  tests: "passed in 12 s",
  ...more,
});

/** A bucket in memory. */
class FakeBucket {
  readonly objects = new Map<string, string>();
  denied = false;
  readonly s3 = { send: (command: unknown) => this.answer(command) } as unknown as S3Client;

  private answer(command: unknown): Promise<unknown> {
    if (this.denied) return Promise.reject(awsError("AccessDenied", "not yours"));
    if (command instanceof PutObjectCommand) {
      const { Bucket, Key, Body } = command.input;
      this.objects.set(`${Bucket}/${Key}`, Body as string);
      return Promise.resolve({});
    }
    assert.ok(command instanceof GetObjectCommand);
    const text = this.objects.get(`${command.input.Bucket}/${command.input.Key}`);
    if (text === undefined) return Promise.reject(awsError("NoSuchKey"));
    return Promise.resolve({ Body: { transformToString: () => Promise.resolve(text) } });
  }
}

describe("results of builds", () => {
  let bucket: FakeBucket;
  beforeEach(() => (bucket = new FakeBucket()));

  const read = (...services: string[]) => readBuildResults(bucket.s3, place, { services, commit });

  async function refusal(...services: string[]): Promise<DeliveryError> {
    const refused: unknown = await read(...services).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(refused);
    return refused as DeliveryError;
  }

  it("are found again, of 50 services", async () => {
    const services = Array.from({ length: 50 }, (_, index) => `service-${index}`);
    for (const service of services) await putBuildResult(bucket.s3, place, resultOf(service));
    assert.ok(bucket.objects.has("shop-artifacts/results/e-1/service-7.json"));
    const found = await read(...services);
    assert.deepEqual([...found.keys()], services);
    assert.deepEqual(found.get("service-7"), resultOf("service-7"));
  });

  it("of a retried build replace its earlier one, and no other", async () => {
    await putBuildResult(bucket.s3, place, resultOf("web", { tests: "passed in 90 s" }));
    await putBuildResult(bucket.s3, place, resultOf("jobs"));
    await putBuildResult(bucket.s3, place, resultOf("web"));
    const found = await read("web", "jobs");
    assert.deepEqual(
      [found.get("web")?.tests, found.get("jobs")],
      ["passed in 12 s", resultOf("jobs")],
    );
  });

  it("of another execution are not seen", async () => {
    const other = resultsPlace("s3://shop-artifacts/results/", "e-0");
    await putBuildResult(bucket.s3, other, resultOf("web"));
    assert.deepEqual((await refusal("web")).details, ["web: there is none"]);
  });

  it("fail when one is missing, malformed, of another service or commit: all are named", async () => {
    const other = "4a0d3b2c11111111111111111111111111111111";
    await putBuildResult(bucket.s3, place, resultOf("web"));
    await putBuildResult(bucket.s3, place, resultOf("api", { commit: other }));
    bucket.objects.set("shop-artifacts/results/e-1/mail.json", JSON.stringify(resultOf("web")));
    bucket.objects.set("shop-artifacts/results/e-1/jobs.json", '{"service":"jobs"');
    bucket.objects.set(
      "shop-artifacts/results/e-1/cron.json",
      JSON.stringify({ ...resultOf("cron"), digest: "sha256:1" }),
    );
    const { message, details } = await refusal("web", "api", "mail", "jobs", "cron", "none");
    assert.match(message, /s3:\/\/shop-artifacts\/results\/e-1\/<service>\.json.*retry the stage/);
    assert.deepEqual(details, [
      `api: it is of commit ${other}, not of ${commit}`,
      "mail: it is of web",
      "jobs: it is not JSON",
      "cron: digest: sha256: and 64 hexadecimal digits",
      "none: there is none",
    ]);
  });

  it("that may not be read are no missing ones", async () => {
    bucket.denied = true;
    assert.match(
      (await refusal("web")).message,
      /results\/e-1\/web\.json cannot be read: not yours/,
    );
  });

  it("have a place in S3, and an execution", () => {
    assert.deepEqual(resultsPlace("s3://b", "e"), { bucket: "b", prefix: "", execution: "e" });
    assert.throws(() => resultsPlace("/tmp/results", "e"), /give s3:\/\/<bucket>\/<prefix>/);
    assert.throws(() => resultsPlace("s3://b/r", ""), /set GANTRY_EXECUTION/);
  });
});
