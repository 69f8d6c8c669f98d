import assert from "node:assert/strict";
import type { FoundLoadBalancer } from "../../components";
import { createEnvironment } from "../../stacks/environment";
import { existingLoadBalancer } from "../../stacks/existingLoadBalancer";
import { lookups } from "../../stacks/pipeline";
import { refuseTakenPriorities, type ListenerRule } from "../../stacks/takenPriorities";
import { sharedArn, sharedListenerArn, sharedLoadBalancer } from "../components/service/existing";
import { record } from "../support/record";
import { parse, type Values } from "./config/support";
import { environment } from "./support";

const network = {
  mode: "existing",
  vpcId: "vpc-0a1b2c3d4e5f60718",
  privateSubnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"],
};
const web = { build: "app", route: { hosts: ["shop.example.com"] } };
const loadBalancer = { existingArn: sharedArn };
const shared = (services: Values = { web }): Values => ({ network, loadBalancer, services });

/** What AWS answers of the load balancer. */
const there = (given: Partial<FoundLoadBalancer> = {}) => {
  const { isInternal, listener, securityGroupIds, ...found } = sharedLoadBalancer({
    vpcId: network.vpcId,
    ...given,
  });
  return {
    "aws:lb/getLoadBalancer:getLoadBalancer": () => ({
      ...{ ...found, internal: isInternal, securityGroups: securityGroupIds },
    }),
    "aws:lb/getListener:getListener": () => ({ ...listener }),
  };
};

const made = (values: Values, given?: Partial<FoundLoadBalancer>) =>
  environment(values, { calls: there(given) });

const types = {
  balancer: "aws:lb/loadBalancer:LoadBalancer",
  rule: "aws:lb/listenerRule:ListenerRule",
};

describe("an environment behind a load balancer that exists", () => {
  it("makes rules on its listener, and no load balancer", async () => {
    const { all } = await made(shared());
    assert.equal(all(types.balancer).length, 0);
    const rules = all(types.rule).map(({ inputs }) => inputs.listenerArn);
    assert.deepEqual(rules, [sharedListenerArn, sharedListenerArn]);
    assert.equal(all("aws:s3/bucket:Bucket").length, 0);
  });

  it("makes an internal one beside it for services that ask for it", async () => {
    const admin = { build: "app", route: { internal: true } };
    const { all } = await made(shared({ web, admin }));
    assert.deepEqual(
      all(types.balancer).map(({ name }) => name),
      ["shop-staging-internal"],
    );
  });

  const http = { arn: sharedListenerArn, port: 80, protocol: "HTTP" };
  it("is refused behind a listener of HTTP with what needs HTTPS", async () => {
    const certificate =
      "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
    const values = shared({ web: { ...web, route: { ...web.route, protocol: "grpc" } } });
    const refused = made(
      { ...values, loadBalancer: { ...loadBalancer, certificateArns: [certificate] } },
      { listener: http },
    );
    await assert.rejects(refused, ({ message }: Error) => {
      assert.match(message, /has 2 faults/);
      assert.match(message, /existingListenerArn\n +given {4}HTTP\n[^]*name a listener of HTTPS/);
      assert.match(
        message,
        /services\.web\.route\.protocol\n +given {4}grpc\n[^]*existingListenerArn, or/,
      );
      return true;
    });
    await made(shared(), { listener: http });
  });

  for (const [answer, told] of [
    ["api error LoadBalancerNotFound: One or more", /fix {6}correct the ARN/],
    ["no matching ELBv2 Load Balancer found", /fix {6}correct the ARN/],
    ["api error ExpiredToken: The security token", /^(?![^]*correct the ARN)[^]*ExpiredToken/],
    ["api error AccessDenied: not authorized", /^(?![^]*correct the ARN)[^]*AccessDenied/],
  ] as const) {
    it(`tells that AWS answered: ${answer}`, async () => {
      const asked = existingLoadBalancer(parse(shared()), () => Promise.reject(new Error(answer)));
      await assert.rejects(asked, ({ message }: Error) => {
        assert.match(message, told);
        return true;
      });
    });
  }

  it("asks for nothing that was found already", async () => {
    const { calls, all } = await record(() =>
      createEnvironment(
        parse(shared(), { stack: "staging" }),
        undefined,
        {},
        { loadBalancer: sharedLoadBalancer({ vpcId: network.vpcId }) },
      ),
    );
    assert.ok(calls.every(({ token }) => !token.startsWith("aws:lb/")));
    assert.equal(all(types.rule).length, 2);
  });

  it("asks for nothing where no service is on the web", async () => {
    const { calls } = await environment({
      ...shared({ jobs: { kind: "worker", build: "app" } }),
    });
    assert.ok(calls.every(({ token }) => !token.startsWith("aws:lb/")));
  });

  it("lets its pipeline look it up", () => {
    assert.equal(lookups(parse(shared())).existingLoadBalancer, true);
    assert.ok(!("existingLoadBalancer" in lookups(parse({ services: { web } }))));
  });

  for (const [what, given, fault] of [
    [
      "is in another VPC",
      { vpcId: "vpc-0b1b2c3d4e5f60718" },
      /existingArn[^]*given {4}one of vpc-0b/,
    ],
    [
      "is internal",
      { isInternal: true },
      /internal[^]*given {4}false[^]*fix {6}set internal: true/,
    ],
    [
      "listens on another port",
      { listener: { arn: sharedListenerArn, port: 8443, protocol: "HTTPS" } },
      /existingListenerArn[^]*given {4}HTTPS on 8443/,
    ],
  ] as const) {
    it(`is refused before anything is made where that ${what}`, async () => {
      await assert.rejects(made(shared(), given), fault);
    });
  }
});

describe("priorities on a listener that others use", () => {
  const rule = (priority: number | undefined, tags: Record<string, string> = {}): ListenerRule => ({
    ...{ arn: `rule-${priority}`, priority, tags },
  });
  const values = shared({ web: { ...web, route: { ...web.route, priority: 10 } } });
  const check = (...rules: ListenerRule[]) =>
    refuseTakenPriorities(parse(values), sharedLoadBalancer(), () => Promise.resolve(rules));

  it("may be those of its own rules, and of nobody", async () => {
    const own = { "gantry:name": "shop", "gantry:stack": "staging" };
    await check(rule(10, own), rule(49_991, own), rule(9), rule(undefined));
  });

  it("are refused where another has them, with one that is free", async () => {
    const others = { "gantry:name": "shop", "gantry:stack": "production" };
    await assert.rejects(
      check(rule(10, others), rule(11)),
      /services\.web\.route\.priority[^]*10, which the rule rule-10 \(gantry:name=shop, gantry:stack=production\)[^]*set priority: 12/,
    );
  });

  it("are refused where another has that of the rule that attaches", async () => {
    await assert.rejects(check(rule(49_991)), /49991, which the rule rule-49991[^]*priority: 11/);
  });

  it("are refused where the load balancer takes no more rules", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => rule(101 + index));
    await check(...many(98), rule(undefined));
    await assert.rejects(
      check(...many(99)),
      /gantry:services[^]*2 rules, for a listener that has 99 of others[^]*at most 1: [^]*quotas\.rulesPerLoadBalancer/,
    );
  });
});
