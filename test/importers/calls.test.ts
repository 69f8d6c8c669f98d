import assert from "node:assert/strict";
import { join } from "node:path";
import { importCompose } from "../../importers/compose/import";
import { importCopilot } from "../../importers/copilot/import";
import { assertTrue, became, checked, inFolder } from "./support";

type Services = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function ofCompose(text: string) {
  const from = inFolder({ "compose.yaml": `services:\n${text}` }, (folder) =>
    checked(importCompose(join(folder, "compose.yaml"))),
  );
  assertTrue(from);
  return { from, services: from.drafts[0].values().services as Services };
}

function ofCopilot(manifests: Readonly<Record<string, string>>) {
  const files = Object.entries(manifests).map(([name, text]) => [
    `copilot/${name}/manifest.yml`,
    `name: ${name}\nimage: { build: ${name}/Dockerfile, port: 8080 }\n${text}`,
  ]);
  const from = inFolder(Object.fromEntries(files) as Record<string, string>, (folder) =>
    checked(importCopilot(folder)),
  );
  assertTrue(from);
  return { from, services: from.drafts[0].values().services as Services };
}

/** Kind, port and calls of each service. */
const connected = (services: Services) =>
  Object.fromEntries(
    Object.entries(services).map(([name, { kind, port, calls }]) => [name, [kind, port, calls]]),
  );

describe("calls that are imported from Compose", () => {
  it("are of what exposes a port, and of who depends on it", () => {
    const { from, services } = ofCompose(`
  web: { build: web, ports: ["80:3000"], depends_on: [api, jobs] }
  api: { build: api, expose: [8080], depends_on: { mail: { condition: service_healthy } } }
  mail: { build: mail, expose: ["25"] }
  jobs: { build: jobs, links: [api, "mail:smtp"] }
`);
    assert.deepEqual(connected(services), {
      web: ["web", 3000, ["api"]],
      api: ["private", 8080, ["mail"]],
      mail: ["private", 25, undefined],
      jobs: ["worker", undefined, ["api"]],
    });
    assert.deepEqual(became(from, "services.web.depends_on[0]"), ["3: other way"]);
    assert.deepEqual(became(from, "services.web.depends_on[1]"), ["3: lost"]);
    assert.deepEqual(became(from, "services.jobs.links[1]"), ["6: lost"]);
    assert.deepEqual(became(from, "services.api.expose[0]"), ["4: other way"]);
  });

  it("are of what others name with its port, in variables and commands", () => {
    const { services } = ofCompose(`
  web: { build: web, ports: ["80:3000"], environment: { API: "http://api:8080/v1", ROLE: jobs } }
  api: { build: api, environment: { GRPC: "mail:9090", HOME: "http://api:1/" } }
  mail: { build: mail }
  jobs: { build: jobs, command: [run, "--api=http://api:8080", "http://web.example.com"] }
`);
    assert.deepEqual(connected(services), {
      web: ["web", 3000, ["api"]],
      api: ["private", 8080, ["mail"]],
      mail: ["private", 9090, undefined],
      jobs: ["worker", undefined, ["api"]],
    });
  });

  it("are none of a service whose port nobody knows, or knows in two ways", () => {
    const { services } = ofCompose(`
  web: { build: web, ports: ["80:3000"], environment: { A: "http://api:1", B: "http://api:2" } }
  api: { build: api }
  jobs: { build: jobs, depends_on: [api] }
`);
    assert.deepEqual(
      Object.values(services).map(({ kind, calls }) => [kind, calls]),
      [
        ["web", undefined],
        ["worker", undefined],
        ["worker", undefined],
      ],
    );
  });

  it("are lost where what is exposed is no port", () => {
    const { from } = ofCompose("  api: { build: api, expose: [3000-3005] }\n");
    assert.deepEqual(became(from, "services.api.expose[0]"), ["2: lost"]);
  });
});

describe("calls that are imported from Copilot", () => {
  it("are of Backend Services, which are private, and of who names them", () => {
    const { from, services } = ofCopilot({
      api: "type: Backend Service\nnetwork: { connect: true }\n",
      web: 'type: Load Balanced Web Service\nnetwork: { connect: true }\nvariables: { API_HOST: api, SHOP: "http://api:8080" }\n',
    });
    assert.deepEqual(connected(services), {
      api: ["private", 8080, undefined],
      web: ["web", 8080, ["api"]],
    });
    assert.deepEqual(became(from, "image.port"), ["2: same", "2: same"]);
    assert.deepEqual(became(from, "network.connect"), ["4: other way", "4: other way"]);
  });

  it("are by a service's own name, and by no other", () => {
    const { from } = ofCopilot({
      api: "type: Backend Service\nnetwork: { connect: { alias: backend } }\n",
      mail: "type: Backend Service\nnetwork: { connect: { alias: mail } }\n",
    });
    assert.deepEqual(became(from, "network.connect.alias"), ["4: lost", "4: other way"]);
  });

  it("are none of a Backend Service without a port, which is a worker", () => {
    const manifest = "name: jobs\ntype: Backend Service\nimage: { build: jobs/Dockerfile }\n";
    const from = inFolder({ "copilot/jobs/manifest.yml": manifest }, (folder) =>
      checked(importCopilot(folder)),
    );
    const { jobs } = from.drafts[0].values().services as Services;
    assert.deepEqual([jobs.kind, jobs.port], ["worker", undefined]);
  });
});
