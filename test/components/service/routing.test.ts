import assert from "node:assert/strict";
import { LoadBalancer, Service, type LoadBalancerArgs } from "../../../components";
import { routePriority } from "../../../components/service/routePriority";
import type { RouteArgs } from "../../../components/service/routing";
import { record, valueOf } from "../../support/record";
import { network, service, types, web } from "./support";

const forwarded = "arn:aws:lb:eu-west-1:123456789012:targetGroup/web-1a2b3c4";

async function urlOf(route: RouteArgs, more: Partial<LoadBalancerArgs> = {}): Promise<string> {
  const { value } = await record(() => {
    const loadBalancer = new LoadBalancer("shop", { network, ...more });
    return new Service("web", web({ loadBalancer, route }));
  });
  assert.ok(value.url);
  return valueOf(value.url);
}

describe("routing of a Service", () => {
  describe("conditions", () => {
    const everything = [{ pathPattern: { values: ["/*"] } }];
    const table: [string, RouteArgs | undefined, unknown][] = [
      ["without a route are every path", undefined, everything],
      ["of an empty route are every path", { paths: [], hosts: [] }, everything],
      [
        "of paths are these paths",
        { paths: ["/api/*", "/v2/*"] },
        [{ pathPattern: { values: ["/api/*", "/v2/*"] } }],
      ],
      [
        "of hosts are these hosts, with every path",
        { hosts: ["api.example.com"] },
        [{ hostHeader: { values: ["api.example.com"] } }],
      ],
      [
        "of hosts and every path say so once",
        { hosts: ["api.example.com"], paths: ["/*"] },
        [{ hostHeader: { values: ["api.example.com"] } }],
      ],
      [
        "of hosts and paths must both hold",
        { hosts: ["*.example.com"], paths: ["/api/*"] },
        [{ hostHeader: { values: ["*.example.com"] } }, { pathPattern: { values: ["/api/*"] } }],
      ],
    ];
    for (const [title, route, conditions] of table) {
      it(title, async () => {
        const { inputs } = (await service(web({ route }))).one(types.rule);
        assert.deepEqual(inputs.conditions, conditions);
        assert.deepEqual(inputs.actions, [{ type: "forward", targetGroupArn: forwarded }]);
      });
    }
  });

  describe("priorities", () => {
    const priorityOf = async (route: RouteArgs) =>
      (await service(web({ route }))).one(types.rule).inputs.priority;

    it("come from the route, so that no other service changes them", async () => {
      const route = { paths: ["/api/*"], hosts: ["api.example.com"] };
      assert.equal(await priorityOf(route), routePriority(route));
    });

    it("are the one given by hand", async () => {
      assert.equal(await priorityOf({ paths: ["/api/*"], priority: 7 }), 7);
    });
  });

  describe("urls", () => {
    const host = "shop-1a2b3c4-1234567890.eu-west-1.elb.amazonaws.com";
    const table: [string, RouteArgs, string][] = [
      ["of every path is the load balancer's own name", {}, `http://${host}`],
      ["of a path ends before its wildcard", { paths: ["/api/*"] }, `http://${host}/api`],
      ["of a literal path is that path", { paths: ["/status"] }, `http://${host}/status`],
      ["of several paths is the first", { paths: ["/b/*", "/a/*"] }, `http://${host}/b`],
      ["of a host is that host", { hosts: ["api.example.com"] }, "http://api.example.com"],
      [
        "of several hosts is the first that a person can open",
        { hosts: ["*.example.com", "www.example.com"], paths: ["/shop/*"] },
        "http://www.example.com/shop",
      ],
      ["of wildcards alone is the load balancer's", { hosts: ["*.example.com"] }, `http://${host}`],
    ];
    for (const [title, route, url] of table) {
      it(title, async () => {
        assert.equal(await urlOf(route), url);
      });
    }

    it("with a domain is the domain, over HTTPS", async () => {
      const domain = { name: "shop.example.com", zone: "example.com" };
      assert.equal(await urlOf({ paths: ["/api/*"] }, { domain }), "https://shop.example.com/api");
    });
  });

  describe("target group", () => {
    it("checks a new task so that it serves after two checks, 20 seconds", async () => {
      const { inputs } = (await service(web())).one(types.targetGroup);
      assert.deepEqual(inputs, {
        vpcId: "vpc-1",
        port: 3000,
        protocol: "HTTP",
        targetType: "ip",
        deregistrationDelay: 15,
        loadBalancingAlgorithmType: "least_outstanding_requests",
        healthCheck: {
          path: "/health",
          matcher: "200",
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
      });
    });

    it("checks as it is told, and drains as long as it is told", async () => {
      const healthCheck = {
        path: "/ready",
        matcher: "200-299",
        intervalSeconds: 30,
        timeoutSeconds: 10,
        healthyThreshold: 3,
        unhealthyThreshold: 5,
      };
      const { inputs } = (await service(web({ healthCheck, drainSeconds: 0 }))).one(
        types.targetGroup,
      );
      assert.deepEqual(inputs.healthCheck, {
        path: "/ready",
        matcher: "200-299",
        interval: 30,
        timeout: 10,
        healthyThreshold: 3,
        unhealthyThreshold: 5,
      });
      assert.equal(inputs.deregistrationDelay, 0);
    });
  });

  describe("security", () => {
    const tasks = "web-tasks-1a2b3c4-id";
    const loadBalancer = "web-lb-1a2b3c4-id";
    const onPort = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });

    it("lets the internet reach the load balancer, and only the load balancer reach tasks", async () => {
      const { all } = await service(web({ port: 8080 }));
      const opened = all(types.ingress).map(({ inputs }) => inputs);
      assert.equal(opened.length, 2);
      assert.deepEqual(
        opened.filter(({ securityGroupId }) => securityGroupId === loadBalancer),
        [
          {
            securityGroupId: loadBalancer,
            description: "HTTP",
            cidrIpv4: "0.0.0.0/0",
            ...onPort(80),
          },
        ],
      );
      assert.deepEqual(
        opened.filter(({ securityGroupId }) => securityGroupId === tasks),
        [
          {
            securityGroupId: tasks,
            description: "From the load balancer",
            referencedSecurityGroupId: loadBalancer,
            ...onPort(8080),
          },
        ],
      );
    });

    it("lets the load balancer reach the tasks and nothing else", async () => {
      const { all } = await service(web({ port: 8080 }));
      const out = all(types.egress)
        .map(({ inputs }) => inputs)
        .filter(({ securityGroupId }) => securityGroupId === loadBalancer);
      assert.deepEqual(out, [
        {
          securityGroupId: loadBalancer,
          description: "To the tasks",
          referencedSecurityGroupId: tasks,
          ...onPort(8080),
        },
      ]);
    });

    it("has no rules inside the groups, which would fight with those beside them", async () => {
      const { all } = await service(web());
      for (const { inputs } of all(types.securityGroup)) {
        assert.deepEqual([inputs.ingress, inputs.egress], [undefined, undefined]);
      }
    });
  });

  it("of two services shares a load balancer, each with a rule of its own", async () => {
    const { all } = await record(() => {
      const loadBalancer = new LoadBalancer("shop", { network });
      new Service("web", web({ loadBalancer }));
      new Service("api", web({ loadBalancer, route: { paths: ["/api/*"] } }));
    });
    assert.equal(all(types.loadBalancer).length, 1);
    const rules = all(types.rule).map(({ inputs }) => inputs);
    const listenerArn = "arn:aws:lb:eu-west-1:123456789012:listener/shop-http-1a2b3c4";
    assert.deepEqual(
      rules.map((rule) => rule.listenerArn),
      [listenerArn, listenerArn],
    );
    const [first, second] = rules
      .sort((a, b) => Number(a.priority) - Number(b.priority))
      .map(({ conditions }) => JSON.stringify(conditions));
    assert.match(first, /\/api/);
    assert.doesNotMatch(second, /\/api/);
  });
});
