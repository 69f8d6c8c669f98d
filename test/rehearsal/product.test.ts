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

  const domain = { name: "shop.example.com", zone: "example.com" };
  const webAndJobs = { web: { build: "web" }, jobs: { build: "jobs", kind: "worker" } };

  function product(...withDockerfile: readonly string[]): string {
    return productOf(webAndJobs, withDockerfile);
  }

  function productOf(services: object, withDockerfile: readonly string[]): string {
    const folder = folders.make();
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const config = {
      "aws:region": "eu-west-1",
      "gantry:loadBalancer": { domain },
      "gantry:services": services,
    };
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

  it("knows for which platform each image is built, a sidecar's for its service's", async () => {
    const sidecars = { proxy: { build: "jobs", port: 8081 } };
    const web = { build: "web", architecture: "ARM64", sidecars };
    const folder = productOf({ web, jobs: webAndJobs.jobs }, ["web", "jobs"]);
    const { services, sidecars: others } = await readProduct(folder);
    assert.deepEqual(
      [...services, ...others].map(({ name, platform }) => [name, platform]),
      [
        ["web", "linux/arm64"],
        ["jobs", "linux/amd64"],
        ["web.proxy", "linux/arm64"],
      ],
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
      const config = {
        "aws:region": "eu-west-1",
        "gantry:loadBalancer": { domain },
        "gantry:services": services,
      };
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

  it("knows the buckets for access logs that its account has", async () => {
    const folder = product("web", "jobs");
    const config = {
      "aws:region": "eu-west-1",
      "gantry:loadBalancer": { domain, accessLogs: { bucket: "acme-logs", prefix: "shop" } },
      "gantry:services": webAndJobs,
    };
    for (const stack of stackNames) {
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
    }
    assert.deepEqual((await readProduct(folder)).presupposed.logBuckets, ["acme-logs"]);
  });

  describe("with sidecars", () => {
    const nginx = { image: "nginx:1.29", secrets: { KEY: "/shop/key" } };
    const proxy = { build: { context: "proxy", secrets: { NPM_TOKEN: "shop/npm" } } };
    const services = { web: { build: "web", sidecars: { nginx, proxy } } };

    it("has their images, Dockerfiles and secrets", async () => {
      const folder = productOf(services, ["web", "proxy"]);
      const { images, services: built, sidecars, presupposed } = await readProduct(folder);
      assert.deepEqual(images, ["nginx:1.29"]);
      assert.deepEqual(
        [built, sidecars].map((all) => all.map(({ name }) => name)),
        [["web"], ["web.proxy"]],
      );
      assert.deepEqual(presupposed.secrets, ["/shop/key", "shop/npm"]);
    });

    it("is refused where one of them has no Dockerfile", async () => {
      await assert.rejects(
        readProduct(productOf(services, ["web"])),
        /gantry:services\.web\.sidecars\.proxy\.build/,
      );
    });
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
