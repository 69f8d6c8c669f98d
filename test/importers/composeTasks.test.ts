import assert from "node:assert/strict";
import { join } from "node:path";
import { importCompose } from "../../importers/compose/import";
import { reportText } from "../../importers/report";
import { became, checked, inFolder } from "./support";

function imported(text: string) {
  return inFolder({ "compose.yaml": text }, (folder) =>
    checked(importCompose(join(folder, "compose.yaml"))),
  );
}

describe("what a compose file says of tasks", () => {
  it("is taken as limits and the init process, and says what Fargate has not", () => {
    const from = imported(`services:
  web:
    build: .
    init: false
    ulimits: { nproc: 512, nofile: { soft: "1024", hard: 65536 }, core: many, nosuch: 1 }
    shm_size: 1gb
`);
    const { web } = from.drafts[0].values().services as Record<string, Record<string, unknown>>;
    assert.equal(web.initProcess, false);
    assert.deepEqual(web.ulimits, { nproc: 512, nofile: { soft: 1024, hard: 65_536 } });
    const cases = {
      "services.web.init": ["4: same"],
      "services.web.ulimits.nproc": ["5: same"],
      "services.web.ulimits.nofile.soft": ["5: same"],
      "services.web.ulimits.core": ["5: lost"],
      "services.web.ulimits.nosuch": ["5: lost"],
      "services.web.shm_size": ["6: lost"],
    };
    for (const [path, wanted] of Object.entries(cases))
      assert.deepEqual(became(from, path), wanted, path);
    assert.match(reportText(from), /Fargate takes no size of \/dev\/shm/);
  });

  it("is taken as a check of the container itself, where it asks nothing by HTTP", () => {
    const from = imported(`services:
  web:
    build: .
    ports: ["3000:3000"]
    healthcheck: { test: [CMD, pg_isready, -q], retries: 5, start_period: 20s }
  api:
    build: .
    ports: ["4000:4000"]
    healthcheck: { test: curl -f http://localhost:4000/up, retries: 5, start_period: 20s }
  jobs:
    build: .
    healthcheck: { test: "curl -f http://localhost:9000/", interval: 10s }
    depends_on:
      api: { condition: service_healthy }
      migrate: { condition: service_completed_successfully }
  quiet:
    build: .
    healthcheck: { test: [NONE] }
`);
    const services = from.drafts[0].values().services as Record<string, Record<string, unknown>>;
    const checks = Object.fromEntries(
      Object.entries(services).map(([name, { healthCheck }]) => [name, healthCheck]),
    );
    assert.deepEqual(checks, {
      web: { path: "/", command: ["pg_isready", "-q"], retries: 5, startPeriodSeconds: 20 },
      api: { path: "/up", graceSeconds: 20 },
      jobs: { command: "curl -f http://localhost:9000/", intervalSeconds: 10, timeoutSeconds: 30 },
      quiet: undefined,
    });
    const cases = {
      "services.web.healthcheck.retries": /same/,
      "services.api.healthcheck.retries": /lost/,
      "services.quiet.healthcheck.test[0]": /other way/,
      "services.jobs.depends_on.migrate.condition": /lost/,
    };
    for (const [path, wanted] of Object.entries(cases))
      assert.match(became(from, path).join(), wanted, path);
    assert.match(reportText(from), /Say its command as releaseCommand/);
  });

  it("is taken as the order in which they are exchanged, where the file says one", () => {
    for (const [order, wanted] of [
      ["stop-first", { strategy: "recreate" }],
      ["start-first", undefined],
    ] as const) {
      const from = imported(
        `services:\n  jobs:\n    build: .\n    deploy: { update_config: { order: ${order} } }\n`,
      );
      const { jobs } = from.drafts[0].values().services as Record<string, Record<string, unknown>>;
      assert.deepEqual(jobs.deployment, wanted);
      assert.deepEqual(became(from, "services.jobs.deploy.update_config.order"), ["4: other way"]);
    }
  });
});
