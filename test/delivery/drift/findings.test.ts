import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { findingsOf, fingerprintOf, notCompared } from "../../../delivery/drift/findings";
import { readEvents, type ReadResource } from "../../../delivery/engine/readBack";

/** What Pulumi's engine told of a stack on the emulator (3.248): as applied, after changes by hand, and under a role that may read little. */
const recorded = JSON.parse(readFileSync(join(__dirname, "recorded.json"), "utf8")) as Readonly<
  Record<"untouched" | "changed" | "denied", readonly EngineEvent[]>
>;

const lines = (name: keyof typeof recorded) =>
  findingsOf(readEvents(recorded[name])).map(
    ({ what, type, name: of, property = "", stated = "", found = "" }) =>
      `${what} ${type} ${of.replace(/^gantry-+staging-+/, "")} ${property}: ${stated} > ${found}`,
  );

describe("what a refresh finds", () => {
  it("is nothing in a stack as it was applied, though outputs differ from the state's", () => {
    const { resources, unread } = readEvents(recorded.untouched);
    assert.ok(resources.length > 8);
    assert.deepEqual([unread, lines("untouched")], [[], []]);
  });

  it("is what was changed, by property; what is gone; and what was added to a group and to a role", () => {
    assert.deepEqual(
      lines("changed").map((line) => line.slice(0, 130)),
      [
        "changed aws:cloudwatch:LogGroup jobs-logs retentionInDays: 14 > 1",
        "gone aws:cloudwatch:LogGroup web-logs :  > ",
        "added aws:ec2:SecurityGroup web-tasks ingress rule:  > tcp 22, 0.0.0.0/0",
        "changed aws:ecs:Service jobs-service enableExecuteCommand: true > false",
        "changed aws:ecs:Service jobs-service tags.by:  > hand",
        "added aws:iam:Role web-taskRole inline policy:  > by-hand",
        "changed aws:iam:RolePolicy web-executionPolicy policy.Statement[0].Action[0]: logs:CreateLogStream > s3:*",
        "changed aws:iam:RolePolicy web-executionPolicy policy.Statement[0].Action[1]: logs:PutLogEvents > ",
        "changed aws:iam:RolePolicy web-executionPolicy policy.Statement[0].Resource[0]: arn:aws:logs:eu-west-1:123456789012:log-group:/gan",
        'changed aws:iam:RolePolicy web-executionPolicy policy.Statement[1]: {"Effect":"Allow","Action":["ecr:GetAuthorizationToken"],"Reso',
        'changed aws:iam:RolePolicy web-executionPolicy policy.Statement[2]: {"Effect":"Allow","Action":["ecr:BatchCheckLayerAvailability",',
        "changed aws:s3:BucketPublicAccessBlock access-logs-public blockPublicAcls: true > false",
        "changed aws:s3:BucketPublicAccessBlock access-logs-public blockPublicPolicy: true > false",
      ],
    );
  });

  it("leaves out what could not be read, and says which right is missing", () => {
    const read = readEvents(recorded.denied);
    const unread = notCompared(read.unread);
    assert.deepEqual(
      unread
        .map(({ type, reason }) => `${type}: ${reason}`)
        .filter((line) => /LogGroup/.test(line))[0],
      "aws:cloudwatch:LogGroup: it may not call logs:DescribeLogGroups",
    );
    const names = new Set(unread.map(({ urn }) => urn));
    assert.ok(read.resources.every(({ urn }) => !names.has(urn)));
  });

  it("has the same id whatever the value, and another fingerprint for another value", () => {
    const [finding] = findingsOf(readEvents(recorded.changed));
    const other = { ...finding, found: "7" };
    assert.notEqual(fingerprintOf([finding]), fingerprintOf([other]));
    assert.equal(fingerprintOf([finding]), fingerprintOf([{ ...finding }]));
  });
});

const group = (more: Partial<ReadResource> = {}): ReadResource => ({
  urn: "urn:pulumi:staging::shop::gantry:index:Service$aws:ec2/securityGroup:SecurityGroup::web",
  type: "aws:ec2/securityGroup:SecurityGroup",
  ...{ name: "web", id: "sg-1", found: "asStated", properties: [] },
  ...{ inputs: {}, foundInputs: {}, outputs: {} },
  ...more,
});
const rule = (inputs: object, direction = "Ingress"): ReadResource => ({
  ...group(),
  urn: `urn:pulumi:staging::shop::aws:vpc/securityGroup${direction}Rule::rule`,
  type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
  inputs: { securityGroupId: "sg-1", ...inputs },
});
const block = (more: object) => ({
  ...{ protocol: "tcp", fromPort: 443, toPort: 443, description: "anything" },
  ...{ cidrBlocks: [], ipv6CidrBlocks: [], prefixListIds: [], securityGroups: [], self: false },
  ...more,
});
const added = (resources: readonly ReadResource[], unread: readonly ReadResource[] = []) =>
  findingsOf({
    resources,
    unread: unread.map((each) => ({ ...each, reason: "it may not" })),
  }).map(({ property, found }) => `${property}: ${found}`);

describe("rules that were added to a security group", () => {
  for (const [what, given, seen] of [
    ["a block", { cidrIpv4: "10.0.0.0/8" }, { cidrBlocks: ["10.0.0.0/8"] }],
    ["a block of IPv6", { cidrIpv6: "::/0" }, { ipv6CidrBlocks: ["::/0"] }],
    ["a prefix list", { prefixListId: "pl-1" }, { prefixListIds: ["pl-1"] }],
    ["a group", { referencedSecurityGroupId: "sg-2" }, { securityGroups: ["sg-2"] }],
    [
      "a group of another account",
      { referencedSecurityGroupId: "1/sg-2" },
      { securityGroups: ["1/sg-2"] },
    ],
    ["the group itself", { referencedSecurityGroupId: "sg-1" }, { self: true }],
  ] as const) {
    it(`are none that the stack has itself: of ${what}`, () => {
      const own = rule({ ipProtocol: "tcp", fromPort: 443, toPort: 443, ...given });
      const outputs = { ingress: [block(seen)], egress: [] };
      assert.deepEqual(added([group({ outputs }), own]), []);
      // Nor where its own rule could not be read.
      assert.deepEqual(added([group({ outputs })], [own]), []);
      assert.equal(added([group({ outputs })]).length, 1);
    });
  }

  it("are none of everything, however its ports are written", () => {
    const outputs = {
      ...{ ingress: [] },
      egress: [block({ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] })],
    };
    const own = rule({ ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }, "Egress");
    assert.deepEqual(added([group({ outputs }), own]), []);
  });

  it("are told one by one of a block that has several peers", () => {
    const outputs = { ingress: [block({ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] })] };
    const own = rule({ ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/8" });
    assert.deepEqual(added([group({ outputs }), own]), ["ingress rule: tcp 443, 0.0.0.0/0"]);
  });

  it("are none where the group has its rules in itself, which the provider compares", () => {
    const outputs = { ingress: [block({ cidrBlocks: ["0.0.0.0/0"] })] };
    assert.deepEqual(added([group({ outputs, inputs: { ingress: [] } })]), []);
  });

  it("are none that lead from a load balancer to the tasks of an environment which shares it", () => {
    const urn =
      "urn:pulumi:staging::shop::gantry:index:LoadBalancer$aws:ec2/securityGroup:SecurityGroup::shop";
    const outputs = { egress: [block({ securityGroups: ["sg-9"] })], ingress: [] };
    assert.deepEqual(added([group({ urn, outputs })]), []);
    assert.deepEqual(added([group({ outputs })]), ["egress rule: tcp 443, sg-9"]);
  });
});

describe("policies that were added to a role", () => {
  const role = (outputs: object, inputs: object = {}): ReadResource => ({
    ...group(),
    type: "aws:iam/role:Role",
    outputs: { name: "web", inlinePolicies: [], managedPolicyArns: [], ...outputs },
    inputs: { ...inputs },
  });

  it("are none of the stack's own", () => {
    const own = {
      ...group(),
      type: "aws:iam/rolePolicy:RolePolicy",
      ...{ inputs: { role: "web" }, outputs: { name: "own" } },
    };
    const attached = {
      ...group(),
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      inputs: { role: "web", policyArn: "arn:own" },
    };
    const web = role({ inlinePolicies: [{ name: "own" }], managedPolicyArns: ["arn:own"] });
    assert.deepEqual(added([web, own, attached]), []);
    assert.deepEqual(added([web]), ["inline policy: own", "attached policy: arn:own"]);
  });
});
