import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { DeliveryError } from "../../delivery/errors";
import type { RegistryAccess } from "../../delivery/images/login";
import { promote, type PromoteOptions } from "../../delivery/promote";
import { InstallationStore } from "../../delivery/installation/store";
import type { Installation } from "../../contract/installation";
import type { Release } from "../../contract/manifest";
import { aTarget, commit, releaseOf } from "./support/aTarget";
import { keptTexts } from "./installation/support";
import { FakeDestination } from "./support/fakeDestination";
import { FakeEcr } from "./support/fakeEcr";
import { FakeS3 } from "./support/fakeS3";

const roleArn = "arn:aws:iam::210987654321:role/shop--production--receive";
const bucket = "shop--production--releases-210987654321-eu-west-1";
const there = "210987654321.dkr.ecr.eu-west-1.amazonaws.com";

describe("promote", () => {
  let folder: string;
  let from: FakeEcr;
  let to: FakeEcr;
  let destination: FakeDestination;
  let release: Release;
  let copies: [from: string, to: string][];
  let accesses: readonly RegistryAccess[];
  let steps: string[];
  /** What a copy makes of a manifest: itself. */
  let corrupt: (manifest: string) => string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-promote-"));
    writeFileSync(join(folder, "index.ts"), "main");
    from = new FakeEcr(["shop/staging/web", "shop/staging/jobs"]);
    to = new FakeEcr(["shop/production/web", "shop/production/jobs"], there);
    destination = new FakeDestination();
    copies = [];
    accesses = [];
    steps = [];
    corrupt = (manifest) => manifest;
    const image = (service: string) => ({
      uri: from.uri(`shop/staging/${service}`),
      tag: "3f9c2a1b",
      digest: from.push(`shop/staging/${service}`, "3f9c2a1b", service),
    });
    release = releaseOf({ web: image("web"), jobs: image("jobs") });
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

  function run(options: Partial<PromoteOptions> = {}) {
    const passed = { release: release.id, passed: true, services: {}, at: "2026-01-31T12:30:00Z" };
    return promote({
      target: aTarget({ services: { web: { build: "app" }, jobs: { kind: "worker" } } }, folder),
      release,
      evidence: { release: release.id, commit, tests: { web: "passed" }, scans: {}, history: [] },
      verification: passed,
      to: { stack: "production", region: "eu-west-1", bucket, receiveRoleArn: roleArn },
      clients: { s3: destination as never, sts: destination as never },
      clientsAs: (region, credentials) => {
        assert.equal(region, "eu-west-1");
        assert.deepEqual(credentials, {
          accessKeyId: "A",
          secretAccessKey: "S",
          sessionToken: "T",
        });
        return { ecr: to.client, s3: destination as never, sts: destination as never };
      },
      withRegistry: (given, work) => {
        accesses = given;
        return work({
          inspect: () => Promise.reject(new Error("not asked")),
          copy: (source, target) => {
            copies.push([source, target]);
            const [, service = ""] = /shop\/staging\/(\w+)@/.exec(source) ?? [];
            to.push(`shop/production/${service}`, "3f9c2a1b", corrupt(service));
            return Promise.resolve();
          },
        });
      },
      progress: (line) => steps.push(line),
      ...options,
    });
  }

  async function refusal(options: Partial<PromoteOptions> = {}): Promise<DeliveryError> {
    let refused: unknown;
    await run(options).catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof DeliveryError, String(refused));
    return refused;
  }

  describe("with what the release has kept to run Pulumi", () => {
    const own = "s3://acme-artifacts/installations";

    async function keeping(): Promise<{ s3: FakeS3; options: Partial<PromoteOptions> }> {
      const s3 = new FakeS3();
      const installation = await keptTexts(new InstallationStore(s3.client, own));
      const evidence = { release: release.id, commit, tests: {}, scans: {}, history: [] };
      return {
        s3,
        options: {
          evidence: { ...evidence, installation },
          clients: { s3: s3.client as never, sts: destination as never },
          installations: own,
        },
      };
    }

    const keys = () => destination.puts.map(({ Bucket, Key }) => `${Bucket}/${Key}`);

    it("copies it before the bundle, which carries its hashes, starts the pipeline there", async () => {
      const { options } = await keeping();
      await run(options);
      const hashes = ["packages", "pulumi"].map((text) => digestOf(text).replace("sha256:", ""));
      assert.deepEqual(keys(), [
        ...hashes.map((hash) => `${bucket}/installations/${hash}.tar.gz`),
        `${bucket}/release.zip`,
      ]);
      const files = unzipSync(destination.bundle?.body ?? Buffer.of());
      const carried = JSON.parse(Buffer.from(files[".release/evidence.json"]).toString()) as {
        readonly installation: Installation;
      };
      assert.equal(carried.installation.pulumi.sha256, hashes[1]);
    });

    it("promotes without it where it is gone, and says so", async () => {
      const { s3, options } = await keeping();
      s3.objects.clear();
      await run(options);
      assert.deepEqual(keys(), [`${bucket}/release.zip`]);
      assert.match(steps.join("\n"), /cannot be had: .*: the actions of production get it/);
    });

    it("fails where it may not be written there, and says what grants it", async () => {
      const { options } = await keeping();
      destination.denies = "put";
      const { message, details } = await refusal(options);
      assert.match(message, /what runs Pulumi cannot be written to s3:.*installations as arn:/);
      assert.match(message, /pulumi up --stack production/);
      assert.deepEqual(details, ["AccessDenied: explicit deny"]);
    });
  });

  it("copies by digest as the receive role, under the same tag", async () => {
    const promoted = await run();
    assert.deepEqual(destination.roles, [
      { RoleArn: roleArn, RoleSessionName: "gantry-3f9c2a1b-17" },
    ]);
    assert.deepEqual(copies[0], [
      `${from.uri("shop/staging/web")}@${digestOf("web")}`,
      `${there}/shop/production/web:3f9c2a1b`,
    ]);
    assert.equal(copies.length, 2);
    assert.deepEqual(
      accesses.map(({ repositories }) => repositories),
      [
        [
          from.uri("shop/staging/web"),
          from.uri("shop/staging/jobs"),
          to.uri("shop/production/web"),
          to.uri("shop/production/jobs"),
        ],
      ],
    );
    assert.deepEqual(promoted.images.web, {
      uri: `${there}/shop/production/web`,
      tag: "3f9c2a1b",
      digest: digestOf("web"),
    });
  });

  it("puts the bundle last, with the release as it is there, and the verification", async () => {
    const promoted = await run();
    const [put] = destination.puts;
    assert.equal(put.Bucket, bucket);
    assert.equal(put.Key, "release.zip");
    assert.deepEqual(put.Metadata, {
      release: release.id,
      "created-at": release.createdAt,
      commit,
    });
    const files = unzipSync(put.Body as Buffer);
    const json = (name: string) => JSON.parse(Buffer.from(files[name]).toString()) as unknown;
    assert.deepEqual(json(".release/release.json"), promoted);
    const { verification } = json(".release/evidence.json") as { verification: unknown };
    assert.deepEqual((verification as { passed: boolean }).passed, true);
    assert.ok(files["index.ts"]);
  });

  it("copies nothing twice, and leaves the bundle alone that is there", async () => {
    await run();
    copies = [];
    await run();
    assert.deepEqual(copies, []);
    assert.equal(destination.puts.length, 1);
  });

  it("copies what an earlier run did not come to", async () => {
    to.push("shop/production/web", "3f9c2a1b", "web");
    await run();
    assert.equal(copies.length, 1);
    assert.match(copies[0][0], /jobs@/);
  });

  it("replaces the bundle of an older release", async () => {
    const metadata = { release: "00000000-1", "created-at": "2026-01-30T12:00:00Z" };
    destination.bundle = { body: Buffer.from(""), metadata };
    await run();
    assert.equal(destination.bundle.metadata.release, release.id);
  });

  it("logs in at each region, where they differ", async () => {
    const regions: string[] = [];
    await run({
      to: { stack: "production", region: "us-east-1", bucket, receiveRoleArn: roleArn },
      clientsAs: (region) => {
        regions.push(region);
        return { ecr: to.client, s3: destination as never, sts: destination as never };
      },
    });
    assert.deepEqual(new Set(regions), new Set(["us-east-1", "eu-west-1"]));
    assert.equal(accesses.length, 2);
  });

  describe("fails when", () => {
    const failed = (changes: object) => ({
      verification: { release: release.id, passed: true, services: {}, at: "", ...changes },
    });

    it("the release was not verified, or another was: nothing is touched", async () => {
      assert.match((await refusal(failed({ passed: false }))).message, /did not pass/);
      const { message } = await refusal(failed({ release: "00000000-1" }));
      assert.match(message, /is of release 00000000-1, and not of 3f9c2a1b-17/);
      assert.deepEqual(destination.roles, []);
    });

    it("the evidence is another release's: nothing is touched", async () => {
      const evidence = { release: "00000000-1", commit, tests: {}, scans: {}, history: [] };
      const { message } = await refusal({ evidence });
      assert.match(message, /evidence is of release 00000000-1, and not of 3f9c2a1b-17/);
      assert.deepEqual(destination.roles, []);
    });

    it("the role cannot be taken on, naming it", async () => {
      destination.denies = "role";
      const { message, details } = await refusal();
      assert.ok(message.includes(roleArn));
      assert.match(message, /pulumi up --stack production/);
      assert.deepEqual(details, ["AccessDenied: not authorized"]);
    });

    it("a repository is missing there", async () => {
      to.repositories.delete("shop/production/jobs");
      assert.match((await refusal()).message, /production lacks a repository/);
      assert.deepEqual(copies, []);
    });

    it("the tag is on another image there: nothing is copied, no bundle", async () => {
      to.push("shop/production/jobs", "3f9c2a1b", "of somebody else");
      const { message } = await refusal();
      assert.ok(message.includes(digestOf("of somebody else")));
      assert.match(message, /shop\/production\/jobs:3f9c2a1b is .* which was verified; nothing is/);
      assert.deepEqual(copies, []);
      assert.equal(destination.bundle, undefined);
    });

    it("the copy has another digest: no bundle", async () => {
      corrupt = (manifest) => `${manifest} `;
      assert.ok((await refusal()).message.includes(digestOf("web ")));
      assert.equal(destination.bundle, undefined);
    });

    it("the bucket denies, naming bucket and role", async () => {
      destination.denies = "put";
      const { message, details } = await refusal();
      assert.ok(message.includes(`s3://${bucket}/release.zip as ${roleArn}`));
      assert.deepEqual(details, ["AccessDenied: explicit deny"]);
    });

    it("a newer release has been promoted since", async () => {
      const metadata = { release: "ffffffff-18", "created-at": "2026-02-01T12:00:00Z" };
      destination.bundle = { body: Buffer.from(""), metadata };
      assert.match((await refusal()).message, /holds ffffffff-18 .*newer than 3f9c2a1b-17/);
      assert.equal(destination.puts.length, 0);
    });

    it("nobody can tell what the bucket holds", async () => {
      destination.denies = "head";
      await assert.rejects(run(), { name: "InternalError" });
      assert.equal(destination.puts.length, 0);
    });
  });
});
