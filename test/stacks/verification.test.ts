import assert from "node:assert/strict";
import { statementsOf, type PolicyDocument } from "../support/policies";
import { parsed } from "../support/record";
import { faultsOf, parse, type Values } from "./config/support";
import { environment } from "./support";

const source = { type: "codecommit", repository: "shop" };
const services = { web: { build: "app", verify: "npm run verify" } };
const closed = { allowedCidrs: ["203.0.113.0/24"] };
const values = (more: Values = {}): Values => ({
  ...{ services, pipeline: { source }, loadBalancer: closed },
  ...more,
});
const vpcId = "vpc-0a1b2c3d4e5f60718";
const subnets = (digit: number) => [0, 1].map((n) => `subnet-0a1b2c3d4e5f60${digit}${n}8`);
const existing = {
  ...{ mode: "existing", vpcId, publicSubnetIds: subnets(1), privateSubnetIds: subnets(2) },
  natAddresses: ["198.51.100.7", "198.51.100.8"],
};

const project = "aws:codebuild/project:Project";

describe("verification of services that are not open to the world (row 54)", () => {
  const made = (more: Values = {}) => environment(values(more), { stack: "staging" });

  async function ingress(more: Values = {}): Promise<string[]> {
    const { all } = await made(more);
    const rules = all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    return rules
      .filter(({ inputs }) => typeof inputs.cidrIpv4 === "string")
      .map(({ inputs }) => `${String(inputs.cidrIpv4)} ${String(inputs.fromPort)}`)
      .sort();
  }

  it("runs in the private subnets, in a security group that lets nothing in", async () => {
    const { one, all } = await made();
    const { vpcConfig } = one(project, "shop--staging-verify").inputs;
    assert.deepEqual(vpcConfig, {
      vpcId: "vpc-shop--staging-1a2b3c4",
      subnets: ["subnet-private1", "subnet-private2"],
      securityGroupIds: ["shop--staging-verify-1a2b3c4-id"],
    });
    one("aws:ec2/securityGroup:SecurityGroup", "shop--staging-verify");
    const rules = all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
    assert.ok(rules.some(({ name }) => name === "shop--staging-verify-out"));
    for (const { name, inputs } of all(project)) {
      assert.equal(inputs.vpcConfig === undefined, name !== "shop--staging-verify", name);
    }
  });

  it("is let in by the addresses of the NAT gateways", async () => {
    assert.deepEqual(await ingress(), ["198.51.100.1/32 80", "203.0.113.0/24 80"]);
    assert.deepEqual(await ingress({ network: { zones: 3, nat: "perZone" } }), [
      ...["198.51.100.1/32 80", "198.51.100.2/32 80", "198.51.100.3/32 80"],
      "203.0.113.0/24 80",
    ]);
    assert.deepEqual(await ingress({ network: existing }), [
      ...["198.51.100.7/32 80", "198.51.100.8/32 80"],
      "203.0.113.0/24 80",
    ]);
  });

  it("is let in once, where people have let the gateways in by themselves", async () => {
    const network = { ...existing, natAddresses: ["198.51.100.7", "198.51.100.7", "198.51.100.8"] };
    const loadBalancer = { allowedCidrs: ["198.51.100.7/32"] };
    assert.deepEqual(await ingress({ network, loadBalancer }), [
      "198.51.100.7/32 80",
      "198.51.100.8/32 80",
    ]);
  });

  it("may make interfaces for CodeBuild in these subnets alone", async () => {
    const { all } = await made({ network: existing });
    const policies = all("aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) =>
      JSON.stringify(inputs.policy).includes("ec2:CreateNetworkInterface"),
    );
    assert.deepEqual(
      policies.map(({ name }) => name),
      ["shop--staging-verify-policy"],
    );
    const statements = statementsOf(parsed<PolicyDocument>(policies[0], "policy"));
    const of = (action: string) =>
      statements.filter(({ Action }) => [Action].flat().includes(`ec2:${action}`));
    const arn = (resource: string) => `arn:aws:ec2:eu-west-1:123456789012:${resource}`;
    const arns = subnets(2).map((id) => arn(`subnet/${id}`));
    const interfaces = [arn("network-interface/*")];
    assert.deepEqual(
      of("CreateNetworkInterface").map(({ Resource }) => Resource),
      [[...interfaces, arn("security-group/*")], arns],
    );
    for (const [action, condition] of [
      ["DeleteNetworkInterface", {}],
      ["CreateNetworkInterfacePermission", { "ec2:AuthorizedService": "codebuild.amazonaws.com" }],
    ] as const) {
      assert.deepEqual(of(action), [
        {
          Effect: "Allow",
          Action: [`ec2:${action}`],
          Resource: interfaces,
          Condition: { StringEquals: { ...condition, "ec2:Subnet": arns } },
        },
      ]);
    }
  });

  for (const [what, more] of [
    ["the load balancer is open to the world", { loadBalancer: {} }],
    ["nothing is verified", { services: { web: { build: "app" } } }],
  ] as const) {
    it(`stays outside where ${what}`, async () => {
      const { one, all } = await made(more);
      assert.equal(one(project, "shop--staging-verify").inputs.vpcConfig, undefined);
      assert.ok(!JSON.stringify(all("aws:iam/rolePolicy:RolePolicy")).includes("NetworkInterface"));
    });
  }

  const path = "gantry:loadBalancer.allowedCidrs";
  const refused: readonly (readonly [string, Values, RegExp])[] = [
    ["there is no gateway", { network: { nat: "none" } }, /set network\.nat: single/],
    ["the VPC is the default one", { network: { mode: "existing" } }, /network\.natAddresses/],
    [
      "nobody says by which addresses",
      { network: { ...existing, natAddresses: undefined } },
      /network\.natAddresses/,
    ],
    [
      "the subnets are public",
      { network: { ...existing, privateSubnetIds: undefined } },
      /network\.privateSubnetIds/,
    ],
  ];
  for (const [what, more, fix] of refused) {
    it(`is refused where ${what}`, () => {
      const given = JSON.parse(JSON.stringify(values(more))) as Values;
      const [fault, ...others] = faultsOf(given);
      assert.deepEqual([fault.path, others], [path, []]);
      assert.match(fault.fix, fix);
    });
  }

  it("is not refused where nobody is kept out, or nothing is delivered", () => {
    parse(values({ network: { nat: "none" }, loadBalancer: {} }));
    parse({ services, network: { nat: "none" }, loadBalancer: closed });
  });

  it("fails when a gateway's address is none", () => {
    const network = { ...existing, natAddresses: ["198.51.100.0/24"] };
    const [fault] = faultsOf(values({ network })).filter(({ path: at }) => at !== path);
    assert.equal(fault.path, "gantry:network.natAddresses[0]");
    assert.match(fault.fix, /public address that the VPC console shows/);
  });
});
