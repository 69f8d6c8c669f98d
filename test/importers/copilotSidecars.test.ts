import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import { assertTrue, became, checked, inFolder } from "./support";

const manifest = `
name: web
type: Load Balanced Web Service
image:
  build: web/Dockerfile
  port: 3000
  depends_on: { migrate: success }
  healthcheck: { command: ["CMD-SHELL", "wget -q -O- localhost:3000 || exit 1"], interval: 10s, start_period: 20s }
http: { path: /, target_container: nginx, target_port: 8080 }
memory: 1024
cpu: 512
sidecars:
  nginx:
    image: { build: { dockerfile: nginx/Dockerfile, context: ., target: run } }
    port: 8080
    depends_on: { web: healthy }
    variables: { UPSTREAM: "localhost:3000" }
    mount_points: [{ path: /cache, source_volume: cache }]
  migrate:
    image: acme/migrate:1.4.2
    essential: false
    command: [node, migrate.js]
    secrets: { DATABASE_URL: /shop/database }
  agent:
    image: "public.ecr.aws/acme/agent:7.2"
    port: 8126/udp
    healthcheck: { command: ["CMD", "agent", "health"], timeout: 3s }
`;

const imported = () =>
  inFolder({ "copilot/web/manifest.yml": manifest }, (folder) => checked(importCopilot(folder)));

describe("sidecars of a Copilot manifest", () => {
  it("become sidecars, as they were", () => {
    const from = imported();
    assertTrue(from);
    const { web } = from.drafts[0].values().services as Record<string, Record<string, unknown>>;
    assert.deepEqual(web.sidecars, {
      nginx: {
        build: { context: ".", dockerfile: "nginx/Dockerfile", target: "run" },
        port: 8080,
        dependsOn: { app: "healthy" },
        environment: { UPSTREAM: "localhost:3000" },
        readonlyRootFilesystem: false,
      },
      migrate: {
        image: "acme/migrate:1.4.2",
        essential: false,
        command: ["node", "migrate.js"],
        secrets: { DATABASE_URL: "/shop/database" },
        readonlyRootFilesystem: false,
      },
      agent: {
        image: "public.ecr.aws/acme/agent:7.2",
        healthCheck: {
          command: ["agent", "health"],
          intervalSeconds: 10,
          timeoutSeconds: 3,
          retries: 2,
        },
        readonlyRootFilesystem: false,
      },
    });
    assert.deepEqual(web.dependsOn, { migrate: "success" });
    assert.equal((web.route as Record<string, unknown>).container, "nginx");
    const { command, retries, startPeriodSeconds } = web.healthCheck as Record<string, unknown>;
    assert.deepEqual(
      [command, retries, startPeriodSeconds],
      ["wget -q -O- localhost:3000 || exit 1", 2, 20],
    );
  });

  it("lose what a container cannot have, and it is told", () => {
    const from = imported();
    const outcome = (path: string) => became(from, path).map((line) => line.replace(/^\d+: /, ""));
    assert.deepEqual(outcome("sidecars.nginx.mount_points[0].path"), ["lost"]);
    assert.deepEqual(outcome("sidecars.agent.port"), ["lost"]);
    assert.deepEqual(outcome("image.healthcheck.interval"), ["other way"]);
    assert.deepEqual(outcome("http.target_port"), ["other way"]);
  });
});
