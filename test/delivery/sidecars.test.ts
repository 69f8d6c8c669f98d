import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ECSClient } from "@aws-sdk/client-ecs";
import { build } from "../../delivery/build";
import type { DeliveryError } from "../../delivery/errors";
import { releaseFaults } from "../../delivery/preflight";
import { Expectation } from "../../delivery/steadyState/expected";
import { truthCheck } from "../../delivery/truthCheck";
import { aTarget, commit, releaseOf } from "./support/aTarget";
import { FakeBuilder } from "./support/fakeBuilder";
import { FakeClock } from "./support/fakeClock";
import { FakeEcr } from "./support/fakeEcr";
import { noSecrets } from "./support/fakeSecrets";

const sha = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const image = (key: string) => ({
  uri: `registry.example.com/shop/staging/${key}`,
  tag: "3f9c2a1b",
  digest: sha(key),
});
const sidecars = {
  nginx: { image: "nginx:1.29", port: 8080 },
  proxy: { build: "proxy" },
  warm: { command: ["warm.sh"], essential: false },
};

describe("sidecars in a release", () => {
  describe("their images", () => {
    let folder: string;
    let ecr: FakeEcr;
    let builders: FakeBuilder[];
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "gantry-sidecars-"));
      for (const name of ["app", "proxy"]) {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, "Dockerfile"), `FROM scratch\nLABEL of=${name}\n`);
      }
      ecr = new FakeEcr(["web", "web.nginx", "web.proxy"].map((key) => `shop/staging/${key}`));
      builders = [];
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const made = () =>
      build({
        target: aTarget({ services: { web: { build: "app", sidecars } } }, folder),
        service: "web",
        commit: { id: commit, origin: "GANTRY_COMMIT" },
        clients: { ecr: ecr.client, ...noSecrets },
        clock: new FakeClock(),
        progress: () => undefined,
        onOutput: () => undefined,
        withBuilder: (uri, work) => {
          builders.push(new FakeBuilder(ecr, uri.slice(ecr.uri("").length)));
          return work(builders[builders.length - 1]);
        },
        withRegistry: (_, work) =>
          work({
            inspect: () =>
              Promise.resolve({
                digest: sha("nginx 1.29"),
                architecture: "X86_64",
                digests: { X86_64: sha("nginx 1.29") },
                architectures: ["X86_64"],
                os: "linux",
              }),
            copy: (from, to) => {
              assert.equal(from, `docker.io/library/nginx@${sha("nginx 1.29")}`);
              ecr.push("shop/staging/web.nginx", to.split(":").at(-1) ?? "", "nginx 1.29");
              return Promise.resolve();
            },
          }),
      });

    it("are made by the build of their service: built, or copied by digest into repositories of their own", async () => {
      const images = await made();
      assert.deepEqual([...images.keys()], ["web", "web.nginx", "web.proxy"]);
      assert.equal(images.get("web.nginx")?.digest, sha("nginx 1.29"));
      assert.deepEqual(
        builders.flatMap(({ built }) => built.map(({ context }) => context)),
        ["app", "proxy"].map((name) => join(folder, name)),
      );
      for (const key of images.keys()) {
        assert.ok("3f9c2a1b" in ecr.tags(`shop/staging/${key}`), key);
      }
    });

    it("are made once", async () => {
      await made();
      for (const [key, { reused }] of await made()) assert.equal(reused, true, key);
    });
  });

  it("must have an image for each that is built or copied, and for no other", () => {
    const target = aTarget({ services: { web: { build: "app", sidecars } } });
    const faults = releaseFaults(
      target,
      releaseOf({ web: image("web"), "web.nginx": image("web.nginx"), "web.old": image("old") }),
    );
    assert.deepEqual(
      faults.map(({ where }) => where),
      ["services.web.sidecars.old", "services.web.sidecars.proxy"],
    );
  });

  describe("that runs", () => {
    const task = (digests: Record<string, string>) => ({
      taskArn: "arn:aws:ecs:eu-west-1:123456789012:task/c/0123456789abcdef",
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      containers: Object.entries(digests).map(([name, imageDigest]) => ({ name, imageDigest })),
    });
    const check = (digests: Record<string, string>) =>
      truthCheck({
        ecs: fakeEcs({ ListTasks: { taskArns: ["1"] }, DescribeTasks: { tasks: [task(digests)] } }),
        target: aTarget({ services: { web: { build: "app", sidecars } } }),
        release: releaseOf({ web: image("web"), "web.nginx": image("web.nginx") }),
        clock: new FakeClock(),
      });

    it("is proven by the digest of every container", async () => {
      assert.deepEqual(await check({ app: sha("web"), nginx: sha("web.nginx") }), []);
    });

    it("is not what it should be where a sidecar is another", async () => {
      await assert.rejects(
        check({ app: sha("web"), nginx: sha("old") }),
        (error: DeliveryError) => {
          assert.match(error.message, /is not release 3f9c2a1b-17: web\.nginx$/);
          assert.match(error.details[0], /^web\.nginx: task \S+ runs sha256/);
          return true;
        },
      );
    });
  });

  it("is waited for until a task definition has the images of all containers", async () => {
    const containerDefinitions = ["web", "web.nginx"].map((key) => ({
      name: key === "web" ? "app" : "nginx",
      image: `${key}@${sha(key)}`,
    }));
    const isExpected = async (expectedSidecars?: Record<string, string>) => {
      const expectation = new Expectation(
        fakeEcs({ DescribeTaskDefinition: { taskDefinition: { containerDefinitions } } }),
        { service: "web", ecsName: "web", expectedImage: `web@${sha("web")}`, expectedSidecars },
      );
      const deployed = await expectation.of({ deployments: [{ taskDefinition: "arn" }] });
      return deployed("arn");
    };
    assert.equal(await isExpected(), true);
    assert.equal(await isExpected({ nginx: `web.nginx@${sha("web.nginx")}` }), true);
    assert.equal(await isExpected({ nginx: `web.nginx@${sha("old")}` }), false);
    assert.equal(await isExpected({ proxy: `web.proxy@${sha("web.proxy")}` }), false);
  });
});

/** What ECS answers, by command. */
function fakeEcs(answers: Readonly<Record<string, object>>): ECSClient {
  const send = ({ constructor }: object) =>
    Promise.resolve(answers[constructor.name.replace(/Command$/, "")]);
  return { send } as unknown as ECSClient;
}
