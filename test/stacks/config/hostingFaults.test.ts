import assert from "node:assert/strict";
import { sharedArn } from "../../components/service/existing";
import { checkFaults, faultsOf, parse, section, services } from "./support";

const example = "write it as 10.10.0.0/16";

describe("faults of secrets behind a network without gateways", () => {
  const nat = "none";
  const network = { nat, interfaceEndpoints: ["ecr.api", "ecr.dkr", "logs"] };
  const web = (secret: string) => ({ web: { secrets: { KEY: secret } } });
  const given = (secret: string) => ({ network, services: web(secret) });

  for (const [secret, endpoint] of [
    ["shop/database:url", "secretsmanager"],
    ["/shop/api-key", "ssm"],
  ]) {
    it(`fails when ${endpoint} has no endpoint, and says to add it`, () => {
      assert.deepEqual(
        faultsOf(given(secret)).map(({ path, fix }) => [path, fix]),
        [
          [
            "gantry:services.web.secrets.KEY",
            `add ${endpoint} to network.interfaceEndpoints, or set network.nat: single`,
          ],
        ],
      );
    });

    it(`takes it where ${endpoint} has one`, () => {
      const interfaceEndpoints = [...network.interfaceEndpoints, endpoint];
      assert.ok(parse({ ...given(secret), network: { nat, interfaceEndpoints } }));
    });
  }

  it("fails where one is in another region, to which no endpoint leads", () => {
    const elsewhere = "arn:aws:ssm:us-east-1:123456789012:parameter/shop/key";
    const interfaceEndpoints = [...network.interfaceEndpoints, "ssm"];
    const values = { ...given(elsewhere), network: { nat, interfaceEndpoints } };
    assert.deepEqual(
      faultsOf(values, { region: "eu-west-1" }).map(({ path, fix }) => [path, fix]),
      [
        [
          "gantry:services.web.secrets.KEY",
          "replicate it to eu-west-1, or set network.nat: single",
        ],
      ],
    );
  });

  it("takes secrets of tasks in public subnets", () => {
    assert.ok(parse({ network: { nat }, services: web("/shop/api-key") }));
  });
});

describe("faults of the network", () => {
  const vpcId = "vpc-0a1b2c3d4e5f60718";
  const subnet = (digit: number) => `subnet-0a1b2c3d4e5f6071${digit}`;
  checkFaults("gantry:network", section("network"), [
    ["the mode is misspelt", { mode: "exsting" }, "mode", "set mode: existing"],
    ["the mode is no mode", { mode: 5 }, "mode", "choose one of these"],
    ["the CIDR is no network", { cidr: "10.10" }, "cidr", example],
    ["the CIDR is an address", { cidr: "10.10.3.4/16" }, "cidr", "set cidr: 10.10.0.0/16"],
    ["the CIDR is too large", { cidr: "10.0.0.0/8" }, "cidr", "set cidr: 10.0.0.0/16"],
    ["the CIDR is too small", { cidr: "10.9.8.0/24" }, "cidr", "set cidr: 10.9.8.0/21"],
    [
      "the CIDR is public",
      { cidr: "8.8.0.0/16" },
      "cidr",
      "choose one inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10",
    ],
    ["there is one zone", { zones: 1 }, "zones", "set zones: 2"],
    ["there are seven zones", { zones: 7 }, "zones", "set zones: 6"],
    ["zones are a text", { zones: "3" }, "zones", "set zones: 3, without quotes"],
    ["zones are broken", { zones: 2.4 }, "zones", "set zones: 2"],
    ["nat is misspelt", { nat: "perzone" }, "nat", "set nat: perZone"],
    ["flow logs are a text", { flowLogs: "yes" }, "flowLogs", "set flowLogs: true"],
    [
      "an endpoint is a whole service name",
      { interfaceEndpoints: ["com.amazonaws.eu-west-1.ecr.api"] },
      "interfaceEndpoints[0]",
      "write ecr.api",
    ],
    [
      "an endpoint is there twice",
      { interfaceEndpoints: ["logs", "logs"] },
      "interfaceEndpoints[1]",
      "remove one logs",
    ],
    [
      "a peer overlaps the VPC",
      { peerCidrs: ["192.168.0.0/16", "10.0.0.0/8"] },
      "peerCidrs[1]",
      "set network.cidr to one that no peer has; two networks that overlap cannot be connected",
    ],
    [
      "peers overlap",
      { peerCidrs: ["172.16.0.0/12", "172.20.0.0/16"] },
      "peerCidrs[1]",
      "remove 172.20.0.0/16, which the other contains",
    ],
    [
      "a peer is no network",
      { peerCidrs: ["office"] },
      "peerCidrs[0]",
      "write it as 203.0.113.0/24",
    ],
    ["a key is of the other mode", { vpcId }, "vpcId", "remove vpcId, or set mode: existing"],
    [
      "an id is none",
      { mode: "existing", vpcId: "main" },
      "vpcId",
      "write the id that the VPC console shows, vpc- and 17 hexadecimal digits",
    ],
    [
      "subnets come without their VPC",
      { mode: "existing", publicSubnetIds: [subnet(1), subnet(2)] },
      "publicSubnetIds",
      "add the vpcId of these subnets, or remove publicSubnetIds",
    ],
    [
      "a VPC for the web has one public subnet",
      { mode: "existing", vpcId, publicSubnetIds: [subnet(1)] },
      "publicSubnetIds",
      "add publicSubnetIds of the VPC",
    ],
    [
      "a subnet is public and private",
      {
        mode: "existing",
        vpcId,
        publicSubnetIds: [subnet(1), subnet(2)],
        privateSubnetIds: [subnet(2)],
      },
      "privateSubnetIds[0]",
      `remove one ${subnet(2)}`,
    ],
  ]);
  checkFaults("gantry", (values) => values, [
    [
      "a VPC for workers has no subnet",
      { services: { jobs: { kind: "worker" } }, network: { mode: "existing", vpcId } },
      "network.privateSubnetIds",
      "add privateSubnetIds of the VPC",
    ],
    [
      "an internal load balancer has one subnet",
      {
        loadBalancer: { internal: true },
        services: { web: {} },
        network: { mode: "existing", vpcId, privateSubnetIds: [subnet(1)] },
      },
      "network.privateSubnetIds",
      "name another private subnet of the VPC, of another zone",
    ],
    [
      "an internal load balancer beside one that exists has one public subnet",
      {
        loadBalancer: { existingArn: sharedArn },
        services: { admin: { route: { internal: true } } },
        network: { mode: "existing", vpcId, publicSubnetIds: [subnet(1)] },
      },
      "network.publicSubnetIds",
      "name another public subnet of the VPC, of another zone",
    ],
    [
      "a database has one public subnet",
      {
        services: { jobs: { kind: "worker" } },
        databases: { main: { engine: "postgres", version: "17", serverless: { min: 1, max: 4 } } },
        network: { mode: "existing", vpcId, publicSubnetIds: [subnet(1)] },
      },
      "network.publicSubnetIds",
      "name another public subnet of the VPC, of another zone",
    ],
    [
      "one of two public subnets is none",
      { services, network: { mode: "existing", vpcId, publicSubnetIds: [subnet(1), "public"] } },
      "network.publicSubnetIds[1]",
      "write the id that the VPC console shows, subnet- and 17 hexadecimal digits",
    ],
    [
      "whether it is internal is no answer",
      {
        ...{ services, loadBalancer: { internal: "yes, please" } },
        network: { mode: "existing", vpcId, privateSubnetIds: [subnet(1), subnet(2)] },
      },
      "loadBalancer.internal",
      "write true or false",
    ],
    [
      "a load balancer that faces the internet is beside an internal one",
      {
        services: { web: {}, admin: { route: { internal: true } } },
        network: { mode: "existing", vpcId, privateSubnetIds: [subnet(1), subnet(2)] },
      },
      "network.publicSubnetIds",
      "add publicSubnetIds of the VPC",
    ],
  ]);

  it("are none where private subnets alone hold an internal load balancer", () => {
    const network = { mode: "existing", vpcId, privateSubnetIds: [subnet(1), subnet(2)] };
    parse({ network, loadBalancer: { internal: true }, services: { web: {} } });
    parse({ network, services: { admin: { route: { internal: true } } } });
    parse({
      network,
      services: { jobs: { kind: "worker" } },
      caches: { hot: { engine: "valkey", version: "8.0", serverless: {} } },
    });
  });
});

describe("faults of the cluster", () => {
  checkFaults("gantry:cluster", section("cluster"), [
    ["the capacity is unknown", { capacity: "lambda" }, "capacity", "choose one of these"],
    [
      "a share of Spot stands beside fargate",
      { onDemandBase: 1 },
      "onDemandBase",
      "remove onDemandBase, or set capacity: fargateSpot",
    ],
    ["instances stand beside fargate", { ec2: {} }, "ec2", "remove ec2, or set capacity: ec2"],
    [
      "no task may run anywhere",
      { capacity: "fargateSpot", spotWeight: 0, onDemandWeight: 0 },
      "spotWeight",
      "set spotWeight: 1",
    ],
    [
      "more instances are wanted than allowed",
      { capacity: "ec2", ec2: { minInstances: 5, maxInstances: 3 } },
      "ec2.minInstances",
      "set minInstances: 3, or raise maxInstances",
    ],
    [
      "the instance type is none",
      { capacity: "ec2", ec2: { instanceType: "medium" } },
      "ec2.instanceType",
      "write an instance type such as t3.medium",
    ],
  ]);
  checkFaults("gantry", (values) => values, [
    [
      "a task is too small for an instance",
      { services: { web: { cpu: 64 } }, cluster: { capacity: "ec2" } },
      "services.web.cpu",
      "set cpu: 128",
    ],
    [
      "instances have another architecture",
      { services, cluster: { capacity: "ec2", ec2: { instanceType: "m7gd.large" } } },
      "services.web.architecture",
      "set architecture: ARM64, or choose another cluster.ec2.instanceType",
    ],
  ]);
});
