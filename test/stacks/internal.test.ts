import assert from "node:assert/strict";
import type { Values } from "./config/support";
import { environment } from "./support";

const source = { type: "codecommit", repository: "shop" };
const verify = "npm run verify";
const inside = { verify, route: { internal: true, hosts: ["admin.example.com"] } };
const loadBalancer = { domain: { name: "shop.example.com", zone: "example.com" } };

const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

const types = {
  balancer: "aws:lb/loadBalancer:LoadBalancer",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  record: "aws:route53/record:Record",
  certificate: "aws:acm/certificate:Certificate",
} as const;

const made = (values: Values) =>
  environment({ services: { web: { build: "app" } }, ...values }, { stack: "staging" });

describe("an internal load balancer of an environment", () => {
  it("is beside the one that faces the internet, with the names of its own services", async () => {
    const { all } = await made({
      loadBalancer,
      services: { web: { build: "app" }, admin: { build: "app", ...inside } },
    });
    assert.deepEqual(
      all(types.balancer).map(({ name, inputs }) => [name, inputs.internal ?? false]),
      [
        ["shop-staging", false],
        ["shop-staging-internal", true],
      ],
    );
    assert.deepEqual(
      all(types.certificate).map(({ inputs }) => inputs.domainName),
      ["shop.example.com", "admin.example.com"],
    );
    const names = all(types.record).map(({ name }) => name);
    assert.ok(names.includes("shop--staging-internal-alias-admin.example.com"));
    assert.ok(!names.includes("shop--staging-alias-admin.example.com"));
  });

  it("has the certificates of the other one's where it speaks HTTPS", async () => {
    const arn = (digit: number) =>
      `arn:aws:acm:eu-west-1:123456789012:certificate/${digit}a1b2c3d-0000-4000-8000-000000000000`;
    const { all } = await made({
      loadBalancer: { ...loadBalancer, certificateArns: [arn(1), arn(2)] },
      services: {
        web: { build: "app" },
        admin: { build: "app", route: { internal: true, paths: ["/admin"] } },
      },
    });
    assert.deepEqual(
      all("aws:lb/listenerCertificate:ListenerCertificate").map(({ name, inputs }) => [
        ...[name, inputs.certificateArn],
      ]),
      [1, 2].map((digit) => [
        `shop--staging-https-${digit}a1b2c3d-0000-4000-8000-000000000000`,
        arn(digit),
      ]),
    );
  });

  it("lets in the project that verifies its services, in the VPC", async () => {
    const { all, one } = await made({
      ...{ loadBalancer, pipeline: { source } },
      services: { web: { build: "app" }, admin: { build: "app", ...inside } },
    });
    assert.ok(one("aws:codebuild/project:Project", "shop--staging-verify").inputs.vpcConfig);
    const { inputs } = one(types.ingress, "shop--staging-verify-to-internal");
    assert.deepEqual([inputs.fromPort, inputs.toPort], [443, 443]);
    assert.equal(inputs.referencedSecurityGroupId, "shop--staging-verify-1a2b3c4-id");
    // The one that faces the internet is open to the world.
    assert.ok(!all(types.ingress).some(({ name }) => name.includes("address")));
  });

  it("is beside one that lets in prefix lists, which are not its own", async () => {
    const { all } = await made({
      loadBalancer: { ...loadBalancer, allowedPrefixLists: ["pl-0a1b2c3d4e5f60718"] },
      services: { web: { build: "app" }, admin: { build: "app", ...inside } },
    });
    const from = all(types.ingress)
      .filter(({ name }) => name.includes("-from-"))
      .map(({ name, inputs }) => [name.split("-from-")[0], inputs.prefixListId ?? inputs.cidrIpv4]);
    assert.deepEqual(from, [
      ["shop--staging", "pl-0a1b2c3d4e5f60718"],
      ["shop--staging", "pl-0a1b2c3d4e5f60718"],
      ...privateNetworks.flatMap((network) => [
        ["shop--staging-internal", network],
        ["shop--staging-internal", network],
      ]),
    ]);
  });

  it("is the only one where the environment is internal, and lets in whom it names", async () => {
    const { all, one } = await made({
      loadBalancer: { internal: true, allowedCidrs: ["10.0.0.0/8"] },
      pipeline: { source },
      services: { web: { build: "app", verify } },
    });
    assert.equal(one(types.balancer).inputs.internal, true);
    const from = all(types.ingress)
      .map(({ inputs }) => inputs.cidrIpv4)
      .filter((cidr) => cidr !== undefined);
    assert.deepEqual(from, ["10.0.0.0/8"]);
    one(types.ingress, "shop--staging-verify-to-main");
  });

  it("lets in private addresses alone where it names nobody", async () => {
    const { all } = await made({ loadBalancer: { internal: true } });
    const from = all(types.ingress)
      .map(({ inputs }) => inputs.cidrIpv4)
      .filter((cidr) => cidr !== undefined);
    assert.deepEqual(from, privateNetworks);
  });
});
