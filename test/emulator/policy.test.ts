import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { makeClients } from "../../delivery/clients";
import { PulumiEngine } from "../../delivery/engine";
import type { EngineError } from "../../delivery/engine/failure";
import { run } from "../../rehearsal/engine/run";
import { aTarget } from "../delivery/support/aTarget";
import { startBench, type Bench } from "./support";

const root = resolve(__dirname, "../..");

/** Somebody's program, which knows nothing of Gantry. */
const program = `
const aws = require("@pulumi/aws");
const config = new (require("@pulumi/pulumi").Config)("shop");

const queue = new aws.sqs.Queue("orders", { sqsManagedSseEnabled: config.getBoolean("encrypted") ?? true });
if (config.getBoolean("published")) {
  new aws.sqs.QueuePolicy("orders-policy", {
    queueUrl: queue.url,
    policy: queue.arn.apply((Resource) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource }],
      }),
    ),
  });
}
if (config.getBoolean("bucket")) new aws.s3.Bucket("assets");
`;

describe("the policy pack in the real engine", function () {
  let bench: Bench;
  let folder: string;

  before(async () => {
    bench = await startBench();
    folder = mkdtempSync(join(tmpdir(), "gantry-policy-"));
    mkdirSync(join(folder, "state"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{ "name": "shop", "private": true }');
    const options = "{ name: nodejs, options: { typescript: false } }";
    writeFileSync(join(folder, "Pulumi.yaml"), `name: shop\nruntime: ${options}\n`);
    writeFileSync(join(folder, "index.js"), program);
    const { code, said } = await pulumi("stack", "init", "staging");
    assert.equal(code, 0, said);
  });

  after(async () => {
    await bench?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function pulumi(...args: readonly string[]) {
    const { code, stdout, stderr } = await run(
      bench.engine.pulumi,
      [...args, "--non-interactive"],
      {
        cwd: folder,
        env: {
          ...process.env,
          ...bench.workspace.env,
          PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        },
      },
    );
    return { code, said: stdout + stderr };
  }

  /** Runs an operation with the pack, on the program with this config. */
  function judged(operation: readonly string[], given: readonly string[], settings?: object) {
    const file = config(given, settings);
    const pack = ["--policy-pack", join(root, "policy"), "--policy-pack-config", file];
    return pulumi(...operation, "--stack", "staging", ...pack);
  }

  function config(given: readonly string[], settings: object = {}): string {
    const file = join(folder, "policy.json");
    writeFileSync(file, JSON.stringify(settings));
    const lines = ["aws:skipMetadataApiCheck", "aws:s3UsePathStyle", ...given];
    const values = lines.map(
      (name) => `  ${name.includes("=") ? name.replace("=", ": ") : `${name}: true`}`,
    );
    writeFileSync(join(folder, "Pulumi.staging.yaml"), `config:\n${values.join("\n")}\n`);
    return file;
  }

  it("refuses a preview: it names the rule, the resource, the reason and the fix", async () => {
    const { code, said } = await judged(["preview"], ["shop:encrypted=false", "shop:bucket"]);
    assert.notEqual(code, 0, said);
    assert.match(said, /\[mandatory\].*sqs-encrypted +\(aws:sqs\/queue:Queue: orders\)/);
    assert.match(said, /Messages lie on disks until somebody takes them\./);
    assert.match(said, /messages are not encrypted\. Fix: leave sqsManagedSseEnabled out/);
    // By what is not in the stack.
    assert.match(said, /\[mandatory\].*s3-tls-only +\(aws:s3\/bucket:Bucket: assets\)/);
    assert.match(said, /\[advisory\].*sqs-dead-letters +\(aws:sqs\/queue:Queue: orders\)/);
  });

  it("lets pass what has advisory faults alone", async () => {
    const { code, said } = await judged(["preview"], ["shop:published"]);
    assert.equal(code, 0, said);
    assert.match(said, /\[advisory\].*sqs-dead-letters/);
    assert.doesNotMatch(said, /can't run policy/);
  });

  it("judges what no preview knows in the update, before it is made", async () => {
    const { code, said } = await judged(["up", "--yes", "--skip-preview"], ["shop:published"]);
    assert.notEqual(code, 0, said);
    assert.match(said, /\[mandatory\].*policy-for-anybody/);
    assert.match(said, /everybody may do sqs:SendMessage/);
    const { said: state } = await pulumi("stack", "export", "--stack", "staging");
    assert.match(state, /aws:sqs\/queue:Queue::orders/);
    assert.doesNotMatch(state, /aws:sqs\/queuePolicy:QueuePolicy/);
  });

  it("judges the previews of the command, which tell its advice", async () => {
    const own = { PULUMI_BACKEND_URL: `file://${join(folder, "state")}` };
    const { env } = process;
    process.env = { ...env, ...bench.workspace.env, ...own };
    process.env.PATH = [dirname(bench.engine.pulumi), env.PATH].join(delimiter);
    try {
      const target = { ...aTarget({ services: { web: {} } }, folder), root: folder };
      const { s3 } = makeClients("eu-west-1");
      const engine = new PulumiEngine(target, () => Promise.resolve(undefined), s3);
      const advice: string[] = [];
      const pack = { folder: join(root, "policy"), settings: join(folder, "policy.json") };
      const policy = { pack: () => pack, advice: (line: string) => advice.push(line) };
      const preview = () => engine.preview({ release: undefined, policy });
      config([]);
      await preview();
      assert.match(advice.join("\n"), /^policy sqs-dead-letters \(orders\): .* Fix: \S+/m);
      config(["shop:encrypted=false"]);
      await assert.rejects(preview(), ({ details }: EngineError) => {
        assert.match(details.join("\n"), /^policy sqs-encrypted \(orders\): .* Fix: leave/m);
        return true;
      });
    } finally {
      process.env = env;
    }
  });

  it("takes exceptions with a reason, and tells them", async () => {
    const because = "it holds what everybody may read";
    const exceptions = [{ rule: "sqs-encrypted", resource: "orders", because }];
    const settings = { settings: { exceptions } };
    const { code, said } = await judged(["preview"], ["shop:encrypted=false"], settings);
    assert.equal(code, 0, said);
    assert.match(said, /accepted: sqs-encrypted, because it holds what everybody may read/);
  });

  it("takes levels as Pulumi has them", async () => {
    const levels = { "sqs-dead-letters": "mandatory" };
    const { code, said } = await judged(["preview"], [], levels);
    assert.notEqual(code, 0, said);
    assert.match(said, /\[mandatory\].*sqs-dead-letters/);
  });

  it("refuses settings that it does not know", async () => {
    const exceptions = [{ rule: "sqs-encripted", resource: "orders", because: "a typo" }];
    const { code, said } = await judged(["preview"], [], { settings: { exceptions } });
    assert.notEqual(code, 0, said);
    assert.match(said, /exceptions\.0\.rule/);
  });
});
