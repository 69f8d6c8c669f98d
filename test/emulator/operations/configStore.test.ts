import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { strFromU8, unzipSync } from "fflate";
import { writePointer } from "../../../delivery/pointer";
import { readTarget } from "../../../delivery/target";
import { placeOfConfig } from "../../../operations/configStore/place";
import { planPush, push } from "../../../operations/configStore/push";
import { aProject, gantry, type Project } from "../../cli/support";
import { releaseNumber } from "../../delivery/support/fakePorts";
import { region, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";

const bucket = "acme-config";
const key = "config/shop/staging.zip";
const planted = "pl4nted-Secret-pl4nted";

/** A stack's file as a person writes it. */
const fileOf = (cpu: number, config = `config: { bucket: ${bucket} }`) => `config:
  aws:region: ${region}
  # A comment.
  gantry:pipeline: { source: { type: s3, bucket: acme-source, key: source.zip }, ${config} }
  gantry:services:
    web: { build: app, cpu: ${cpu}, environment: { GREETING: hello } }
  shop:token: { secure: ${planted} }
encryptedkey: ${planted}
`;

describe("gantry config push and pull on the emulator", () => {
  let bench: DeliveryBench;
  let ada: Project;
  let ben: Project;

  useBench((started) => (bench = started));

  beforeEach(async () => {
    ada = aProject();
    ben = aProject();
    ada.lay("Pulumi.staging.yaml", fileOf(256));
    const { s3 } = bench.clients;
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" },
      }),
    );
    await keepVersions("Enabled");
  });

  afterEach(() => {
    ada.remove();
    ben.remove();
  });

  const keepVersions = (Status: "Enabled" | "Suspended") =>
    bench.clients.s3.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }),
    );

  const config = (person: Project, ...args: readonly string[]) => act(person, "config", ...args);

  async function act({ folder }: Project, ...args: readonly string[]) {
    const answer = await gantry([...args, "--folder", folder], {
      ...{ AWS_ENDPOINT_URL: bench.emulator.url, AWS_REGION: region, TZ: "Etc/UTC" },
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    });
    assert.ok(!`${answer.stdout}${answer.stderr}`.includes("pl4nted"), "a secret is told");
    return answer;
  }

  const text = ({ folder }: Project) => readFileSync(join(folder, "Pulumi.staging.yaml"), "utf8");

  async function inBucket(): Promise<string> {
    const { s3 } = bench.clients;
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const files = unzipSync((await found.Body?.transformToByteArray()) ?? new Uint8Array());
    assert.deepEqual(Object.keys(files), ["Pulumi.staging.yaml"]);
    return strFromU8(files["Pulumi.staging.yaml"]);
  }

  /** Ada has pushed, and Ben has pulled into a project without the file. */
  async function shared(): Promise<void> {
    const pushed = await config(ada, "push", "staging", "--yes");
    assert.equal(pushed.code, 0, pushed.stderr);
    const pulled = await config(ben, "pull", "staging", "--bucket", bucket);
    assert.equal(pulled.code, 0, pulled.stderr);
  }

  it("push puts the file there, byte for byte, and pull fetches it where there is none", async () => {
    const asked = await config(ada, "push", "staging");
    assert.equal(asked.code, 1);
    assert.match(
      asked.stderr,
      /goes to s3:\/\/acme-config\/config\/shop\/staging\.zip, which has none yet/,
    );
    assert.match(asked.stderr, /take it once pulumi up --stack staging has run/);
    assert.match(asked.stderr, /give --yes/);
    await assert.rejects(inBucket(), { name: "NoSuchKey" });

    await shared();
    assert.equal(await inBucket(), fileOf(256));
    assert.equal(text(ben), fileOf(256));
    const again = await config(ada, "push", "staging", "--yes");
    assert.match(
      again.stdout,
      /has this very file: version \S+, which arn:aws:\S+ put there .* ago\)/,
    );
  });

  it("push says what differs, and pull brings it over a file that was not changed here", async () => {
    await shared();
    ada.lay("Pulumi.staging.yaml", fileOf(512));
    const pushed = await config(ada, "push", "staging", "--yes");
    assert.equal(pushed.code, 0, pushed.stderr);
    assert.match(pushed.stderr, /in place of what arn:aws:\S+ put there .* ago\):\nSETTING/);
    assert.match(pushed.stderr, /^gantry:services\.web\.cpu +256 +512$/m);
    assert.match(pushed.stderr, /The next execution of shop--staging takes it/);

    const file = join(ben.folder, "Pulumi.staging.yaml");
    chmodSync(file, 0o600);
    const pulled = await config(ben, "pull");
    assert.equal(pulled.code, 0, pulled.stderr);
    assert.match(pulled.stderr, /^gantry:services\.web\.cpu +512 +256$/m);
    assert.equal(text(ben), fileOf(512));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(ben.folder).sort(), [
      ".gantry",
      "Pulumi.staging.yaml",
      "Pulumi.yaml",
    ]);
  });

  it("the second of two who push is told who was first, and overwrites nothing", async () => {
    await shared();
    ada.lay("Pulumi.staging.yaml", fileOf(512));
    ben.lay("Pulumi.staging.yaml", fileOf(1024));
    assert.equal((await config(ada, "push", "--yes")).code, 0);

    const late = await config(ben, "push", "--yes");
    assert.equal(late.code, 1);
    assert.match(
      late.stderr,
      /newer Pulumi\.staging\.yaml than was pulled here: what arn:aws:\S+ put there/,
    );
    assert.match(late.stderr, /gantry config pull --stack staging/);
    assert.equal(await inBucket(), fileOf(512));

    const refused = await config(ben, "pull");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /was changed and not pushed\. That is lost/);
    assert.equal(text(ben), fileOf(1024));
    assert.equal((await config(ben, "pull", "--yes")).code, 0);
    assert.equal(text(ben), fileOf(512));
    ben.lay("Pulumi.staging.yaml", fileOf(1024));
    assert.equal((await config(ben, "push", "--yes")).code, 0);
    assert.equal(await inBucket(), fileOf(1024));
  });

  it("of two who push in the same moment one is told, whoever looked first", async () => {
    await shared();
    const reader = { now: new Date(), timezone: "Etc/UTC" };
    const planned = await Promise.all(
      [ada, ben].map(async (person, index) => {
        person.lay("Pulumi.staging.yaml", fileOf(512 * (index + 1)));
        const place = await placeOfConfig({ folder: person.folder, stack: "staging" }, {});
        return { place, plan: await planPush(bench.clients, place, reader) };
      }),
    );
    const pushes = await Promise.allSettled(
      planned.map(({ place, plan }) => push(bench.clients, place, plan, reader)),
    );
    const refused = pushes.findIndex(({ status }) => status === "rejected");
    assert.match(
      String((pushes[refused] as PromiseRejectedResult).reason),
      /newer Pulumi\.staging\.yaml than was pulled here/,
    );
    assert.equal(await inBucket(), fileOf(512 * (2 - refused)));
    // Its answer was lost, and the request repeated: what is there is its own.
    const { place, plan } = planned[1 - refused];
    assert.ok(await push(bench.clients, place, plan, reader));
    assert.equal(pushes.filter(({ status }) => status === "rejected").length, 1);
  });

  it("who has the file and never pulled overwrites nothing, either", async () => {
    await shared();
    rmSync(join(ben.folder, ".gantry"), { recursive: true });
    ben.lay("Pulumi.staging.yaml", fileOf(1024));
    assert.equal((await config(ben, "push", "--yes")).code, 1);
    assert.equal(await inBucket(), fileOf(256));
  });

  it("pull fetches an earlier version, which can be pushed anew", async () => {
    await shared();
    const first = /version (\S+)/.exec((await config(ada, "push", "--yes")).stdout)?.[1] ?? "";
    ada.lay("Pulumi.staging.yaml", fileOf(512));
    assert.equal((await config(ada, "push", "--yes")).code, 0);
    const pulled = await config(ada, "pull", "--version-id", first.replace(/,$/, ""));
    assert.equal(pulled.code, 0, pulled.stderr);
    assert.equal(text(ada), fileOf(256));
    assert.equal((await config(ada, "push", "--yes")).code, 0);
    assert.equal(await inBucket(), fileOf(256));
    const none = await config(ada, "pull", "--version-id", "none-such");
    assert.equal(none.code, 1);
    assert.match(none.stderr, /has no version none-such/);
  });

  it("who puts things back by an old file is told so before, also without a right to ask", async () => {
    await shared();
    ada.lay("Pulumi.staging.yaml", fileOf(512));
    assert.equal((await config(ada, "push", "--yes")).code, 0);
    const { names } = await readTarget(ben.folder, "staging", {});
    await writePointer(bench.clients.ssm, names, releaseNumber(1));
    const restore = (person: Project) => act(person, "restore", "staging");
    const old = await restore(ben);
    assert.equal(old.code, 1);
    assert.match(old.stderr, /Pulumi\.staging\.yaml here is older than the bucket's.*arn:aws:/);
    assert.match(old.stderr, /gantry config pull --stack staging, and this again\n.*give --yes/);
    assert.doesNotMatch((await restore(ada)).stderr, /older|known/);

    const denied = { code: "AccessDenied", message: "Access Denied", status: 403 };
    await bench.emulator.control("errors", { action: "s3:HeadObject", count: null, ...denied });
    const unasked = await restore(ada);
    await bench.emulator.control("errors", { action: "s3:HeadObject", count: 0 });
    assert.match(
      unasked.stderr,
      /is not known, since acme-config cannot be asked: these credentials .*s3:GetObject/,
    );
    assert.match(unasked.stderr, /give --yes/);
  });

  it("push refuses what nobody would take, and a bucket that keeps no versions", async () => {
    for (const [file, refusal] of [
      [fileOf(255), /web\.cpu \(line 6\)/],
      [fileOf(256, ""), /takes Pulumi\.staging\.yaml from its source[^]*config: \{ bucket: /],
    ] as const) {
      ada.lay("Pulumi.staging.yaml", file);
      const answer = await config(ada, "push", "--yes", "--bucket", bucket);
      assert.equal(answer.code, 1);
      assert.match(answer.stderr, refusal);
    }
    ada.lay("Pulumi.staging.yaml", fileOf(256));
    await keepVersions("Suspended");
    const { stderr } = await config(ada, "push", "--yes");
    assert.match(stderr, /does not keep versions.*put-bucket-versioning/);
    await assert.rejects(inBucket(), { name: "NoSuchKey" });
  });

  it("pull says what is not there, or was put there by others", async () => {
    const pull = (stack: string, from: string) => config(ben, "pull", stack, "--bucket", from);
    assert.equal((await config(ada, "push", "--yes")).code, 0);
    const none = await pull("stagign", bucket);
    assert.match(none.stderr, /config\/shop\/stagign\.zip is not there: nobody has pushed/);
    assert.match(none.stderr, /The bucket has staging\. Is staging meant\?/);
    assert.match((await pull("staging", "acme-none")).stderr, /there is no bucket acme-none/);
    const { s3 } = bench.clients;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: fileOf(256) }));
    assert.match((await pull("staging", bucket)).stderr, /is not what gantry config push makes/);
    assert.ok(!existsSync(join(ben.folder, "Pulumi.staging.yaml")));
  });
});
