import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import program from "../index";
import { ConfigError } from "../stacks/config";
import { ReleaseError } from "../contract/manifest";
import { variables } from "../contract/variables";
import { container, types } from "./components/service/support";
import { asPulumiConfig, type Values } from "./stacks/config/support";
import { aRelease, digest, pointer } from "./stacks/support";
import { record, valueOf, type RecordingOptions } from "./support/record";

const services = { web: { build: "app", port: 3000 } };
const pointed = pointer({ "/gantry/shop/staging/release": JSON.stringify(aRelease(["web"])) });

/** The program as Pulumi runs it: config by full key, and the exported function called and awaited. */
function run(values: Values, options: RecordingOptions = {}) {
  return record(
    async () => {
      pulumi.runtime.setAllConfig({ "aws:region": "eu-west-1", ...asPulumiConfig(values) });
      return program();
    },
    { project: "shop", ...options },
  );
}

/** The error of a program, and what it had registered by then. */
async function failure(values: Values, options: RecordingOptions = {}) {
  const { value, resources } = await record(
    async () => {
      pulumi.runtime.setAllConfig({ "aws:region": "eu-west-1", ...asPulumiConfig(values) });
      try {
        await program();
      } catch (error) {
        return error;
      }
      throw new Error("the program succeeded");
    },
    { project: "shop", ...options },
  );
  return { error: value, resources };
}

describe("the program", () => {
  beforeEach(() => {
    delete process.env[variables.release];
  });
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    delete process.env[variables.release];
  });

  it("makes the environment that its stack's config describes", async () => {
    const { value, one } = await run({ services });
    assert.equal(one("aws:ecs/cluster:Cluster").inputs.name, "shop--staging");
    assert.equal(one(types.service).inputs.name, "shop--staging--web");
    assert.equal(await valueOf(value.clusterName), "shop--staging");
    assert.equal(value.release, "bootstrap");
  });

  it("makes production of the same program on the stack production", async () => {
    const loadBalancer = { domain: { name: "shop.example.com", zone: "example.com" } };
    const { value, one } = await run({ services, loadBalancer }, { stack: "production" });
    assert.equal(await valueOf(value.clusterName), "shop--production");
    assert.equal(one("aws:ecs/cluster:Cluster").options.protect, true);
  });

  it("reads the pointer of its own environment, and runs what it says", async () => {
    const { value, one, calls } = await run({ services }, { calls: pointed });
    assert.deepEqual(
      calls.map(({ inputs }) => inputs),
      // And whether its images are still there.
      [{ path: "/gantry/shop/staging", withDecryption: false }, {}],
    );
    assert.equal(value.release, "3f9c2a1b-17");
    assert.ok(String(container(one(types.taskDefinition)).image).endsWith(`/web@${digest}`));
  });

  it("runs the candidate that it is handed instead, for a plan or a deployment", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gantry-index-"));
    try {
      const path = join(folder, "release.json");
      writeFileSync(path, JSON.stringify({ ...aRelease(["web"]), id: "3f9c2a1b-18" }));
      process.env[variables.release] = path;
      const { value, calls } = await run({ services }, { calls: pointed });
      assert.deepEqual([value.release, calls], ["3f9c2a1b-18", []]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("previews: it knows the release, and shows what does not depend on AWS", async () => {
    const { value, one } = await run({ services }, { preview: true, calls: pointed });
    assert.equal(value.release, "3f9c2a1b-17");
    assert.equal(one(types.service).inputs.name, "shop--staging--web");
    assert.ok(pulumi.isUnknown(one(types.service).inputs.cluster));
  });

  it("fails when a section is encrypted as a whole, and registers nothing", async () => {
    const { value, resources } = await record(
      async () => {
        const config = { "aws:region": "eu-west-1", ...asPulumiConfig({ services }) };
        pulumi.runtime.setAllConfig(config, ["gantry:services"]);
        return program().catch((error: unknown) => error);
      },
      { project: "shop" },
    );
    assert.ok(value instanceof ConfigError);
    assert.deepEqual(
      value.faults.map(({ path }) => path),
      ["gantry:services"],
    );
    assert.deepEqual(resources, []);
  });

  describe("failures", () => {
    it("fails when config is wrong: it lists all faults and registers nothing", async () => {
      const { error, resources } = await failure({
        network: { cidr: "10.10.0.0/28" },
        services: { web: { port: 0, cpu: 256, memoryMiB: 4096 } },
        protections: true,
      });
      assert.deepEqual(resources, []);
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /^Pulumi\.staging\.yaml has 4 faults; nothing was created:\n/);
      assert.deepEqual(
        error.message.match(/^ {2}gantry:\S+$/gm)?.map((line) => line.trim()),
        error.faults.map(({ path }) => path),
      );
      assert.deepEqual(error.faults.map(({ path }) => path).sort(), [
        "gantry:network.cidr",
        "gantry:protections",
        "gantry:services.web.memoryMiB",
        "gantry:services.web.port",
      ]);
    });

    it("fails when there is no service, and registers nothing", async () => {
      const { error, resources } = await failure({});
      assert.deepEqual(resources, []);
      assert.match(String(error), /gantry:services/);
    });

    it("fails when the pointer is malformed, and registers nothing", async () => {
      const calls = pointer({ "/gantry/shop/staging/release": '{"id":"17"}' });
      const { error, resources } = await failure({ services }, { calls });
      assert.deepEqual(resources, []);
      assert.ok(error instanceof ReleaseError);
      assert.match(error.message, /^the release pointer \/gantry\/shop\/staging\/release in SSM/);
    });
  });
});
