import assert from "node:assert/strict";
import { sharedArn as existingArn, sharedListenerArn } from "../../components/service/existing";
import { checkFaults, faultsOf, parse, type FaultCase, type Values } from "./support";

const network = { mode: "existing" };
const vpc = {
  ...{ mode: "existing", vpcId: "vpc-0a1b2c3d4e5f60718" },
  privateSubnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"],
};
const web = { route: { hosts: ["shop.example.com"] } };
const shared = (loadBalancer: Values = {}, services: Values = { web }): Values => ({
  ...{ network, services, loadBalancer: { existingArn, ...loadBalancer } },
});
const listeners = existingArn.replace(":loadbalancer/", ":listener/");

describe("a load balancer that exists", () => {
  it("is named by its ARN, and by its listener's where that is not on 443", () => {
    assert.deepEqual(parse(shared()).loadBalancer.existing, { arn: existingArn });
    const { loadBalancer } = parse(shared({ existingListenerArn: sharedListenerArn }));
    assert.deepEqual(loadBalancer.existing, { arn: existingArn, listenerArn: sharedListenerArn });
    assert.equal(parse({ services: { web } }).loadBalancer.existing, undefined);
  });

  it("may have domains, further certificates, HTTP/2 and internal services beside it", () => {
    const domain = { name: "shop.example.com", zone: "example.com" };
    const arn = `arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f`;
    parse(shared({ domain }));
    parse(shared({ certificateArns: [arn], internal: true }));
    const grpc = { route: { ...web.route, protocol: "grpc" } };
    parse(shared({}, { web: grpc, admin: { route: { internal: true } } }));
  });

  it("says that a key has no place beside it, where it is known", () => {
    const givenOf = (key: string) => faultsOf(shared({ [key]: true })).map(({ given }) => given);
    assert.deepEqual(givenOf("waf"), ["a key that has no place beside the others"]);
    assert.deepEqual(givenOf("arn"), ["a key that has no place beside the others"]);
    assert.deepEqual(givenOf("firewall"), ["an unknown key"]);
  });

  checkFaults("gantry", (values) => values, [
    [
      "it is in no VPC that is there",
      { ...shared(), network: {} },
      "loadBalancer.existingArn",
      "set gantry:network: { mode: existing } with the VPC that the load balancer is in",
    ],
    [
      "its ARN is one of something else",
      shared({ existingArn: "shared" }),
      "loadBalancer.existingArn",
      "copy the ARN from the console or from aws elbv2 describe-load-balancers",
    ],
    [
      "its listener is another one's",
      shared({ existingListenerArn: sharedListenerArn.replace("shared", "other") }),
      "loadBalancer.existingListenerArn",
      `name one whose ARN begins with ${listeners}/`,
    ],
    [
      "an internal service beside it speaks gRPC without HTTPS",
      shared({}, { admin: { route: { internal: true, protocol: "grpc" } } }),
      "services.admin.route.protocol",
      "set gantry:loadBalancer.domain, or remove protocol",
    ],
    [
      "a listener is named alone",
      { ...shared(), loadBalancer: { existingListenerArn: sharedListenerArn } },
      "loadBalancer.existingArn",
      "add existingArn: the ARN of an Application Load Balancer",
    ],
    ...["existingARN", "existing", "existingAlbArn"].map((key): FaultCase => [
      `it is named as ${key}`,
      { network: vpc, services: { web }, loadBalancer: { [key]: existingArn } },
      `loadBalancer.${key}`,
      "did you mean existingArn?",
    ]),
    [
      "its ARN is wrong, in a VPC with private subnets alone",
      {
        ...shared({ existingArn: "shared", existingListenerArn: sharedListenerArn }),
        network: vpc,
      },
      "loadBalancer.existingArn",
      "copy the ARN from the console or from aws elbv2 describe-load-balancers",
    ],
    [
      "the only host is no name",
      shared({}, { web: { route: { hosts: ["*"] } } }),
      "services.web.route.hosts[0]",
      "write it as api.example.com",
    ],
    [
      "a service would take everybody's requests",
      shared({}, { web: {} }),
      "services.web.route.hosts",
      "set route.hosts: [web.example.com]",
    ],
    [
      "a host is everybody's",
      shared({}, { web: { route: { hosts: ["*.com"] } } }),
      "services.web.route.hosts[0]",
      "write it as web.example.com or *.web.example.com",
    ],
    ...["waf", "accessLogs", "allowedCidrs", "allowedPrefixLists", "certificateArn"].map(
      (key): FaultCase => [
        `${key} is its owner's`,
        shared({ [key]: "managed" }),
        `loadBalancer.${key}`,
        `remove ${key}, or set no existingArn: its owner decides about it`,
      ],
    ),
  ]);
});
