import assert from "node:assert/strict";
import { releasedContainers } from "../../../stacks/config/containers";
import { checkFaults, faultsOf, parse, type Values } from "./support";

const nginx = { image: "nginx:1.29", port: 8080 };
const migrate = { command: ["node", "migrate.js"], essential: false };
const web = (more: Values): Values => ({ services: { web: more } });
const sidecars = (more: Values): Values => web({ sidecars: more });

describe("sidecars of a service", () => {
  it("are by default essential, read-only, and wait for nothing", () => {
    const { services } = parse(sidecars({ nginx }));
    assert.deepEqual(services.web.sidecars, {
      nginx: {
        ...nginx,
        build: undefined,
        environment: {},
        secrets: {},
        essential: true,
        dependsOn: {},
        readonlyRootFilesystem: true,
      },
    });
  });

  it("have images of a release, unless they run their service's", () => {
    const { services } = parse({
      services: {
        web: { sidecars: { nginx, proxy: { build: "proxy" }, migrate }, architecture: "ARM64" },
        jobs: { kind: "worker" },
      },
    });
    const released = releasedContainers(services);
    assert.deepEqual(Object.keys(released), ["web", "web.nginx", "web.proxy", "jobs"]);
    const { image, architecture } = released["web.nginx"];
    assert.deepEqual({ image, architecture }, { image: "nginx:1.29", architecture: "ARM64" });
    assert.equal(released["web.proxy"].build?.context, "proxy");
  });

  it("never show what may be a secret", () => {
    const secrets = { TOKEN: "Pa55word for shop" };
    const text = JSON.stringify(faultsOf(sidecars({ nginx: { ...nginx, secrets } })));
    assert.match(text, /sidecars\.nginx\.secrets\.TOKEN/);
    assert.ok(!text.includes("Pa55word"), text);
  });

  checkFaults("gantry:services.web", web, [
    [
      "it says what a volume of the service is",
      {
        volumes: { uploads: { mountPath: "/srv" } },
        sidecars: { nginx: { ...nginx, volumes: { uploads: { mountPath: "/www", uid: 33 } } } },
      },
      "sidecars.nginx.volumes.uploads.uid",
      "remove uid, or set it in the service's volumes",
    ],
  ]);

  checkFaults("gantry:services.web", sidecars, [
    [
      "no image is said",
      { nginx: { port: 8080 } },
      "sidecars.nginx",
      "say which image it runs: image: nginx:1.29, or build: nginx",
    ],
    [
      "it mounts what the service does not",
      { nginx: { ...nginx, volumes: { uploads: { mountPath: "/www" } } } },
      "sidecars.nginx.volumes.uploads",
      "name one, or add it to the service's volumes",
    ],
    [
      "two images are",
      { nginx: { ...nginx, build: "nginx" } },
      "sidecars.nginx.image",
      "remove image, or build",
    ],
    [
      "the image has no version",
      { nginx: { image: "nginx" } },
      "sidecars.nginx.image",
      "name a version, such as nginx:1.2.3, or its digest: without one, latest would be meant",
    ],
    [
      "a key is misspelt",
      { nginx: { ...nginx, depensOn: {} } },
      "sidecars.nginx.depensOn",
      "did you mean dependsOn?",
    ],
    ["the name is none of ours", { Nginx: nginx }, "sidecars.Nginx", "call it nginx"],
    ["the name is the service's own container's", { app: nginx }, "sidecars.app", "rename it"],
    [
      "its port is the service's",
      { nginx: { ...nginx, port: 3000 } },
      "sidecars.nginx.port",
      "let one of the two listen on another port",
    ],
    [
      "it waits for nobody",
      { nginx: { ...nginx, dependsOn: { ap: "started" } } },
      "sidecars.nginx.dependsOn.ap",
      "name another container of the task",
    ],
    [
      "it waits until one is healthy that has no check",
      { nginx: { ...nginx, dependsOn: { app: "healthy" } } },
      "sidecars.nginx.dependsOn.app",
      "give app one, or wait for started",
    ],
    [
      "it waits for the end of the service",
      { nginx: { ...nginx, dependsOn: { app: "success" } } },
      "sidecars.nginx.dependsOn.app",
      "wait for started",
    ],
    [
      "a variable is in two places",
      { nginx: { ...nginx, environment: { A: 1 }, secrets: { A: "shop/a" } } },
      "sidecars.nginx.secrets.A",
      "remove A from one of them",
    ],
    [
      "its memory is the task's",
      { nginx: { ...nginx, memoryMiB: 512 } },
      "sidecars",
      "raise memoryMiB, or give the sidecars less",
    ],
    [
      "its command has a secret",
      { migrate: { command: ["migrate", "--password", "Pa55wordForShop1"] } },
      "sidecars.migrate.command[2]",
      "put it into Secrets Manager or SSM, name it under secrets, and read the variable at run time",
    ],
  ]);

  checkFaults("gantry:services.web", web, [
    [
      "the service waits for nobody",
      { sidecars: { nginx }, dependsOn: { ngin: "started" } },
      "dependsOn.ngin",
      "name another container of the task",
    ],
    [
      "it waits for the end of what is essential",
      { sidecars: { nginx }, dependsOn: { nginx: "complete" } },
      "dependsOn.nginx",
      "set essential: false of nginx",
    ],
    [
      "nothing takes the requests",
      { sidecars: { migrate }, route: { container: "migrate" } },
      "route.container",
      "name one, or remove it: the service's own container takes the requests then",
    ],
    [
      "the check takes longer than ECS waits",
      { healthCheck: { command: "true", intervalSeconds: 90, timeoutSeconds: 61 } },
      "healthCheck.timeoutSeconds",
      "choose one of these",
    ],
  ]);

  it("may wait for one another in no circle", () => {
    const [fault] = faultsOf(
      web({
        sidecars: { nginx: { ...nginx, dependsOn: { app: "started" } } },
        dependsOn: { nginx: "started" },
      }),
    );
    assert.equal(fault.given, "nginx waits for app waits for nginx");
  });

  it("check the health of a worker by its command alone", () => {
    const jobs = { kind: "worker", healthCheck: { command: ["node", "health.js"], retries: 5 } };
    const { services } = parse({ services: { jobs } });
    assert.deepEqual(services.jobs.healthCheck, jobs.healthCheck);
    const [fault] = faultsOf({ services: { jobs: { ...jobs, healthCheck: { path: "/" } } } });
    assert.equal(fault.path, "gantry:services.jobs.healthCheck.path");
  });
});
