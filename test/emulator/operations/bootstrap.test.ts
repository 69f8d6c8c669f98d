import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateAliasCommand, CreateKeyCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { tryRun } from "../../../delivery/run";
import { readTarget } from "../../../delivery/target";
import { look, make, stepsOf, type BootstrapArgs } from "../../../operations/bootstrap/bootstrap";
import { makeBootstrapClients } from "../../../operations/bootstrap/clients";
import { awaitConnection } from "../../../operations/bootstrap/connection";
import { emulatorEnvironment } from "../../../rehearsal/emulator";
import { ensureEngine } from "../../../rehearsal/engine";
import { FakeClock } from "../delivery/fakeClock";
import { account, region, type DeliveryBench } from "../delivery/support";
import { openAccount, there } from "../delivery/twoAccounts";
import { useBench } from "../delivery/useBench";

const bucket = `shop--state-${account}-${region}`;
const url = `s3://${bucket}?region=${region}`;
const provider = `awskms://alias/shop--staging--pulumi?region=${region}`;
const policyOfTeam = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${bucket}/*`,
    },
  ],
});

describe("gantry bootstrap on the emulator", () => {
  let bench: DeliveryBench;
  let env: NodeJS.ProcessEnv;
  let folders: string[];

  useBench((started) => (bench = started));

  before(async () => {
    const engine = await ensureEngine();
    env = { ...emulatorEnvironment(bench.emulator), ...engine.env };
  });

  beforeEach(() => (folders = []));
  afterEach(() => folders.forEach((one) => rmSync(one, { recursive: true, force: true })));

  const keys = { accessKeyId: "test", secretAccessKey: "test" };
  const clients = () => makeBootstrapClients(region, keys, bench.emulator.url);

  function project(): string {
    const folder = mkdtempSync(join(tmpdir(), "gantry-bootstrap-"));
    folders.push(folder);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop # ours\nruntime: nodejs\n");
    writeFileSync(
      join(folder, "Pulumi.staging.yaml"),
      `config:\n  aws:region: ${region}\n  gantry:services: { web: { build: app, port: 3000 } }\n`,
    );
    return folder;
  }

  async function argsOf(folder: string, more: Partial<BootstrapArgs> = {}): Promise<BootstrapArgs> {
    const target = await readTarget(folder, "staging");
    const clock = new FakeClock();
    return { target, clients: clients(), clock, connects: false, env, ...more };
  }

  async function bootstrap(folder: string, more: Partial<BootstrapArgs> = {}) {
    const args = await argsOf(folder, more);
    const looked = await look(args);
    const made = await make(args, looked, () => undefined);
    return { ...looked, made };
  }

  const told = (items: Awaited<ReturnType<typeof bootstrap>>["items"], wanted: string) =>
    items.filter(({ status }) => status === wanted).map(({ what }) => what);

  const read = (folder: string, file: string) => readFileSync(join(folder, file), "utf8");

  async function changes(run: () => Promise<unknown>): Promise<string[]> {
    const calls = Object.keys(await bench.callsOf(run));
    return calls.filter((call) => !/:(Get|Head|List|Describe)/.test(call));
  }

  it("makes everything out of nothing, so that pulumi works, and a second time nothing", async () => {
    const folder = project();
    const { made } = await bootstrap(folder);
    assert.deepEqual(made.written, ["Pulumi.yaml", "Pulumi.staging.yaml"]);
    assert.match(made.keyArn ?? "", /^arn:aws:kms:eu-west-1:123456789012:key\//);
    assert.equal(
      read(folder, "Pulumi.yaml"),
      `name: shop # ours\nruntime: nodejs\nbackend:\n  url: ${url}\n`,
    );
    assert.ok(read(folder, "Pulumi.staging.yaml").includes(`secretsprovider: ${provider}\n`));
    const s3 = clients().s3(region);
    const { ServerSideEncryptionConfiguration: encryption } = await s3.send(
      new GetBucketEncryptionCommand({ Bucket: bucket }),
    );
    assert.deepEqual(encryption?.Rules?.[0], {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" },
      BucketKeyEnabled: true,
    });
    const { PublicAccessBlockConfiguration: closed } = await s3.send(
      new GetPublicAccessBlockCommand({ Bucket: bucket }),
    );
    assert.deepEqual(new Set(Object.values(closed ?? {})), new Set([true]));

    // By Pulumi.yaml alone, and with no passphrase.
    const pulumi = (...args: string[]) =>
      tryRun("pulumi", [...args, "--stack", "staging", "--non-interactive"], { cwd: folder, env });
    const set = await pulumi("config", "set", "--secret", "token", "planted");
    assert.equal(set.code, 0, set.output);
    assert.equal((await pulumi("config", "get", "token")).stdout.trim(), "planted");
    assert.doesNotMatch(read(folder, "Pulumi.staging.yaml"), /planted/);

    const before = read(folder, "Pulumi.staging.yaml");
    assert.deepEqual(
      await changes(async () => {
        const { items } = await bootstrap(folder);
        assert.deepEqual([...new Set(items.map(({ status }) => status))], ["there"]);
      }),
      [],
    );
    assert.equal(read(folder, "Pulumi.staging.yaml"), before);
  });

  it("goes on where a run was killed: with its bucket, its key and its stack", async () => {
    const folder = project();
    await bench.emulator.control("errors", {
      ...{ action: "s3:PutBucketEncryption", count: 1, status: 403 },
      ...{ code: "AccessDenied", message: "no" },
    });
    await assert.rejects(
      bootstrap(folder),
      /s3:PutEncryptionConfiguration on shop--state-.* is missing/,
    );
    await bench.emulator.control("errors", {
      ...{ action: "kms:CreateAlias", count: 1, status: 400 },
      ...{ code: "AccessDeniedException", message: "no" },
    });
    await assert.rejects(
      bootstrap(folder),
      /the right kms:CreateAlias on alias\/shop--staging--pulumi/,
    );
    const again = await bootstrap(folder);
    assert.deepEqual(told(again.items, "there"), [
      `bucket ${bucket}, for the state: closed to the public, keeps versions, encrypts by KMS, talks TLS alone, lets older versions go after 90 days`,
    ]);
    const { Keys = [] } = await clients().kms.send(new ListKeysCommand({}));
    assert.deepEqual(
      Keys.map(({ KeyArn }) => KeyArn),
      [again.made.keyArn],
    );
    // The stack is there, and its file has not got what opens it.
    const whole = read(folder, "Pulumi.staging.yaml");
    const cut = whole.replace(/^(secretsprovider|encryptedkey).*\n/gm, "");
    writeFileSync(join(folder, "Pulumi.staging.yaml"), cut);
    const { items } = await bootstrap(folder);
    assert.deepEqual(told(items, "make"), [
      "secrets provider in Pulumi.staging.yaml, as the state has it",
    ]);
    assert.equal(read(folder, "Pulumi.staging.yaml"), whole);
  });

  it("leaves alone what somebody has set otherwise, and says how to mend it", async () => {
    const { kms, s3 } = clients();
    const at = { Bucket: bucket };
    await s3(region).send(
      new CreateBucketCommand({
        ...at,
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
    await s3(region).send(
      new PutBucketVersioningCommand({ ...at, VersioningConfiguration: { Status: "Suspended" } }),
    );
    await s3(region).send(new PutBucketPolicyCommand({ ...at, Policy: policyOfTeam }));
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    await kms.send(
      new CreateAliasCommand({
        AliasName: "alias/shop--staging--pulumi",
        TargetKeyId: KeyMetadata?.KeyId,
      }),
    );
    const folder = project();
    const set = await changes(async () => {
      const { items, made } = await bootstrap(folder);
      assert.equal(made.keyArn, KeyMetadata?.Arn);
      const differs = items.filter(({ status }) => status === "differs");
      assert.deepEqual(
        differs.map(({ fix }) => fix?.join().replace(/ --region.*/, "")),
        ["aws s3api put-bucket-versioning", differs[1].fix?.join(), "aws kms enable-key-rotation"],
      );
      assert.match(differs[1].fix?.join() ?? "", /^add to its policy: .*SecureTransport/);
    });
    const ofBucket = set.filter((call) => /Bucket|Lifecycle|PublicAccess|Key/.test(call));
    assert.deepEqual(ofBucket.sort(), [
      "s3:PutBucketEncryption",
      "s3:PutBucketLifecycleConfiguration",
      "s3:PutPublicAccessBlock",
    ]);
  });

  it("refuses a bucket of another account, before anything is created", async () => {
    const theirs = await openAccount(bench.emulator, there);
    await theirs.clients.s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
    const folder = project();
    assert.deepEqual(
      await changes(() =>
        assert.rejects(bootstrap(folder), /is another account's.*Nothing was created/),
      ),
      [],
    );
  });

  it("makes a connection once, and waits until a person has confirmed it", async () => {
    const folder = project();
    const { made } = await bootstrap(folder, { connects: true });
    const arn = made.connectionArn ?? "";
    const again = await bootstrap(folder, { connects: true });
    assert.deepEqual(told(again.items, "yours"), [
      `connection ${arn} waits until somebody confirms it`,
    ]);
    const clock = new FakeClock();
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if (clock.slept < 120) return;
      await bench.emulator.control("connections", { arn, status: "AVAILABLE" });
    };
    const lines: string[] = [];
    const client = clients().connections;
    await awaitConnection({ client, arn, clock, tell: (line) => lines.push(line) });
    assert.deepEqual(lines, ["the connection still waits for you (1 min)"]);
    const { items } = await bootstrap(folder, { connects: true });
    assert.deepEqual([...new Set(items.map(({ status }) => status))], ["there"]);
  });

  it("makes nothing for a Pulumi service", async () => {
    const args = await argsOf(project(), { backend: "pulumi" });
    assert.deepEqual(
      await changes(async () => {
        const { items } = await look(args);
        assert.deepEqual(stepsOf(items), []);
      }),
      [],
    );
  });
});
