import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readTarget } from "../../delivery/target";
import { pipelineConfig, type PipelineParts } from "../../local/pipelineConfig";
import { emulatorOverrides, overriddenStackFile } from "../../local/stackFile";

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
  async function configOf(name: "staging" | "production", parts: PipelineParts, more = "") {
    const file = `Pulumi.${name}.yaml`;
    const own = readFileSync(join(project, file), "utf8") + more;
    const replaced = { ...emulatorOverrides, ...pipelineConfig(name, parts) };
    writeFileSync(join(folder, file), overriddenStackFile(own, replaced));
    return (await readTarget(folder, name)).config;
  }

  it("are valid: staging follows a repository and promotes, production approves", async () => {
    const staging = (await configOf("staging", { connectionArn })).pipeline;
    assert.equal(staging?.source?.type, "github");
    assert.deepEqual(staging?.promoteTo?.stack, "production");
    assert.ok(!staging?.approval);
    const production = (await configOf("production", { connectionArn })).pipeline;
    assert.equal(production?.source, undefined);
    assert.ok(production?.approval);
  });

  it("are these whatever the stack files say of theirs: no real connection is used", async () => {
    const real =
      "  gantry:pipeline:\n    source: { type: codecommit, repository: real }\n    deploy: ecs\n";
    const { pipeline } = await configOf("staging", { connectionArn }, real);
    assert.ok(pipeline?.source?.type === "github");
    assert.equal(pipeline.source.connectionArn, connectionArn);
    assert.notEqual(pipeline.deploy, "ecs");
  });

  it("build as this machine can, and leave the services as they are otherwise", async () => {
    const buildArgs = { NODE_IMAGE: "127.0.0.1:5000/mirror/node:20", PREBUILT: "true" };
    const web = (await configOf("staging", { connectionArn, buildArgs, test: "npm test" })).services
      .web;
    assert.ok(web.kind === "web");
    assert.deepEqual(web.buildArgs, buildArgs);
    assert.equal(web.test, "npm test");
    assert.equal(web.port, 3000);
    assert.equal(web.verify, "node verify/main.mjs");
    const plain = (await configOf("staging", { connectionArn })).services.web;
    assert.equal(plain.test, "npm ci && npm test");
  });

  it("have equal images in both environments, whose build arguments are the same", async () => {
    const parts = { connectionArn, buildArgs: { PREBUILT: "true" } };
    const [staging, production] = await Promise.all([
      configOf("staging", parts),
      configOf("production", parts),
    ]);
    assert.deepEqual(production.services.web.buildArgs, staging.services.web.buildArgs);
  });
});
