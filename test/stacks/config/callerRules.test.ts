import { checkFaults, parse, type Values } from "./support";

describe("rules of the security group of what others reach", () => {
  const workers = (count: number, more: Values): Values =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`w${index}`, { kind: "worker", ...more }]),
    );
  const called = (count: number, api: Values = { kind: "private" }): Values => ({
    services: { api, ...workers(count, { calls: ["api"] }) },
  });
  const fewer = "let fewer reach it, or set quotas.rulesPerSecurityGroup to what AWS has granted";
  const cache = { engine: "valkey", version: "8.0", serverless: {} };
  const used = (count: number): Values => ({
    caches: { sessions: cache },
    services: workers(count, { uses: ["sessions"] }),
  });
  const mounting = (count: number, more: Values = {}): Values => ({
    services: workers(count, { volumes: { files: { mountPath: "/files", ...more } } }),
  });
  checkFaults("gantry", (values) => values, [
    ["61 services call a private one", called(61), "services.api", fewer],
    ["60 services call one behind the load balancer", called(60, {}), "services.api", fewer],
    ["61 services use a cache", used(61), "caches.sessions", fewer],
    ["61 services mount a volume", mounting(61), "services.w60.volumes.files", fewer],
    [
      "30 services with release commands call one behind the load balancer, each by two rules",
      {
        services: {
          api: {},
          ...workers(30, { calls: ["api"], releaseCommand: { command: ["migrate"] } }),
        },
      },
      "services.api",
      fewer,
    ],
  ]);

  it("are as many as AWS takes, or has granted", () => {
    parse(called(60));
    parse(called(59, {}));
    parse(used(60));
    parse(mounting(60));
    parse(mounting(61, { fileSystem: "fs-0a1b2c3d" }));
    parse(mounting(61, { ephemeral: true }));
    parse({ ...called(70), quotas: { rulesPerSecurityGroup: 70 } });
  });
});
