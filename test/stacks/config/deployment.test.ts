import assert from "node:assert/strict";
import { whyRolling } from "../../../stacks/config/deployment";
import { checkFaults, faultsOf, parse, servicesOf, web, type Values } from "./support";

const production = { stack: "production" };
const of = (service: Values, more: Values = {}, options: object = production) =>
  servicesOf({ ...web(service), ...more }, options).web.deployment;

describe("how many tasks a service has that must not run twice", () => {
  const countsOf = (scaling: object) => {
    const { min, max } = servicesOf(web({ deployment: { strategy: "recreate" }, scaling }), {
      ...production,
    }).web.scaling;
    return { min, max };
  };

  it("is one", () => assert.deepEqual(countsOf({}), { min: 1, max: 1 }));

  it("is what somebody says", () => assert.deepEqual(countsOf({ max: 4 }), { min: 1, max: 4 }));
});

describe("the strategy of a service that names none", () => {
  const sixPaths = { paths: ["/a", "/b", "/c", "/d", "/e", "/f"] };
  const certificateArn =
    "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";
  const secure = { loadBalancer: { certificateArn } };

  it("is blueGreen in production, of what takes requests", () => {
    const blueGreen = { strategy: "blueGreen", bakeMinutes: 5 };
    assert.deepEqual(of({}), blueGreen);
    assert.deepEqual(of({ kind: "worker" }), { strategy: "rolling" });
    assert.deepEqual(of({ kind: "private" }), { strategy: "rolling" });
    assert.deepEqual(of({}, { kind: "production" }, { stack: "eu" }), blueGreen);
  });

  it("is rolling in staging", () =>
    assert.deepEqual(of({}, {}, { stack: "staging" }), { strategy: "rolling" }));

  const fallbacks: [string, Values, Values, RegExp][] = [
    ["its route is several rules", { route: sixPaths }, {}, /2 listener rules, and ECS shifts one/],
    ["it speaks gRPC", { route: { protocol: "grpc" } }, secure, /gRPC/],
    ["CodePipeline deploys", {}, { pipeline: { deploy: "ecs" } }, /CodePipeline's own action/],
    [
      "it runs on hosts",
      {},
      { cluster: { capacity: "ec2", ec2: { instanceType: "m7i.large", maxInstances: 2 } } },
      /room for twice its tasks/,
    ],
  ];
  for (const [title, service, more, reason] of fallbacks) {
    it(`is rolling where ${title}, with the reason`, () => {
      const config = parse({ ...web(service), ...more }, production);
      assert.deepEqual(config.services.web.kind !== "job" && config.services.web.deployment, {
        strategy: "rolling",
      });
      assert.match(whyRolling(config.services.web, config) ?? "", reason);
    });
  }

  it("has no reason where it is nothing else", () => {
    for (const [service, options] of [
      [{ deployment: { strategy: "rolling" } }, production],
      [{ deployment: { strategy: "recreate" } }, production],
      [{}, production],
      [{ route: sixPaths }, { stack: "staging" }],
      [{ kind: "worker" }, production],
    ] as const) {
      const config = parse(web(service), options);
      assert.equal(whyRolling(config.services.web, config), undefined);
    }
  });
});

describe("a deployment that shifts requests", () => {
  it("has the numbers of its strategy", () => {
    assert.deepEqual(of({ deployment: { strategy: "canary", stepPercent: 2.5 } }), {
      ...{ strategy: "canary", bakeMinutes: 5, stepPercent: 2.5, stepMinutes: 5 },
    });
    assert.deepEqual(of({ deployment: { strategy: "linear", bakeMinutes: 0 } }), {
      ...{ strategy: "linear", bakeMinutes: 0, stepPercent: 10, stepMinutes: 3 },
    });
    // Production's default, with a number of one's own.
    assert.deepEqual(of({ deployment: { bakeMinutes: 20 } }), {
      ...{ strategy: "blueGreen", bakeMinutes: 20 },
    });
  });

  it("is a private service's where it says so, and a worker's by blueGreen", () => {
    assert.equal(of({ kind: "private", deployment: { strategy: "linear" } }).strategy, "linear");
    assert.equal(of({ kind: "worker", deployment: { strategy: "blueGreen" } }).bakeMinutes, 5);
  });

  it("needs room for all tasks twice on hosts", () => {
    const on = (strategy: string) => ({
      cluster: { capacity: "ec2", ec2: { instanceType: "m7i.large", maxInstances: 2 } },
      ...web({ deployment: { strategy }, scaling: { min: 3 } }),
    });
    parse(on("rolling"));
    const [fault] = faultsOf(on("blueGreen"));
    assert.match(fault.allowed, /^room for 6 tasks/);
  });

  it("has a rule for test requests right before its own, which no other may have", () => {
    const two = (priority: number): Values => ({
      services: {
        web: { route: { priority: 20 } },
        api: { route: { paths: ["/api/*"], priority } },
      },
    });
    parse(two(18), production);
    const [fault] = faultsOf(two(19), production);
    assert.match(fault.given, /^19, which web has/);
    assert.equal(fault.fix, "set priority: 22");
    parse(two(19));
  });
});

describe("faults of a deployment", () => {
  const six = { paths: ["/a", "/b", "/c", "/d", "/e", "/f"] };
  checkFaults("gantry:services.web", web, [
    [
      "a worker shall shift requests",
      { kind: "worker", deployment: { strategy: "canary" } },
      "deployment.strategy",
      "set strategy: blueGreen",
    ],
    [
      "its route is more rules than ECS shifts",
      { route: six, deployment: { strategy: "blueGreen" } },
      "deployment.strategy",
      "give the route fewer paths and hosts, or set strategy: rolling",
    ],
    [
      "rolling shall bake",
      { deployment: { bakeMinutes: 5 } },
      "deployment.bakeMinutes",
      "remove bakeMinutes, or set strategy: blueGreen, canary or linear",
    ],
    [
      "a worker shall bake without blueGreen",
      { kind: "worker", deployment: { bakeMinutes: 5 } },
      "deployment.bakeMinutes",
      "remove bakeMinutes, or set strategy: blueGreen",
    ],
    [
      "rolling shall be compared",
      { deployment: { compare: false } },
      "deployment.compare",
      "remove compare, or set strategy: blueGreen",
    ],
    [
      "a worker shall be compared",
      { kind: "worker", deployment: { strategy: "blueGreen", compare: true } },
      "deployment.compare",
      "remove compare",
    ],
    [
      "blueGreen shall have steps",
      { deployment: { strategy: "blueGreen", stepPercent: 10 } },
      "deployment.stepPercent",
      "remove stepPercent, or set strategy: canary or linear",
    ],
    [
      "a worker shall have steps",
      { kind: "worker", deployment: { strategy: "blueGreen", stepMinutes: 1 } },
      "deployment.stepMinutes",
      "remove stepMinutes",
    ],
    [
      "linear steps are too small",
      { deployment: { strategy: "linear", stepPercent: 1 } },
      "deployment.stepPercent",
      "set stepPercent: 3",
    ],
    [
      "a step is finer than ECS takes",
      { deployment: { strategy: "canary", stepPercent: 2.55 } },
      "deployment.stepPercent",
      "set stepPercent: 2.6",
    ],
    [
      "it bakes for longer than a day",
      { deployment: { strategy: "blueGreen", bakeMinutes: 1441 } },
      "deployment.bakeMinutes",
      "set bakeMinutes: 1440",
    ],
    [
      "no priority is before its own",
      { route: { priority: 1 }, deployment: { strategy: "blueGreen" } },
      "route.priority",
      "set priority: 2 or higher, or deployment.strategy: rolling",
    ],
  ]);

  const withAction = (service: Values) => ({
    ...web({ verify: "npm run verify", ...service }),
    ...{ loadBalancer: { domain: { name: "shop.example.com", zone: "example.com" } } },
    pipeline: { deploy: "ecs" },
  });
  checkFaults("gantry:services.web", withAction, [
    [
      "CodePipeline would wait for what only a later action answers",
      { deployment: { strategy: "linear" } },
      "deployment.strategy",
      "set pipeline.deploy: pulumi, or strategy: rolling",
      production,
    ],
  ]);
});
