import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProduct } from "../../rehearsal/product";
import { stackNames } from "../../rehearsal/workspace";
import { ConfigError } from "../../stacks/config";
import { Folders } from "./runner/support";

describe("the product at hand", () => {
  const folders = new Folders();
  after(() => folders.remove());

  function product(...withDockerfile: readonly string[]): string {
    const folder = folders.make();
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const services = { web: { build: "web" }, jobs: { build: "jobs", kind: "worker" } };
    const config = { "aws:region": "eu-west-1", "gantry:services": services };
    for (const stack of stackNames) {
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
    }
    mkdirSync(join(folder, "web"));
    for (const path of withDockerfile) {
      mkdirSync(join(folder, path), { recursive: true });
      writeFileSync(join(folder, path, "Dockerfile"), "FROM scratch\n");
    }
    return folder;
  }

  it("has the services of its stack files, where they are", async () => {
    const folder = product("web", "jobs");
    const { name, services } = await readProduct(folder);
    assert.equal(name, "shop");
    assert.deepEqual(
      services.map(({ dockerfilePath, dockerfile }) => [dockerfilePath, dockerfile]),
      ["web/Dockerfile", "jobs/Dockerfile"].map((path) => [path, join(folder, path)]),
    );
  });

  it("knows which of its services have no Dockerfile: images of elsewhere, and who runs another's", async () => {
    const folder = product("web", "jobs");
    const secrets = { NPM_TOKEN: "shop/npm:token" };
    const services = {
      web: { image: "redis:7.4", verify: "true" },
      jobs: { build: { context: "jobs", secrets }, kind: "worker" },
      mails: { imageOf: "web", kind: "worker" },
    };
    for (const stack of stackNames) {
      const config = { "aws:region": "eu-west-1", "gantry:services": services };
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
    }
    const { services: built, images, verified, presupposed } = await readProduct(folder);
    assert.deepEqual(
      built.map(({ name }) => name),
      ["jobs"],
    );
    assert.deepEqual([images, verified], [["redis:7.4"], ["web"]]);
    assert.deepEqual(presupposed.secrets, ["shop/npm:token"]);
  });

  it("is refused with every service that has no Dockerfile, before anything is made", async () => {
    await assert.rejects(readProduct(product()), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.faults.map(({ path, given }) => [path, given]),
        [
          ["gantry:services.web.build", "web, without its Dockerfile"],
          ["gantry:services.jobs.build", "jobs, which is not there"],
        ],
      );
      return true;
    });
  });
});
