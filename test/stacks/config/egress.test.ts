import assert from "node:assert/strict";
import { endpointsNeeded, isKeptIn } from "../../../stacks/config/egress";
import { checkFaults, faultsOf, parse, web, type Values } from "./support";

const endpoints = ["ecr.api", "ecr.dkr", "logs"];

function needed(service: Values, more: Values = {}): string[] {
  const config = parse({ services: { web: { exec: false, ...service } }, ...more });
  return endpointsNeeded(config.services.web, config);
}

describe("egress of services", () => {
  checkFaults("gantry:services.web", web, [
    [
      "another word",
      { egress: "none" },
      "egress",
      "write all, or a list of networks such as [203.0.113.0/24]",
    ],
    ["no network", { egress: ["203.0.113.7/24"] }, "egress[0]", "write 203.0.113.0/24"],
    [
      "an id that is cut",
      { egress: [{ to: "pl-123" }] },
      "egress[0].to",
      "write the id that the VPC console shows, with 17 hexadecimal digits",
    ],
    [
      "no port",
      { egress: [{ to: "203.0.113.0/24", port: 0 }] },
      "egress[0].port",
      "write the port that is reached there",
    ],
    [
      "a place twice",
      { egress: ["203.0.113.0/24", { to: "203.0.113.0/24", port: 443 }] },
      "egress[1]",
      "remove one of them",
    ],
    [
      "more rules than a security group has",
      { egress: Array.from({ length: 59 }, (_, index) => `203.0.113.${index}/32`) },
      "egress",
      "put networks together in a prefix list, or set quotas.rulesPerSecurityGroup to what AWS has granted",
    ],
  ]);

  it("is everywhere unless it is said, and of a network HTTPS alone", () => {
    assert.equal(parse(web({})).services.web.egress, "all");
    const to = "203.0.113.0/24";
    const { egress } = parse(web({ egress: [to, { to, port: 53, protocol: "udp" }] })).services.web;
    assert.deepEqual(egress, [
      { to, port: 443, protocol: "tcp" },
      { to, port: 53, protocol: "udp" },
    ]);
  });

  it("needs the endpoints by which the service starts and works", () => {
    assert.deepEqual(needed({}), endpoints);
    assert.deepEqual(needed({ secrets: { A: "shop/a", B: "/shop/b" } }), [
      ...endpoints,
      "secretsmanager",
      "ssm",
    ]);
    assert.deepEqual(
      needed(
        { uses: ["orders"] },
        { databases: { orders: { engine: "postgres", version: "17", instance: "db.t4g.medium" } } },
      ),
      [...endpoints, "secretsmanager"],
    );
    assert.deepEqual(needed({ uses: ["files"] }, { buckets: { files: {} } }), endpoints);
    assert.deepEqual(needed({ exec: true }), [...endpoints, "ssmmessages", "kms"]);
    assert.deepEqual(needed({ exec: true }, { encryptionKeyArn: "aws" }), [
      ...endpoints,
      "ssmmessages",
    ]);
    assert.deepEqual(needed({ publishes: ["orders"], subscribes: { orders: {} } }), [
      ...endpoints,
      "sns",
      "sqs",
    ]);
    assert.deepEqual(needed({ sidecars: { otel: "openTelemetry" } }), [...endpoints, "xray"]);
  });

  it("keeps in where the network has them all, and nowhere else", () => {
    const keptIn = (network: Values, service: Values = { exec: false, egress: [] }) => {
      const config = parse({ services: { web: service }, network });
      return isKeptIn(config.services.web, config);
    };
    assert.equal(keptIn({ nat: "single", interfaceEndpoints: endpoints }), true);
    assert.equal(keptIn({ nat: "single", interfaceEndpoints: ["logs"] }), false);
    assert.equal(keptIn({ mode: "existing" }), false);
    assert.equal(keptIn({ nat: "single", interfaceEndpoints: endpoints }, { exec: false }), false);
  });
});

describe("a password of something used, in a network without gateway", () => {
  const config = (interfaceEndpoints: string[], uses: string[]) => ({
    services: { web: { uses } },
    databases: { orders: { engine: "postgres", version: "17", instance: "db.t4g.medium" } },
    buckets: { files: {} },
    network: { nat: "none", interfaceEndpoints },
  });

  it("is read by an endpoint alone", () => {
    assert.deepEqual(
      faultsOf(config(endpoints, ["orders"])).map(({ path, fix }) => [path, fix]),
      [
        [
          "gantry:services.web.uses",
          "add secretsmanager to network.interfaceEndpoints, or set network.nat: single",
        ],
      ],
    );
    parse(config([...endpoints, "secretsmanager"], ["orders"]));
    parse(config(endpoints, ["files"]));
  });
});
