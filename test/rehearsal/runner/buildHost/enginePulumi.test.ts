import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../../../rehearsal/engine";
import { enginePulumi } from "../../../../rehearsal/runner/buildHost/enginePulumi";
import type { Mount } from "../../../../rehearsal/runner/buildHost/container";
import { Folders } from "../support";

describe("the Pulumi that builds in containers are given", () => {
  const folders = new Folders();
  let home: string;

  beforeEach(() => {
    home = folders.make();
    mkdirSync(join(home, "bin"));
    for (const name of ["pulumi", "pulumi-language-nodejs", "pulumictl.txt", "node"]) {
      writeFileSync(join(home, "bin", name), "");
    }
  });

  afterEach(() => folders.remove());

  const engine = (env: Record<string, string> = {}): Engine => ({
    pulumi: join(home, "bin/pulumi"),
    home,
    env,
    version: "3.245.0",
    origin: "built",
    awsPlugin: "bridge",
  });

  it("is on the PATH, where actions find it: its programs and no other", () => {
    const { cli } = enginePulumi(engine(), "linux");
    assert.deepEqual(cli.mounts.map(({ target }) => target).sort(), [
      "/usr/local/bin/pulumi",
      "/usr/local/bin/pulumi-language-nodejs",
    ]);
  });

  it("has the plugins in the home folder, and the provider behind the bridge", () => {
    mkdirSync(join(home, "plugins"));
    const provider = join(home, "provider");
    const given = enginePulumi(engine({ TERRAFORM_AWS_PROVIDER: provider }), "linux");
    const at = (mounts: readonly Mount[]) =>
      new Map(mounts.map(({ source, target }) => [target, source]));
    assert.equal(at(given.cli.mounts).get("/root/.pulumi/plugins"), join(home, "plugins"));
    const { mounts, variables } = given.provider;
    assert.equal(at(mounts).get(variables.TERRAFORM_AWS_PROVIDER), provider);
    assert.equal(variables.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, "true");
  });

  it("is none on a machine whose programs run in no container: builds then get their own", () => {
    const nothing = { mounts: [], variables: {} };
    assert.deepEqual(enginePulumi(engine(), "darwin"), { cli: nothing, provider: nothing });
  });
});
