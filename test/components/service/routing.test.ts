import assert from "node:assert/strict";
import { LoadBalancer, Service, type LoadBalancerArgs } from "../../../components";
import { cutoverOf } from "../../../components/service/heldTasks";
import { routePriority } from "../../../components/service/routePriority";
import type { RouteArgs } from "../../../components/service/routing";
import { record, valueOf } from "../../support/record";
import { leading, network, service, types, web } from "./support";

const forwarded =
  "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-1a2b3c4/50dc6c495c0c9188";

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
        const [{ inputs }] = leading((await service(web({ route }))).resources);
        assert.deepEqual(inputs.conditions, conditions);
        assert.deepEqual(inputs.actions, [{ type: "forward", targetGroupArn: forwarded }]);
      });
    }
  });

  it("of more patterns than a rule takes has several rules, the later ones first, and is attached once", async () => {
    const route = { paths: ["/a", "/b", "/c", "/d", "/e", "/f/*"], priority: 7 };
    const { all, resources } = await service(web({ route }));
    const rules = leading(resources);
    assert.deepEqual(
      rules.map(({ inputs }) => [inputs.priority, inputs.conditions]),
      [
        [8, [{ pathPattern: { values: ["/f/*"] } }]],
        [7, [{ pathPattern: { values: ["/a", "/b", "/c", "/d", "/e"] } }]],
      ],
    );
    assert.ok(rules[1].options.dependencies.includes(rules[0].urn));
    assert.deepEqual(
      rules.map(({ options }) => options.aliases.includes("web-rule")),
      [false, true],
    );
    assert.deepEqual(
      all(types.rule)
        .map(({ inputs }) => Number(inputs.priority))
        .sort((a, b) => a - b),
      [7, 8, 49_994],
    );
  });

  it("of a pattern with more wildcards than a rule takes is refused", async () => {
    await assert.rejects(
      service(web({ route: { paths: ["/*/*/*/*/*/*/*"] } })),
      /route: .*allowed: 6 of \* and \? in a path and a host together/,
    );
  });

  describe("priorities", () => {
    const priorityOf = async (route: RouteArgs) =>
      leading((await service(web({ route }))).resources)[0].inputs.priority;

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
      ["of wildcards alone has one", { hosts: ["*.example.com"] }, "http://*.example.com"],
      [
        "of wildcards that match the load balancer's name is that",
        { hosts: ["*.example.com", "*.AMAZONAWS.com"] },
        `http://${host}`,
      ],
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

  describe("changes", () => {
    const portOf = async (port: number) => (await service(web({ port }))).one(types.targetGroup);

    it("of the port keep the target group, to which ECS tells the port of each task", async () => {
      const { inputs, options } = await portOf(8080);
      assert.deepEqual(inputs, (await portOf(3000)).inputs);
      // Those of earlier versions have another port, which would replace them.
      assert.deepEqual(options.ignoreChanges, ["port"]);
    });

    it("of the service's name keep the rule, which turns to another target group", async () => {
      const rulesOf = async (name: string) => {
        const { all } = await record(() => {
          const loadBalancer = new LoadBalancer("shop", { network });
          new Service(name, web({ loadBalancer }));
        });
        return all(types.rule).map(({ urn }) => urn);
      };
      assert.deepEqual(await rulesOf("site"), await rulesOf("web"));
    });

    it("of the route make another rule, while the one before still leads there", async () => {
      const rulesOf = async (paths: string[]) =>
        leading((await service(web({ route: { paths } }))).resources).map(({ urn }) => urn);
      assert.notDeepEqual(await rulesOf(["/v2/*"]), await rulesOf(["/api/*"]));
    });

    it("of an earlier version's rule take it over", async () => {
      const [{ options }] = leading((await service(web())).resources);
      assert.ok(options.aliases.includes("web-rule"));
    });

    it("lead to a service after it runs, and away from it before it goes", async () => {
      const { one, resources } = await service(web());
      const [{ options }] = leading(resources);
      assert.ok(options.dependencies.includes(one(types.service).urn));
    });

    it("lead to a service once it is healthy, and at once where that is asked for", async () => {
      const hooksOf = async (more: Parameters<typeof web>[0]) =>
        leading((await service(web(more))).resources)[0].options.hooks;
      const all = ["beforeCreate", "afterCreate", "beforeUpdate", "afterUpdate"];
      assert.deepEqual(await hooksOf({}), all);
      assert.deepEqual(await hooksOf({ cutover: "atOnce" }), []);
      // No task shall run, so none will ever be healthy.
      assert.deepEqual(await hooksOf({ scaling: { min: 0, max: 2 } }), []);
    });

    it("of the target group hold old tasks, but where these stop first or nobody is led there", () => {
      const isHeld = (more: Parameters<typeof web>[0]) =>
        cutoverOf("web", web(more)).held !== undefined;
      assert.equal(isHeld({}), true);
      assert.equal(isHeld({ deployment: { strategy: "recreate" } }), false);
      assert.equal(isHeld({ cutover: "atOnce" }), false);
    });

    it("never protect a rule, whatever protects the load balancer", async () => {
      const { all } = await record(() => {
        const loadBalancer = new LoadBalancer("shop", { network }, { protect: true });
        new Service("web", web({ loadBalancer }));
      });
      assert.deepEqual(
        all(types.rule).map(({ options }) => options.protect),
        [false, false],
      );
    });
  });

  describe("security", () => {
    const tasks = "web-tasks-1a2b3c4-id";
    const loadBalancer = "web-lb-1a2b3c4-id";
    const onPorts = (fromPort: number, toPort = fromPort) => ({
      ...{ ipProtocol: "tcp", fromPort, toPort },
    });

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
            ...onPorts(80),
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
            ...onPorts(1, 65535),
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
          ...onPorts(1, 65535),
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
    const rules = leading(all(types.rule)).map(({ inputs }) => inputs);
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
