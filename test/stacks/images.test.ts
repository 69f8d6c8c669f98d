import assert from "node:assert/strict";
import type { Release } from "../../contract/manifest";
import { container, types } from "../components/service/support";
import type { Recording } from "../support/record";
import type { Values } from "./config/support";
import { aRelease, digest, environment } from "./support";

const repository = (service: string) =>
  `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/staging/${service}`;
const placeholder = /^public\.ecr\.aws\/docker\/library\/node:/;
const imageType = "docker:index/image:Image";

function taskOf({ one }: Recording<unknown>, service: string) {
  return one(types.taskDefinition, `shop--staging--${service}-task`);
}

function imageOf(recording: Recording<unknown>, service: string): string {
  return String(container(taskOf(recording, service)).image);
}

/** The services of an environment, and the release that it should run. */
function running(services: Values, release?: Release) {
  return environment({ services }, { release });
}

/** The pipeline owns which release runs; Pulumi owns everything else. */
describe("the image ownership contract", () => {
  const web = { build: "app", port: 3000 };
  const jobs = { kind: "worker" };

  describe("with a release", () => {
    it("each service runs its image by digest, from the environment's own repository", async () => {
      const release = aRelease(["web", "jobs"]);
      const recording = await running({ web, jobs }, release);
      for (const service of ["web", "jobs"]) {
        assert.equal(imageOf(recording, service), `${repository(service)}@${digest}`);
      }
      assert.equal(recording.value.release, "3f9c2a1b-17");
    });

    it("a service that runs another one's image has it from its own repository, by its own command", async () => {
      const services = { web, jobs: { ...jobs, imageOf: "web", command: ["node", "jobs.js"] } };
      const recording = await running(services, aRelease(["web", "jobs"]));
      assert.equal(imageOf(recording, "jobs"), `${repository("jobs")}@${digest}`);
      assert.deepEqual(container(taskOf(recording, "jobs")).command, ["node", "jobs.js"]);
      assert.equal(container(taskOf(recording, "web")).command, undefined);
    });

    it("an image that was promoted from elsewhere is pulled from here", async () => {
      const [image] = Object.values(aRelease(["web"]).images);
      const uri = "210987654321.dkr.ecr.us-east-1.amazonaws.com/shop-elsewhere/web";
      const release = { ...aRelease([]), images: { web: { ...image, uri } } };
      assert.equal(
        imageOf(await running({ web }, release), "web"),
        `${repository("web")}@${digest}`,
      );
    });

    describe("a change of the architecture", () => {
      const built = (architecture?: "X86_64" | "ARM64"): Release => {
        const release = aRelease(["web"]);
        return { ...release, images: { web: { ...release.images.web, architecture } } };
      };
      const platformOf = async (service: Values, release?: Release) =>
        taskOf(await running({ web: service }, release), "web").inputs.runtimePlatform;
      const arm = { ...web, architecture: "ARM64" };

      it("leaves the image that runs on what it was built for, until a release for the new one comes", async () => {
        const x86 = { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" };
        assert.deepEqual(await platformOf(arm, built("X86_64")), x86);
        const arm64 = { ...x86, cpuArchitecture: "ARM64" };
        assert.deepEqual(await platformOf(arm, built("ARM64")), arm64);
        assert.deepEqual(await platformOf(web, built("ARM64")), arm64);
        // Releases of earlier versions do not tell, and placeholders are for every architecture.
        assert.deepEqual(await platformOf(arm, built()), arm64);
        assert.deepEqual(await platformOf(arm), arm64);
      });

      it("fails where the hosts could not run it, with the way around", async () => {
        const values = {
          cluster: { capacity: "ec2", ec2: { instanceType: "t4g.medium" } },
          services: { web: arm },
        };
        await assert.rejects(
          environment(values, { release: built("X86_64") }),
          /release 3f9c2a1b-17, which runs, was built for X86_64: .*no host could run it.*capacity: fargate/,
        );
        await environment(values, { release: built("ARM64") });
      });
    });

    it("a change of memory, variables or scaling keeps the image", async () => {
      const release = aRelease(["web"]);
      const changed = {
        ...web,
        cpu: 1024,
        memoryMiB: 4096,
        environment: { LOG_LEVEL: "debug" },
        scaling: { min: 3, max: 9 },
      };
      const before = await running({ web }, release);
      const after = await running({ web: changed }, release);
      assert.equal(imageOf(after, "web"), imageOf(before, "web"));
      assert.deepEqual(
        [taskOf(before, "web").inputs.memory, taskOf(after, "web").inputs.memory],
        ["512", "4096"],
      );
    });

    it("another release changes the image of its services, and nothing else", async () => {
      const next = aRelease(["web", "jobs"]);
      const other = `sha256:${"c".repeat(64)}`;
      const images = { ...next.images, web: { ...next.images.web, digest: other } };
      const changed = async (release: Release) => {
        const { resources } = await running({ web, jobs }, release);
        return new Map(resources.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]));
      };
      const [before, after] = [await changed(next), await changed({ ...next, images })];
      const differing = [...after].filter(([urn, inputs]) => before.get(urn) !== inputs);
      assert.deepEqual(
        differing.map(([urn]) => urn.split("::").pop()),
        ["shop--staging--web-task"],
      );
      assert.equal(before.size, after.size);
    });

    it("has the entry point and the command that config says, in place of the image's", async () => {
      const worker = { ...jobs, entrypoint: ["tini", "--"], command: ["node", "worker.js"] };
      const task = taskOf(await running({ jobs: worker }, aRelease(["jobs"])), "jobs");
      assert.deepEqual(container(task).entryPoint, ["tini", "--"]);
      assert.deepEqual(container(task).command, ["node", "worker.js"]);
      assert.equal(container(task).user, undefined);
    });

    it("a service that is new runs its bootstrap image while the others keep the release", async () => {
      const recording = await running({ web, jobs }, aRelease(["web"]));
      assert.equal(imageOf(recording, "web"), `${repository("web")}@${digest}`);
      assert.match(imageOf(recording, "jobs"), placeholder);
    });

    it("takes nothing for an image that only every object has", async () => {
      const recording = await running({ constructor: jobs }, aRelease(["web"]));
      assert.match(imageOf(recording, "constructor"), placeholder);
    });

    it("builds nothing, whatever the bootstrap is", async () => {
      const recording = await running({ web: { ...web, bootstrap: "build" } }, aRelease(["web"]));
      assert.deepEqual(recording.all(imageType), []);
      assert.deepEqual(recording.calls, []);
    });
  });

  describe("before the first release", () => {
    it("services run the placeholder, on their own ports", async () => {
      const recording = await running({ web, jobs });
      assert.equal(recording.value.release, "bootstrap");
      for (const service of ["web", "jobs"]) {
        assert.match(imageOf(recording, service), placeholder);
        assert.equal(container(taskOf(recording, service)).user, "node");
      }
      const commands = ["web", "jobs"].map(
        (service) => container(taskOf(recording, service)).command as string[],
      );
      assert.match(commands[0][2], /createServer/);
      assert.doesNotMatch(commands[1][2], /createServer/);
    });

    it("the placeholder is not asked to run the service's own command", async () => {
      const task = taskOf(await running({ web: { ...web, command: ["./serve"] } }), "web");
      assert.equal((container(task).command as string[])[0], "node");
    });

    it("bootstrap: build runs what the folder holds, by digest", async () => {
      const build = { ...web, bootstrap: "build", architecture: "ARM64", command: ["node", "x"] };
      const recording = await running({ web: build, jobs });
      const image = recording.one(imageType);
      assert.equal(image.name, "shop--staging--web-bootstrap");
      assert.match(
        String(image.inputs.imageName),
        new RegExp(`^${repository("web")}:bootstrap-[0-9a-f]{16}$`),
      );
      assert.equal(imageOf(recording, "web"), `${repository("web")}@sha256:${"b".repeat(64)}`);
      assert.deepEqual(container(taskOf(recording, "web")).command, ["node", "x"]);
      assert.match(imageOf(recording, "jobs"), placeholder);
    });

    it("an image that was built goes with the first release, protected environment or not", async () => {
      const values = { protection: true, services: { web: { ...web, bootstrap: "build" } } };
      const { one } = await environment(values);
      assert.equal(one(imageType).options.protect, false);
    });

    it("fails when bootstrap: build finds no Dockerfile", async () => {
      await assert.rejects(
        running({ web: { build: "docs", bootstrap: "build" } }),
        /bootstrap: build cannot begin: there is no docs\/Dockerfile to build/,
      );
    });
  });
});
