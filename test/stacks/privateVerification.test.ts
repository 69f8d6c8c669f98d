import assert from "node:assert/strict";
import { deliveryTimes } from "../../contract/times";
import { statementsOf, type PolicyDocument } from "../support/policies";
import { parsed } from "../support/record";
import { faultsOf, parse, type Values } from "./config/support";
import { environment } from "./support";

const source = { type: "codecommit", repository: "shop" };
const pipeline = { source };
const web = { build: "app", calls: ["api"] };
const api = { kind: "private", port: 8080 };
const project = "aws:codebuild/project:Project";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const made = (services: Values, more: Values = {}) =>
  environment({ services: { web, ...services }, pipeline, ...more }, { stack: "staging" });

describe("verification of private services", () => {
  it("runs in the VPC, and is let in at the port of each", async () => {
    const cache = { kind: "private", port: 6379 };
    const { one, all } = await made({ api, cache });
    assert.ok(one(project, "shop--staging-verify").inputs.vpcConfig);
    for (const [name, port] of [["api", 8080] as const, ["cache", 6379] as const]) {
      const { inputs } = one(ingress, `shop--staging-verify-asks-${name}`);
      assert.deepEqual([inputs.fromPort, inputs.toPort, inputs.ipProtocol], [port, port, "tcp"]);
      assert.equal(inputs.referencedSecurityGroupId, "shop--staging-verify-1a2b3c4-id");
      assert.match(String(inputs.securityGroupId), new RegExp(`^shop--staging--${name}`));
    }
    assert.equal(all(ingress).filter(({ inputs }) => inputs.description === "Verify").length, 2);
  });

  it("finds their tasks, and may see no other service", async () => {
    const { one } = await made({ api });
    const policy = parsed<PolicyDocument>(
      one("aws:iam/rolePolicy:RolePolicy", "shop--staging-verify-policy"),
      "policy",
    );
    const arn = (rest: string) => `arn:aws:ecs:eu-west-1:123456789012:${rest}`;
    const found = statementsOf(policy).filter(({ Action }) => String(Action).startsWith("ecs:"));
    assert.deepEqual(
      found.map(({ Action, Resource, Condition }) => [Action, Resource, Condition]),
      [
        [["ecs:DescribeServices"], [arn("service/shop--staging/shop--staging--api")], undefined],
        [["ecs:DescribeTasks"], [arn("task/shop--staging/*")], undefined],
        [["ecs:ListTasks"], "*", { ArnEquals: { "ecs:cluster": arn("cluster/shop--staging") } }],
      ],
    );
  });

  it("is none where nobody delivers, or it is left out", async () => {
    const { one, all } = await made({ api: { ...api, verify: false } });
    assert.equal(one(project, "shop--staging-verify").inputs.vpcConfig, undefined);
    assert.ok(!all(ingress).some(({ name }) => name.includes("-verify-")));
    const without = await environment({ services: { web, api } }, { stack: "staging" });
    assert.ok(!without.all(ingress).some(({ name }) => name.includes("-verify-")));
  });

  it("counts in the time of its action", () => {
    const minutes = (verify: unknown) => {
      const services = { web, api: { ...api, verify } };
      return deliveryTimes(parse({ services, pipeline })).actionMinutes.verify;
    };
    assert.equal(minutes({ timeoutSeconds: 600 }) - minutes(false), 10);
  });

  const refused: readonly (readonly [string, Values, Values, string, RegExp])[] = [
    [
      "there is no gateway",
      {},
      { network: { nat: "none" } },
      "verify",
      /^set network\.nat: single, or set verify: false$/,
    ],
    [
      "the VPC is the default one",
      {},
      { network: { mode: "existing" } },
      "verify",
      /network\.privateSubnetIds, or set verify: false/,
    ],
    [
      "a status is compared to none",
      { verify: { matcher: "204" } },
      {},
      "verify.matcher",
      /add path/,
    ],
    [
      "codes of gRPC are none",
      { protocol: "grpc", verify: { matcher: "200" } },
      {},
      "verify.matcher",
      /set matcher: 0/,
    ],
    [
      "it is a command",
      { verify: "npm test" },
      {},
      "verify",
      /write \{ path: \/health \}, or false/,
    ],
    ["the path is none", { verify: { path: "health" } }, {}, "verify.path", /write \/health/],
    ["a key is unknown", { verify: { paht: "/" } }, {}, "verify.paht", /did you mean path/],
    ["it takes long", { verify: { timeoutSeconds: 601 } }, {}, "verify.timeoutSeconds", /600/],
  ];
  for (const [what, more, others, path, fix] of refused) {
    it(`is refused where ${what}`, () => {
      const given = { services: { web, api: { ...api, ...more } }, pipeline, ...others };
      const faults = faultsOf(JSON.parse(JSON.stringify(given)) as Values);
      assert.deepEqual(
        faults.map((fault) => fault.path),
        [`gantry:services.api.${path}`],
      );
      assert.match(faults[0].fix, fix);
    });
  }

  it("asks what is said, and needs a way out for that alone", () => {
    const services = { web, api: { ...api, verify: { path: "/up", matcher: 204 } } };
    const { api: said } = parse({ services, pipeline }).services;
    assert.deepEqual(said.kind === "private" && said.verify, {
      ...{ path: "/up", matcher: "204", timeoutSeconds: 60 },
    });
    const asked = (more: object) => {
      const { api: each } = parse({ services: { web, api: { ...api, ...more } } }).services;
      return each.kind === "private" && each.verify;
    };
    const timeoutSeconds = 60;
    assert.deepEqual(asked({}), { timeoutSeconds });
    assert.deepEqual(asked({ verify: { path: "/up" } }), {
      ...{ path: "/up", matcher: "200", timeoutSeconds },
    });
    assert.deepEqual(asked({ protocol: "grpc" }), {
      ...{ path: "/grpc.health.v1.Health/Check", matcher: "0", timeoutSeconds },
    });
    const network = { nat: "none" };
    parse({ services: { web, api: { ...api, verify: false } }, pipeline, network });
    parse({ services: { web, api }, network });
  });
});
