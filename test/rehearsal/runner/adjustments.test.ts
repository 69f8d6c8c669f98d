import assert from "node:assert/strict";
import { parseServiceUrls } from "../../../contract/serviceUrls";
import { unexplained } from "../../../rehearsal/unexplained";
import { adjustBuild } from "../../../rehearsal/runner/adjustments";
import type { BuildVariable } from "../../../rehearsal/runner/buildspec";
import { inheritedEnvironment } from "../../../rehearsal/runner/environment";
import type { Addresses, ToldAddress } from "../../../rehearsal/runner/addresses";
import type { ImageTools } from "../../../rehearsal/runner/images";
import type { ServiceContainers, ServiceTask } from "../../../rehearsal/runner/serviceContainers";

/** Services whose containers start, but `broken`. */
const services = {
  describe: (_cluster: string, service: string) =>
    Promise.resolve({ taskDefinition: `${service}:7` }),
  run: ({ service }: ServiceTask) =>
    service.endsWith("broken")
      ? Promise.reject(new Error("the container ended with 1"))
      : Promise.resolve({ image: `${service}@sha256:1`, simulated: service.endsWith("sources") }),
} as unknown as ServiceContainers;

const addresses = {
  open: ({ service }: ToldAddress) => Promise.resolve(`http://127.0.0.1:40123/${service}`),
  openForBuild: ({ told }: ToldAddress) => {
    const { hostname } = new URL(told);
    const secure = told.startsWith("https:");
    return Promise.resolve({
      url: secure ? `http://${hostname}:443` : told,
      reached: { host: hostname, port: secure ? 443 : 80, socket: "/tmp/lb.sock" },
    });
  },
  openTasks: (cluster: string, host: string) => {
    const api = { host: "127.77.0.1", port: 8080, socket: `/tmp/${cluster}.sock` };
    return Promise.resolve(host === "container" ? [api] : []);
  },
} as unknown as Addresses;

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

  function adjust(
    names: readonly string[],
    tools: ImageTools = simulatedTools,
    {
      told = {},
      host = "bash",
      more = {},
    }: { told?: object; host?: "bash" | "container"; more?: Record<string, string> } = {},
  ) {
    const variables = names.map((name): BuildVariable => ({
      name,
      value: JSON.stringify(told),
      type: "PLAINTEXT",
    }));
    return adjustBuild(
      {
        services,
        addresses,
        tools,
        env: { ...env, ...more },
        host,
        prefix: "shop--staging",
        log: () => {},
      },
      { project: {}, variables, folder: "/nowhere" },
    );
  }

  /** The variables of Release, with a place where it keeps what later actions need. */
  const release = ["GANTRY_INSTALLATIONS", "GANTRY_RESULTS"];
  const deploy = ["GANTRY_INSTALLATIONS", "PULUMI_BACKEND_URL"];

  it("is where the engine is, and nothing of the emulator's keys", async () => {
    const { env: given } = await adjust(release);
    assert.equal(given.PULUMI_HOME, "/engine/home");
    const others = Object.keys(given).filter((name) =>
      /^(AWS_|PULUMI_(BACKEND|CONFIG))/.test(name),
    );
    assert.deepEqual(others, []);
  });

  it("is no engine for what Release has kept it for, or for what runs none: only what is behind its plugin", async () => {
    const behind = { TERRAFORM_AWS_PROVIDER: "/engine/provider" };
    const engineOf = async (names: readonly string[]) => {
      const { env: given } = await adjust(names, simulatedTools, { more: behind });
      return [given.PATH?.includes("/engine:"), given.PULUMI_HOME, given.TERRAFORM_AWS_PROVIDER];
    };
    const all = [true, "/engine/home", "/engine/provider"];
    assert.deepEqual(await engineOf(release), all);
    assert.deepEqual(await engineOf(deploy), [false, undefined, "/engine/provider"]);
    assert.deepEqual(await engineOf(["GANTRY_SERVICE"]), [false, undefined, undefined]);
    // With a builder image of one's own nothing is kept.
    assert.deepEqual(await engineOf(["PULUMI_BACKEND_URL"]), all);
  });

  it("is that what stands in for missing tools comes first on the PATH", async () => {
    assert.equal((await adjust(release)).env.PATH, "/work/bin:/engine:/usr/bin");
    const real: ImageTools = { builder: "docker", env: {}, simulated: [] };
    assert.equal((await adjust(release, real)).env.PATH, "/engine:/usr/bin");
  });

  it("is not the state: backend, passphrase and token are what the pipeline says", async () => {
    const { overrides, env: given } = await adjust(["PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"]);
    assert.deepEqual(overrides, {});
    assert.equal(given.PULUMI_CONFIG_PASSPHRASE, undefined);
  });

  it("is nothing that the list of differences does not name", async () => {
    const { env: given } = await adjust(["GANTRY_SERVICE"]);
    const inherited = inheritedEnvironment({ ...process.env, TZ: "UTC", NO_PROXY: "localhost" });
    assert.ok(Object.keys(inherited).length > 2);
    assert.deepEqual(unexplained(Object.keys({ ...inherited, ...given }), []), []);
  });

  it("is told of builds that make images, where these are simulated", async () => {
    assert.deepEqual((await adjust(["GANTRY_SERVICE"])).simulated, ["images are not built"]);
    assert.deepEqual((await adjust(["GANTRY_STACK"])).simulated, []);
  });

  it("leaves the addresses alone where there is no service to verify", async () => {
    assert.deepEqual((await adjust(["GANTRY_SERVICE_URLS"])).overrides, {});
  });

  describe("that verifies services", () => {
    const verify = (told: Readonly<Record<string, string>>, host: "bash" | "container") =>
      adjust(["GANTRY_SERVICE_URLS"], simulatedTools, { told, host });

    it("is nothing in a container: the addresses are those that the pipeline tells", async () => {
      const told = { web: "http://lb.example.com", api: "http://lb.example.com/api" };
      const { overrides, reached } = await verify(told, "container");
      assert.deepEqual(overrides, {});
      assert.deepEqual(
        reached.map(({ host, port }) => [host, port]),
        [
          ["lb.example.com", 80],
          ["lb.example.com", 80],
          // The tasks of private services, which have addresses and no names.
          ["127.77.0.1", 8080],
        ],
      );
    });

    it("is HTTP in the place of HTTPS, with the same name and port", async () => {
      const { overrides } = await verify({ web: "https://shop.example.com" }, "container");
      const { value, reason } = overrides.GANTRY_SERVICE_URLS;
      assert.deepEqual(parseServiceUrls(value ?? ""), { web: "http://shop.example.com:443" });
      assert.match(reason, /by HTTP/);
    });

    it("is a port of this machine under bash, which knows no other names", async () => {
      const { overrides, reached } = await verify({ web: "http://lb.example.com" }, "bash");
      assert.deepEqual(parseServiceUrls(overrides.GANTRY_SERVICE_URLS.value ?? ""), {
        web: "http://127.0.0.1:40123/shop--staging--web",
      });
      assert.deepEqual(reached, []);
    });

    it("is told where a service is sources under this machine's node", async () => {
      const { simulated } = await verify({ sources: "http://lb.example.com" }, "bash");
      assert.match(simulated.join(), /sources under this machine's node/);
    });

    it("fails when a service does not start", async () => {
      await assert.rejects(verify({ broken: "http://lb.example.com" }, "bash"), {
        message: "a service cannot be run here: the container ended with 1",
      });
    });
  });
});
