import assert from "node:assert/strict";
import { LoadBalancer, Service, type RouteArgs } from "../../../components";
import { routePriority, testPriority } from "../../../components/service/routePriority";
import { parsed, record, valueOf, type Recording } from "../../support/record";
import { network, service, types, web } from "./support";

const deployment = { strategy: "blueGreen" } as const;
const route: RouteArgs = { paths: ["/api/*"], hosts: ["api.example.com"] };
const production = `web-rule-${routePriority(route)}`;
const test = `web-rule-${testPriority(route)}`;

const elb = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";
const random = "50dc6c495c0c9188";
const group = (name: string) => `${elb}:targetgroup/${name}-1a2b3c4/${random}`;
const ruleArn = (name: string) =>
  `${elb}:listener-rule/app/${name}-1a2b3c4/${random}/${random}/${random}`;

const made = (more: Parameters<typeof web>[0] = {}) => service(web({ deployment, route, ...more }));

/** Services by their routes, behind one load balancer. */
function behindOne(routes: Readonly<Record<string, RouteArgs>>, args: Parameters<typeof web>[0]) {
  return record(() => {
    const loadBalancer = new LoadBalancer("shop", { network });
    return Object.entries(routes).map(
      ([name, each]) => new Service(name, web({ ...args, loadBalancer, route: each })),
    );
  });
}

/** The rule that a service of some name has in production. */
function productionOf(name: string, { one }: Recording<unknown>): string {
  const [{ advancedConfiguration }] = one(types.service, `${name}-service`).inputs
    .loadBalancers as { advancedConfiguration: { productionListenerRule: string } }[];
  return advancedConfiguration.productionListenerRule;
}

describe("the rules of a Service that shifts requests", () => {
  it("lead to two groups that are the same but for their name, all to the first at first", async () => {
    const { all, one } = await made();
    assert.deepEqual(
      one(types.targetGroup, "web-alt").inputs,
      one(types.targetGroup, "web").inputs,
    );
    assert.equal(all(types.rule).length, 2);
    for (const { inputs } of all(types.rule)) {
      assert.deepEqual(inputs.actions, [
        {
          type: "forward",
          forward: {
            targetGroups: [
              { arn: group("web"), weight: 100 },
              { arn: group("web-alt"), weight: 0 },
            ],
          },
        },
      ]);
    }
  });

  it("are there before the service, which names them, and belong to ECS from then on", async () => {
    const { all, one } = await made();
    const { inputs, options } = one(types.service);
    assert.deepEqual(inputs.loadBalancers, [
      {
        targetGroupArn: group("web"),
        ...{ containerName: "app", containerPort: 3000 },
        advancedConfiguration: {
          alternateTargetGroupArn: group("web-alt"),
          productionListenerRule: ruleArn(production),
          testListenerRule: ruleArn(test),
          roleArn: "arn:aws:iam::123456789012:role/web-shiftRole-1a2b3c4",
        },
      },
    ]);
    for (const rule of all(types.rule)) {
      assert.ok(options.dependencies.includes(rule.urn));
      assert.deepEqual(rule.options.ignoreChanges, ["actions"]);
    }
  });

  it("match the route, and the route with a header that nobody guesses", async () => {
    const { one } = await made();
    const ofRoute = [
      { hostHeader: { values: ["api.example.com"] } },
      { pathPattern: { values: ["/api/*"] } },
    ];
    assert.deepEqual(one(types.rule, production).inputs.conditions, ofRoute);
    const [header, ...others] = one(types.rule, test).inputs.conditions as object[];
    assert.deepEqual(others, ofRoute);
    const { httpHeader } = header as {
      httpHeader: { httpHeaderName: string; values: string[] };
    };
    assert.equal(httpHeader.httpHeaderName, "X-Gantry-Test");
    assert.equal(httpHeader.values.length, 1);
    assert.match(httpHeader.values[0], /^[0-9a-f]{32}$/);
  });

  it("match the header alone where a rule takes no value beside those of the route", async () => {
    const full = { paths: ["/a", "/b", "/c", "/d", "/e"] };
    const { one } = await made({ route: full });
    const { conditions } = one(types.rule, `web-rule-${testPriority(full)}`).inputs;
    assert.equal((conditions as object[]).length, 1);
  });

  it("have their test requests asked right before their own", async () => {
    const { one } = await made({ route: { ...route, priority: 20 } });
    assert.equal(one(types.rule, "web-rule-19").inputs.priority, 19);
  });

  describe("when something changes", () => {
    const urns = ({ all }: Recording<unknown>) => all(types.rule).map(({ urn }) => urn);

    it("stay when the service has another name, whose deployment takes them over", async () => {
      assert.deepEqual(
        urns(await behindOne({ site: route }, { deployment })),
        urns(await behindOne({ web: route }, { deployment })),
      );
    });

    it("go over to each other's when services exchange their routes", async () => {
      const [api, shop] = [{ paths: ["/api/*"] }, { paths: ["/shop/*"] }];
      const before = await behindOne({ web: shop, api }, { deployment });
      const after = await behindOne({ web: api, api: shop }, { deployment });
      assert.deepEqual(urns(after).sort(), urns(before).sort());
      assert.equal(productionOf("web", after), productionOf("api", before));
      assert.equal(productionOf("api", after), productionOf("web", before));
    });

    it("are others where the route is another one", async () => {
      const before = await made({ route: { paths: ["/api/*"] } });
      const after = await made({ route: { paths: ["/v2/*"] } });
      assert.ok(urns(after).every((urn) => !urns(before).includes(urn)));
    });

    it("leave those alone of the service from which they take a part", async () => {
      const before = await behindOne({ web: {} }, { deployment });
      const after = await behindOne({ web: {}, api: { paths: ["/api/*"] } }, { deployment });
      assert.deepEqual(
        urns(before).filter((urn) => !urns(after).includes(urn)),
        [],
      );
      assert.equal(productionOf("web", after), productionOf("web", before));
    });

    it("have in production that of rolling deployments, which has it again", async () => {
      const rolling = await service(web({ route }));
      assert.equal(
        rolling.one(types.rule, production).urn,
        (await made()).one(types.rule, production).urn,
      );
    });
  });

  it("are changed by ECS with a role for these groups and rules alone", async () => {
    const { one } = await made();
    const role = one(types.role, "web-shiftRole");
    assert.deepEqual(parsed(role, "assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ecs.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
    const { Statement } = parsed<{ Statement: { Action: string[]; Resource: unknown }[] }>(
      one(types.rolePolicy, "web-shiftPolicy"),
      "policy",
    );
    const [reading, ...changing] = Statement;
    assert.equal(reading.Resource, "*");
    assert.ok(reading.Action.every((action) => action.includes(":Describe")));
    assert.deepEqual(
      changing.map(({ Action, Resource }) => [Action, Resource]),
      [
        [
          ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
          [group("web"), group("web-alt")],
        ],
        [["elasticloadbalancing:ModifyRule"], [ruleArn(production), ruleArn(test)]],
      ],
    );
  });

  it("are told by the role, which whoever deploys passes on", async () => {
    const { value } = await made();
    assert.equal(
      await valueOf(value.shiftRoleArn),
      "arn:aws:iam::123456789012:role/web-shiftRole-1a2b3c4",
    );
    assert.equal((await service(web())).value.shiftRoleArn, undefined);
  });

  it("are never protected, whatever protects the load balancer", async () => {
    const { all } = await record(() => {
      const loadBalancer = new LoadBalancer("shop", { network }, { protect: true });
      new Service("web", web({ loadBalancer, deployment }));
    });
    assert.deepEqual(
      all(types.rule).map(({ options }) => options.protect),
      [false, false],
    );
  });
});
