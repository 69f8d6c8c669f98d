import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { Ledger } from "../../../delivery/ledger";
import { writePointer } from "../../../delivery/pointer";
import type { Target } from "../../../delivery/target";
import { stackFile } from "../../cli/support";
import { createLedgerTable } from "../../support/ledgerTable";
import { releaseOf, seedService, targetOf, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

/**
 * A `pulumi` with a state of its own, whose events are those of 3.245: what is retained leaves the state, what was read is discarded, and
 * what is protected fails the preview, which goes on. It is of a version that tells its events by a file.
 */
const fake = `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2);
const file = join(__dirname, "state.json");
if (args[0] === "version") { console.log("v3.200.0"); process.exit(0); }
if (args[0] !== "destroy") { if (args.includes("--json")) console.log("[]"); process.exit(0); }
const events = args[args.indexOf("--event-log") + 1];
const tell = (event) => appendFileSync(events, JSON.stringify({ sequence: 0, timestamp: 0, ...event }) + "\\n");
const state = JSON.parse(readFileSync(file, "utf8"));
const previews = args.includes("--preview-only");
appendFileSync(join(__dirname, "calls"), (previews ? "preview" : "destroy") + "\\n");
let failed = false;
for (const old of [...state]) {
  const { type, name } = old;
  const urn = "urn:pulumi:staging::shop::" + type + "::" + name;
  const metadata = { op: old.external ? "discard" : "delete", urn, type, old: { ...old, urn, parent: "", outputs: {} } };
  tell({ resourcePreEvent: { metadata } });
  const fault = old.protect ? 'resource "' + name + '" cannot be deleted because it is protected' : previews ? undefined : old.fault;
  if (fault) {
    failed = true;
    tell({ diagnosticEvent: { urn, severity: "error", message: fault, color: "never" } });
    continue;
  }
  tell({ resOutputsEvent: { metadata } });
  if (!previews) state.splice(state.indexOf(old), 1);
}
tell({ summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges: {}, policyPacks: {} } });
writeFileSync(file, JSON.stringify(state));
process.on("SIGINT", () => {
  appendFileSync(join(__dirname, "calls"), "interrupted\\n");
  console.error("error: update canceled");
  process.exit(255);
});
// The reader looks at the file five times a second.
setTimeout(() => {
  if (failed) console.error("error: " + (previews ? "preview" : "update") + " failed");
  process.exit(failed ? 255 : 0);
}, !previews && process.env.FAKE_IS_SLOW ? 60_000 : 500);
`;

const custom = { custom: true, inputs: {} };
const component = { type: "gantry:index:Protection", name: "shop", custom: false, inputs: {} };
const service = { ...custom, type: "aws:ecs/service:Service", name: "web", id: "arn:web" };
const logs = { ...custom, type: "aws:cloudwatch/logGroup:LogGroup", name: "web-logs", id: "/web" };
const read = { ...custom, type: "aws:ec2/vpc:Vpc", name: "company", id: "vpc-1", external: true };
const key = {
  ...{ ...custom, type: "aws:kms/key:Key", name: "key", id: "1234-abcd", retainOnDelete: true },
};
const keyPolicy = { ...key, type: "aws:kms/keyPolicy:KeyPolicy", name: "keyPolicy" };
const database = {
  ...{ ...custom, type: "aws:rds/instance:Instance", name: "main", id: "db-1" },
  inputs: { skipFinalSnapshot: false, finalSnapshotIdentifier: "shop-staging-main-final" },
};
const bucket = {
  ...{ ...custom, type: "aws:s3/bucket:Bucket", name: "uploads", id: "acme-uploads" },
  inputs: { forceDestroy: false },
};

describe("gantry teardown, on the emulator", function () {
  this.timeout(120_000);
  let bench: DeliveryBench;
  let target: Target;
  let person: Person;
  let env: Record<string, string>;

  useBench((started) => (bench = started));

  before(() => {
    target = targetOf();
    person = personAt(bench, { web: {} });
    chmodSync(person.project.lay("bin/pulumi", fake), 0o755);
    const { folder } = person.project;
    env = {
      PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    };
  });

  beforeEach(() => person.project.lay("bin/calls", ""));

  after(() => person.project.remove());

  const teardown = (...args: string[]) => personWith(env).gantry("teardown", ...args);
  const personWith = (more: Record<string, string>): Person => {
    Object.assign(person.env, more);
    return person;
  };
  const stateIs = (...resources: object[]) =>
    person.project.lay("bin/state.json", JSON.stringify(resources));
  const state = () =>
    JSON.parse(readFileSync(join(person.project.folder, "bin/state.json"), "utf8")) as object[];
  const calls = () =>
    readFileSync(join(person.project.folder, "bin/calls"), "utf8").trim().split("\n");

  it("says what goes, what is lost and what stays, and destroys", async () => {
    stateIs(
      component,
      service,
      logs,
      { ...logs, name: "jobs-logs" },
      database,
      bucket,
      key,
      keyPolicy,
      read,
    );
    const { image } = await seedService(bench, target, "aaaaaaaa");
    await createLedgerTable(bench.clients, target);
    await writePointer(bench.clients.ssm, target.names, releaseOf({ web: image }));
    const { code, stdout, stderr } = await teardown("--confirm", "staging");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^staging is destroyed: 5 resources deleted in \d+ s\n$/);
    const left = [
      "What stays in AWS, and may cost:",
      "  aws:kms:Key key (1234-abcd)",
      "  final snapshot shop-staging-main-final of aws:rds:Instance main",
      "  the release pointer /gantry/shop/staging/release; an environment that comes back asks for its end first: " +
        "aws ssm delete-parameter --name /gantry/shop/staging/release --region eu-west-1",
    ];
    assert.deepEqual(stderr.trim().split("\n"), [
      "staging of shop, in account 123456789012, eu-west-1: 5 resources will be deleted, and nothing brings them back.",
      "  its tasks stop: web",
      "  its logs are lost: web-logs, jobs-logs",
      "  of its databases a final snapshot stays, and nothing else: main",
      "  S3 refuses that while there is an object or a version in it: uploads",
      ...left,
      "deleted gantry:index:Protection shop",
      "deleted aws:ecs:Service web",
      "deleted aws:cloudwatch:LogGroup web-logs",
      "deleted aws:cloudwatch:LogGroup jobs-logs",
      "deleted aws:rds:Instance main",
      "deleted aws:s3:Bucket uploads",
      "left in AWS, and forgot, aws:kms:Key key",
      "left in AWS, and forgot, aws:kms:KeyPolicy keyPolicy",
      ...left,
      "Pulumi still knows the empty stack, with its history: pulumi stack rm staging --preserve-config; without that word Pulumi.staging.yaml goes as well",
    ]);
    assert.deepEqual(calls(), ["preview", "destroy"]);

    const again = await teardown("--confirm", "staging");
    assert.deepEqual(
      [again.code, again.stdout],
      [0, "staging has nothing that could be destroyed: Pulumi's state of it is empty\n"],
      again.stderr,
    );
    assert.deepEqual(calls(), ["preview", "destroy", "preview"]);
  });

  it("goes on where AWS refused a part of it, and the history and the cluster are gone", async () => {
    stateIs(logs, { ...bucket, fault: "BucketNotEmpty: the bucket is not empty" });
    const { code, stdout, stderr } = await teardown("--confirm", "staging");
    assert.deepEqual([code, stdout], [1, ""], stderr);
    assert.match(stderr, /^gantry: pulumi destroy of staging failed$/m);
    assert.match(stderr, /^ {2}uploads: BucketNotEmpty: the bucket is not empty$/m);
    assert.match(stderr, /Run the same again, which goes on: gantry teardown --stack staging/);
    stateIs(...state().map((one) => ({ ...one, fault: undefined })));
    assert.match((await teardown("--confirm", "staging")).stdout, /1 resource deleted/);
  });

  it("waits for Pulumi's end where it is interrupted, and says how it goes on", async () => {
    stateIs(service);
    const begun = async () => {
      while (!calls().includes("destroy")) await new Promise((later) => setTimeout(later, 50));
    };
    const gantry = resolve(__dirname, "..", "..", "..", "cli", "gantry.js");
    const child = spawn(process.execPath, [gantry, "teardown", "--confirm", "staging"], {
      ...{ stdio: ["ignore", "ignore", "pipe"] },
      env: { ...process.env, ...person.env, ...env, FAKE_IS_SLOW: "1" },
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    const ended = new Promise((done) => child.once("close", (code, by) => done([code, by])));
    await Promise.race([begun(), ended]);
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [1, null], stderr);
    assert.deepEqual(calls(), ["preview", "destroy", "interrupted"]);
    assert.match(stderr, /^interrupted \(SIGTERM\): Pulumi ends what it has begun/m);
    assert.match(stderr, /update canceled[^]*Run the same again, which goes on/);
  });

  it("destroys nothing where the name is not typed, or is another", async () => {
    stateIs(service);
    for (const [args, refusal] of [
      [[], /nobody is here to type the stack's name: give --confirm staging/],
      [["--confirm", "production"], /--confirm says production, and the stack is staging/],
      [["--confirm", ""], /--confirm says nothing, and the stack is staging/],
    ] as const) {
      const { code, stderr } = await teardown(...args);
      assert.equal(code, 1);
      assert.match(stderr, refusal);
    }
    assert.deepEqual([state().length, calls()], [1, ["preview"]]);
  });

  it("refuses a protected environment, by config and by Pulumi's state", async () => {
    stateIs({ ...component, protect: true }, service);
    const stated = await teardown("--confirm", "staging");
    assert.equal(stated.code, 1);
    assert.match(stated.stderr, /Pulumi protects 1 resource of staging\. Nothing was deleted/);
    assert.match(stated.stderr, /^ {2}shop$/m);
    assert.deepEqual([state().length, calls()], [2, ["preview"]]);

    const file = person.project.lay("Pulumi.staging.yaml", stackFile({ web: {} }));
    const before = readFileSync(file, "utf8");
    person.project.lay("Pulumi.staging.yaml", `${before}  gantry:protection: true\n`);
    const configured = await teardown("--confirm", "staging");
    person.project.lay("Pulumi.staging.yaml", before);
    assert.equal(configured.code, 1);
    assert.match(
      configured.stderr,
      /staging is protected.*Pulumi\.staging\.yaml gantry:protection to false; then pulumi up/,
    );
    assert.deepEqual(calls(), ["preview"]);
  });

  it("refuses while a deployment or an update is under way", async () => {
    stateIs(service);
    const { image } = await seedService(bench, target, "aaaaaaaa");
    await createLedgerTable(bench.clients, target);
    const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
    const { dynamodb, ecs } = bench.clients;
    const ledger = new Ledger(dynamodb, target.names.ledger, clock, "staging");
    const release = releaseOf({ web: image });
    const begun = { kind: "deploy", release, owner: "execution-1", actor: "pipeline" } as const;
    const record = await ledger.begin(begun, await ledger.recent());
    const refused = async (refusal: RegExp) => {
      const { code, stderr } = await teardown("--confirm", "staging");
      assert.equal(code, 1, stderr);
      assert.match(stderr, refusal);
    };
    await refused(/staging is locked: deployment 1 .*held by pipeline, execution-1/);
    await ledger.end(record, { status: "deployed", seconds: 1 });

    const { cluster } = target.names;
    const ecsName = target.names.service("web");
    await bench.emulator.control("ecs/next-deployment", {
      ...{ cluster, service: ecsName, outcome: "staysInProgress" },
    });
    await ecs.send(
      new UpdateServiceCommand({ cluster, service: ecsName, forceNewDeployment: true }),
    );
    await refused(/a deployment is under way in staging that has no lock/);

    const lock = { pid: 1, username: "ada", hostname: "desk", timestamp: "2026-01-31T12:00:00Z" };
    const path = "backend/.pulumi/locks/organization/shop/staging/1.json";
    person.project.lay(path, JSON.stringify(lock));
    await refused(/Pulumi's state of staging is locked: taken by ada@desk/);
    assert.deepEqual(calls(), [""]);
  });
});
