import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readTarget } from "../../delivery/target";
import { pipelineConfig } from "../../rehearsal/pipelineConfig";
import { stateBucket } from "../../rehearsal/stateBucket";
import { configValue, emulatorOverrides, overriddenStackFile } from "../../rehearsal/stackFile";

const project = resolve(__dirname, "../..");
const connectionArn =
  "arn:aws:codeconnections:eu-west-1:123456789012:connection/1a2b3c4d-0000-4000-8000-000000000000";

describe("the pipelines of a rehearsal", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-pipelines-"));
    writeFileSync(join(folder, "Pulumi.yaml"), readFileSync(join(project, "Pulumi.yaml")));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The stack's config as delivery reads it: the project's own file, with what a rehearsal replaces. */
  async function configOf(name: "staging" | "production", more = "", said = "relaxed: {") {
    const file = `Pulumi.${name}.yaml`;
    const own = readFileSync(join(project, file), "utf8").replace("relaxed: {", said) + more;
    const parts = { product: "shop", connectionArn, own: configValue(own, "gantry:pipeline") };
    const replaced = { ...emulatorOverrides, ...pipelineConfig(name, parts) };
    writeFileSync(join(folder, file), overriddenStackFile(own, replaced));
    return (await readTarget(folder, name)).config;
  }

  it("are valid: staging follows a repository and promotes, production approves", async () => {
    const staging = (await configOf("staging")).pipeline;
    assert.equal(staging?.source?.type, "github");
    assert.deepEqual(staging?.promoteTo?.stack, "production");
    assert.ok(!staging?.approval);
    const production = (await configOf("production")).pipeline;
    assert.equal(production?.source, undefined);
    assert.ok(production?.approval);
  });

  it("have their state in a bucket, and its passphrase in a secret of the stack's own", async () => {
    for (const name of ["staging", "production"] as const) {
      const state = (await configOf(name)).pipeline?.state;
      assert.match(state?.backendUrl ?? "", /^s3:/);
      assert.equal(state?.passphraseSecret, `gantry/shop/${name}/passphrase`);
    }
  });

  it("leave the services exactly as the stack files have them", async () => {
    for (const name of ["staging", "production"] as const) {
      const { services } = await configOf(name);
      writeFileSync(
        join(folder, `Pulumi.${name}.yaml`),
        readFileSync(join(project, `Pulumi.${name}.yaml`)),
      );
      assert.deepEqual(services, (await readTarget(folder, name)).config.services);
    }
  });

  const real = [
    "  gantry:pipeline:",
    "    source: { type: github, repository: acme/real, branch: release, filePaths: [app/**],",
    `      connectionArn: "${connectionArn.replace("1a2b", "9999")}" }`,
    '    promoteTo: { stack: production, account: "210987654321", region: us-east-1 }',
    "    state: { backendUrl: s3://real, passphraseSecret: gantry/real }",
    "    deploy: ecs",
    "",
  ].join("\n");

  it("are the stack files' own, without what is elsewhere: source, account and state", async () => {
    const { pipeline } = await configOf("staging", real);
    assert.ok(pipeline?.source?.type === "github");
    const { repository, branch, filePaths } = pipeline.source;
    assert.deepEqual([repository, branch, filePaths], ["acme/real", "main", ["app/**"]]);
    assert.equal(pipeline.source.connectionArn, connectionArn);
    assert.deepEqual(
      [pipeline.promoteTo?.account, pipeline.promoteTo?.region, pipeline.deploy],
      [undefined, undefined, "ecs"],
    );
    assert.match(pipeline.state.backendUrl, /^s3:\/\/(?!real)/);
  });

  it("take a stack's file from the rehearsal's own bucket, where it is kept in one", async () => {
    const kept = real.replace(
      "deploy: ecs",
      `config: { bucket: acme-real, keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" }`,
    );
    assert.deepEqual((await configOf("staging", kept)).pipeline?.config, { bucket: stateBucket });
    const production = "  gantry:pipeline: { config: { bucket: acme-real } }\n";
    const { pipeline } = await configOf("production", production);
    assert.deepEqual(pipeline?.config, { bucket: stateBucket });
    assert.equal((await configOf("staging", real)).pipeline?.config, undefined);
  });

  it("have a repository in place of another kind of source", async () => {
    const codecommit = "  gantry:pipeline:\n    source: { type: codecommit, repository: real }\n";
    const { pipeline } = await configOf("staging", codecommit);
    assert.ok(pipeline?.source?.type === "github");
  });

  it("of production are promoted into from this account, and ask as its file says", async () => {
    const own =
      '  gantry:pipeline:\n    approval: false\n    promoteFrom: { stack: staging, account: "210987654321" }\n';
    const said = 'relaxed: { pipeline.approval: "one person, who is us",';
    const { pipeline } = await configOf("production", own, said);
    assert.equal(pipeline?.approval, false);
    assert.equal(pipeline?.promoteFrom.account, undefined);
  });
});
