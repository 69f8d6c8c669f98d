import assert from "node:assert/strict";
import type { ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
  type Tag,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  beginMaintenance,
  defaultPage,
  endMaintenance,
  longestPage,
  maintenanceOf,
} from "../../delivery/maintenance";
import { decide } from "../../rehearsal/loadBalancer/rules";
import { sharedArn } from "../components/service/existing";
import { aTarget } from "./support/aTarget";
import { web } from "./support/fakePorts";

const forward = (priority: number, ...paths: string[]): Rule => ({
  ...{ RuleArn: `rule-${priority}`, Priority: String(priority) },
  Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: paths } }],
  Actions: [{ Type: "forward", TargetGroupArn: "web" }],
});

/** The rule by which a target group is only kept on its load balancer. */
const attaching = (priority: number): Rule => ({
  ...forward(priority),
  Conditions: [{ Field: "source-ip", SourceIpConfig: { Values: ["192.0.2.0/32"] } }],
});

const byDefault: Rule = {
  ...{ RuleArn: "rule-default", Priority: "default", Conditions: [] },
  Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
};

/** A load balancer whose HTTPS listener has these rules, two a page, and whose HTTP listener leads to it. */
class FakeLoadBalancer {
  readonly tags = new Map<string, Tag[]>();
  readonly rules: Rule[];
  mostRules = 100;
  listeners = [
    { ListenerArn: "http", Protocol: "HTTP" },
    { ListenerArn: "https", Protocol: "HTTPS" },
  ];

  constructor(...rules: Rule[]) {
    this.rules = [...rules, byDefault];
  }

  readonly client = Object.assign(new ElasticLoadBalancingV2Client({ region: "eu-west-1" }), {
    send: (command: unknown): Promise<unknown> => Promise.resolve(this.answer(command)),
  });

  private answer(command: unknown): unknown {
    if (command instanceof DescribeTargetGroupsCommand) {
      assert.deepEqual(command.input.TargetGroupArns, ["web-targets"]);
      return { TargetGroups: [{ LoadBalancerArns: ["lb"] }] };
    }
    if (command instanceof DescribeListenersCommand) return { Listeners: this.listeners };
    if (command instanceof DescribeRulesCommand) {
      const start = Number(command.input.Marker ?? 0);
      const NextMarker = start + 2 < this.rules.length ? String(start + 2) : undefined;
      return { Rules: this.rules.slice(start, start + 2), NextMarker };
    }
    if (command instanceof DescribeTagsCommand) {
      const [arn] = command.input.ResourceArns ?? [];
      return { TagDescriptions: [{ ResourceArn: arn, Tags: this.tags.get(arn) ?? [] }] };
    }
    if (command instanceof CreateRuleCommand) {
      const { Priority, Tags = [], Conditions, Actions, ListenerArn } = command.input;
      assert.ok(!this.rules.some((rule) => rule.Priority === String(Priority)), "PriorityInUse");
      if (this.rules.length === this.mostRules) throw new Error("TooManyRules");
      assert.ok(this.listeners.some((one) => one.ListenerArn === ListenerArn));
      const RuleArn = this.tags.size === 0 ? "page" : `page${this.tags.size + 1}`;
      this.rules.push({ RuleArn, Priority: String(Priority), Conditions, Actions });
      this.tags.set(RuleArn, Tags);
      return { Rules: [{ RuleArn }] };
    }
    const { RuleArn } = (command as ModifyRuleCommand | DeleteRuleCommand).input;
    const index = this.rules.findIndex((rule) => rule.RuleArn === RuleArn);
    assert.ok(index >= 0, "RuleNotFound");
    if (command instanceof DeleteRuleCommand) this.rules.splice(index, 1);
    else {
      assert.ok(command instanceof ModifyRuleCommand);
      this.rules[index] = { ...this.rules[index], Actions: command.input.Actions };
    }
    return {};
  }

  /** What somebody gets who asks for a path. */
  get(path: string, host = "shop.example.com") {
    const request = { method: "GET", host, path, rawQuery: "" };
    const asked = { ...request, headers: {}, query: [], sourceIp: "203.0.113.7" };
    return decide(this.rules, asked, { protocol: "HTTPS", port: 443 });
  }
}

const target = aTarget({ services: { web, jobs: { kind: "worker", build: "jobs" } } });

/** An ECS whose web service is behind the load balancer, or is not there. */
function ecsWith(loadBalancers: readonly object[]): ECSClient {
  const service = { serviceName: target.names.service("web"), status: "ACTIVE", loadBalancers };
  return { send: () => Promise.resolve({ services: [service] }) } as unknown as ECSClient;
}

const attached = [{ targetGroupArn: "web-targets" }];
const now = new Date("2026-01-31T22:00:00Z");
const by = "ada@laptop";
const page = { body: "<h1>Later</h1>", contentType: "text/html" } as const;

describe("maintenance", () => {
  const on = (balancer: FakeLoadBalancer, more: object = {}) => ({
    ...{ target, page, by, now, clients: { elb: balancer.client, ecs: ecsWith(attached) } },
    ...more,
  });

  it("answers every request with the page, before every rule, and ends", async () => {
    const balancer = new FakeLoadBalancer(attaching(1), forward(5, "/api/*"), forward(900, "/*"));
    const before = [...balancer.rules];
    assert.equal(await maintenanceOf(on(balancer)), undefined);
    assert.deepEqual(await beginMaintenance(on(balancer)), { since: now.toISOString(), by });
    for (const path of ["/", "/api/orders", "/deep/down"]) {
      assert.deepEqual(balancer.get(path), { kind: "answer", status: 503, ...page });
    }
    assert.equal(balancer.rules.at(-1)?.Priority, "2");
    assert.deepEqual(await maintenanceOf(on(balancer)), { since: now.toISOString(), by });
    assert.deepEqual(await endMaintenance(on(balancer)), { since: now.toISOString(), by });
    assert.deepEqual(balancer.rules, before);
    assert.equal(balancer.get("/api/orders").kind, "forward");
    assert.equal(await endMaintenance(on(balancer)), undefined);
  });

  describe("behind a load balancer that serves others too", () => {
    const behindShared = aTarget({
      network: { mode: "existing" },
      loadBalancer: { existingArn: sharedArn },
      services: { web: { ...web, route: { hosts: ["www.example.com"], paths: ["/blog/*"] } } },
    });
    const rule = (group: string, priority: number, hosts: string[], ...paths: string[]): Rule => ({
      ...{ RuleArn: `${group}-${priority}`, Priority: String(priority) },
      // As AWS describes them: the values twice.
      Conditions: [
        { Field: "host-header", Values: hosts, HostHeaderConfig: { Values: hosts } },
        ...(paths.length === 0
          ? []
          : [{ Field: "path-pattern", Values: paths, PathPatternConfig: { Values: paths } }]),
      ],
      Actions: [{ Type: "forward", TargetGroupArn: group }],
    });
    const own = (priority: number, host: string, ...paths: string[]) =>
      rule("web-targets", priority, [host], ...paths);
    const others = (priority: number, host: string, ...paths: string[]) =>
      rule("others", priority, [host], ...paths);
    const www = "www.example.com";
    const begin = (balancer: FakeLoadBalancer) => {
      balancer.listeners = [{ ListenerArn: "https", Protocol: "HTTPS" }];
      return beginMaintenance(on(balancer, { target: behindShared }));
    };
    const pagesOf = (balancer: FakeLoadBalancer) =>
      balancer.rules.filter(({ RuleArn }) => RuleArn?.startsWith("page"));

    it("answers what its rules match, right before each of them, and nothing of others", async () => {
      const balancer = new FakeLoadBalancer(
        ...[others(2, "a.example.com"), own(10, www, "/blog/*"), others(20, www, "/shop/*")],
        ...[others(30, "api.example.com"), own(40, "*.example.com"), others(50, "*.org")],
      );
      await begin(balancer);
      const described = pagesOf(balancer).map(({ Priority, Conditions }) => [Priority, Conditions]);
      const host = { Field: "host-header", PathPatternConfig: undefined };
      const path = { Field: "path-pattern", HostHeaderConfig: undefined };
      assert.deepEqual(described, [
        [
          "9",
          [
            { ...host, HostHeaderConfig: { Values: [www] } },
            { ...path, PathPatternConfig: { Values: ["/blog/*"] } },
          ],
        ],
        ["39", [{ ...host, HostHeaderConfig: { Values: ["*.example.com"] } }]],
      ]);
      assert.equal(balancer.get("/blog/1", www).kind, "answer");
      assert.equal(balancer.get("/shop/1", www).kind, "forward");
      assert.equal(balancer.get("/", "a.example.com").kind, "forward");
      assert.equal(balancer.get("/", "api.example.com").kind, "forward");
      assert.equal(balancer.get("/", "shop.example.com").kind, "answer");
      await endMaintenance(on(balancer, { target: behindShared }));
      assert.equal(balancer.get("/blog/1", www).kind, "forward");
    });

    it("crosses rules of others only where no request meets both", async () => {
      const disjoint = [others(7, "a.example.com"), others(8, www, "/shop/*"), attaching(9)];
      const balancer = new FakeLoadBalancer(...disjoint, own(10, www, "/blog/*"));
      await begin(balancer);
      assert.deepEqual(
        pagesOf(balancer).map(({ Priority }) => Priority),
        ["6"],
      );
      for (const crossed of [
        others(9, "*.example.com"),
        others(9, "WWW.example.com", "/blog/new"),
        { ...forward(9, "/blog/*"), Conditions: [] },
        { ...forward(9), Conditions: [{ Field: "host-header", HostHeaderConfig: {} }] },
      ]) {
        const met = new FakeLoadBalancer(crossed, own(10, www, "/blog/*"));
        await assert.rejects(begin(met), /a page would take its requests/);
        assert.equal(pagesOf(met).length, 0);
      }
    });

    it("makes all pages or none", async () => {
      const balancer = new FakeLoadBalancer(own(10, www), own(20, "*.example.com"));
      balancer.mostRules = 4;
      await assert.rejects(begin(balancer), /TooManyRules/);
      assert.equal(pagesOf(balancer).length, 0);
    });

    it("leaves the pages of others alone", async () => {
      const balancer = new FakeLoadBalancer(own(5, www));
      await beginMaintenance(on(balancer));
      balancer.tags.set("page", [{ Key: "gantry:maintenance-since", Value: "2026-01-01" }]);
      const options = on(balancer, { target: behindShared });
      assert.equal(await maintenanceOf(options), undefined);
      assert.equal(await endMaintenance(options), undefined);
      assert.equal(balancer.get("/").kind, "answer");
    });

    it("is refused where nothing can stand before its own rule", async () => {
      const balancer = new FakeLoadBalancer(others(1, "a.example.com"), own(2, www));
      await assert.rejects(begin(balancer), /has the priority 2: none can stand before it/);
    });
  });

  it("says who began it in what AWS takes in a tag", async () => {
    const balancer = new FakeLoadBalancer(forward(5, "/*"));
    await beginMaintenance(on(balancer, { by: "ada (on call)@laptop" }));
    assert.equal((await maintenanceOf(on(balancer)))?.by, "ada _on call_@laptop");
  });

  it("exchanges the page, and began when it began", async () => {
    const balancer = new FakeLoadBalancer(forward(5, "/*"));
    await beginMaintenance(on(balancer));
    const text = { body: "later", contentType: "text/plain" };
    const again = { page: text, by: "bob", now: new Date("2026-02-01T00:00:00Z") };
    const answered = await beginMaintenance(on(balancer, again));
    assert.deepEqual(answered, { since: now.toISOString(), by });
    assert.deepEqual(balancer.get("/"), { kind: "answer", status: 503, ...text });
    assert.equal(balancer.rules.length, 3);
  });

  it("is on the listener that serves, where there is no HTTPS", async () => {
    const balancer = new FakeLoadBalancer(forward(5, "/*"));
    balancer.listeners = [{ ListenerArn: "http", Protocol: "HTTP" }];
    await beginMaintenance(on(balancer));
    assert.deepEqual(balancer.get("/"), { kind: "answer", status: 503, ...page });
  });

  it("has a page of its own, which a load balancer takes", () => {
    assert.ok(defaultPage.body.length <= longestPage);
    assert.match(defaultPage.body, /^<!doctype html>[^]*Back soon/);
  });

  it("fails where a rule that requests meet is the first, and says which route", async () => {
    const balancer = new FakeLoadBalancer(forward(1, "/api/*"));
    await assert.rejects(beginMaintenance(on(balancer)), ({ message, details }: never) => {
      assert.match(message, /rule of staging has the priority 1: none can stand before it/);
      assert.match(String(details), /another priority, such as 2, and run pulumi up/);
      return true;
    });
  });

  it("fails where no load balancer leads to a service", async () => {
    const balancer = new FakeLoadBalancer();
    const clients = { elb: balancer.client, ecs: ecsWith([]) };
    const none = /no load balancer leads to a service of staging/;
    for (const act of [beginMaintenance, endMaintenance, maintenanceOf]) {
      await assert.rejects(act(on(balancer, { clients })), none);
      const unlistened = new FakeLoadBalancer();
      unlistened.listeners = [];
      await assert.rejects(act(on(unlistened)), none);
    }
  });
});
