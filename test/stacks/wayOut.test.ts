import assert from "node:assert/strict";
import { ConfigError } from "../../stacks/config";
import { parseServiceUrls } from "../../contract/serviceUrls";
import { projectVariablesOf, types } from "../components/pipeline/support";
import { checkFaults, parse, services, type Values } from "./config/support";
import { aRelease, environment } from "./support";

const endpoints = ["ecr.api", "ecr.dkr", "logs"];
const agent = ["ecs", "ecs-agent", "ecs-telemetry"];

function hosts(network: Values): Values {
  return { services, cluster: { capacity: "ec2" }, network };
}

describe("tasks on hosts", () => {
  const existing = {
    mode: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    publicSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
  };
  checkFaults("gantry:network", hosts, [
    [
      "they have neither gateway nor endpoints",
      { nat: "none" },
      "nat",
      "set nat: single, or choose another cluster.capacity",
    ],
    [
      "their hosts do not reach ECS",
      { nat: "none", interfaceEndpoints: [...endpoints, "ecs"] },
      "interfaceEndpoints",
      "add ecs-agent, ecs-telemetry",
    ],
    [
      "there are public subnets alone",
      existing,
      "privateSubnetIds",
      "add privateSubnetIds of the VPC, or choose another cluster.capacity",
    ],
    [
      "they are in the default VPC",
      { mode: "existing" },
      "vpcId",
      "name vpcId, publicSubnetIds and privateSubnetIds with a NAT gateway, set mode: create, or choose another cluster.capacity",
    ],
  ]);

  it("run where there is a way out", () => {
    parse(hosts({ nat: "single" }));
    parse(hosts({ nat: "none", interfaceEndpoints: [...endpoints, ...agent] }));
    parse(hosts({ ...existing, privateSubnetIds: ["subnet-0a1b2c3d4e5f60713"] }));
    // A default VPC that was given gateways: what the rehearsal has in place of every network.
    parse(hosts({ mode: "existing", natAddresses: ["192.0.2.1"] }));
  });
});

describe("a network without any way out", () => {
  const network = { nat: "none", interfaceEndpoints: endpoints };
  const both = { web: {}, jobs: { kind: "worker" } };

  it("is refused before the first release, whose placeholder is public", async () => {
    await assert.rejects(environment({ network, services: both }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.faults.map(({ path, fix }) => [path, fix]),
        ["web", "jobs"].map((name) => [
          `gantry:services.${name}.bootstrap`,
          "set bootstrap: build, or network.nat: single until the first release runs",
        ]),
      );
      return true;
    });
  });

  it("is taken with images of its own, and once a release runs", async () => {
    const built = {
      web: { bootstrap: "build" },
      jobs: { kind: "worker", bootstrap: "build", build: "app" },
    };
    await environment({ network, services: built });
    await environment({ network, services: both }, { release: aRelease(["web", "jobs"]) });
  });
});

describe("verifyUrl", () => {
  it("is what the verification is told, in place of what follows from the route", async () => {
    const hostsOf = (host: string) => ({ verify: "npm test", route: { hosts: [host] } });
    const verifyUrl = "https://eu.shop.example.com";
    const { all } = await environment({
      services: {
        web: { ...hostsOf("*.shop.example.com"), verifyUrl },
        api: hostsOf("api.example.com"),
      },
      pipeline: { source: { type: "codecommit", repository: "shop" } },
    });
    const verify = all(types.project).find(({ inputs }) => inputs.name === "shop--staging--verify");
    assert.ok(verify);
    assert.deepEqual(parseServiceUrls(projectVariablesOf(verify).GANTRY_SERVICE_URLS), {
      web: verifyUrl,
      api: "http://api.example.com",
    });
  });
});
