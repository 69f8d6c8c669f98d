import assert from "node:assert/strict";
import type { Emulator } from "../../../local/emulator";
import { adjustBuild } from "../../../local/rehearsal/adjustments";
import type { BuildVariable } from "../../../local/rehearsal/buildspec";
import { connectionTo } from "../../../local/rehearsal/connection";
import type { ImageTools } from "../../../local/rehearsal/images";

/** Nothing listens there, and nothing has to. */
const emulator = {
  url: "http://127.0.0.1:9",
  env: { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
} as unknown as Emulator;

const simulatedTools: ImageTools = {
  builder: "simulated",
  env: { GANTRY_BUILDER: "buildah" },
  bin: "/work/bin",
  simulated: ["images are not built"],
};

describe("what a rehearsal changes about a build", () => {
  const env = {
    PATH: "/engine:/usr/bin",
    PULUMI_HOME: "/engine/home",
    PULUMI_BACKEND_URL: "file:///state",
    PULUMI_CONFIG_PASSPHRASE: "local",
    AWS_ACCESS_KEY_ID: "test",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  };

  function adjust(names: readonly string[], tools: ImageTools = simulatedTools) {
    const variables = names.map((name): BuildVariable => ({
      name,
      value: "{}",
      type: "PLAINTEXT",
    }));
    return adjustBuild(
      { connection: connectionTo(emulator), tools, env, prefix: "shop-staging", log: () => {} },
      { project: {}, variables, folder: "/nowhere" },
    );
  }

  it("is where the engine is, and nothing of the emulator's keys", async () => {
    const { env: given } = await adjust([]);
    assert.equal(given.PULUMI_HOME, "/engine/home");
    const others = Object.keys(given).filter((name) =>
      /^(AWS_|PULUMI_(BACKEND|CONFIG))/.test(name),
    );
    assert.deepEqual(others, []);
  });

  it("is that what stands in for missing tools comes first on the PATH", async () => {
    assert.equal((await adjust([])).env.PATH, "/work/bin:/engine:/usr/bin");
    const real: ImageTools = { builder: "docker", env: {}, simulated: [] };
    assert.equal((await adjust([], real)).env.PATH, "/engine:/usr/bin");
  });

  it("is the state, of builds that have one: with the reason, and without the token", async () => {
    const { overrides } = await adjust(["PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"]);
    assert.equal(overrides.PULUMI_BACKEND_URL.value, "file:///state");
    assert.equal(overrides.PULUMI_CONFIG_PASSPHRASE.value, "local");
    assert.equal(overrides.PULUMI_ACCESS_TOKEN.value, undefined);
    assert.match(overrides.PULUMI_BACKEND_URL.reason, /on this machine/);
    assert.deepEqual((await adjust(["GANTRY_STACK"])).overrides, {});
  });

  it("is told of builds that make images, where these are simulated", async () => {
    assert.deepEqual((await adjust(["GANTRY_SERVICE"])).simulated, ["images are not built"]);
    assert.deepEqual((await adjust(["GANTRY_STACK"])).simulated, []);
  });

  it("leaves the addresses alone where there is no service to verify", async () => {
    assert.deepEqual((await adjust(["GANTRY_SERVICE_URLS"])).overrides, {});
  });
});
