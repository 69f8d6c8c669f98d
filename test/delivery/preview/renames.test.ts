import assert from "node:assert/strict";
import { nobodysNetwork } from "../../../contract/nobodysNetwork";
import type { PlannedChange } from "../../../delivery/engine";
import { unknownValue } from "../../../delivery/engine/changes";
import { renames } from "../../../delivery/preview/renames";
import { stackChanges } from "../../../delivery/preview/report";
import { aChange, aTask, taskType, texts } from "./support";

type Values = Readonly<Record<string, unknown>>;

const oldGroup = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789";

/** The ECS service and the task definition of a service that comes or goes. */
function aService(
  op: "create" | "delete",
  name: string,
  { service = {}, task = {} }: { readonly service?: Values; readonly task?: Values } = {},
): PlannedChange[] {
  const base = `shop--staging--${name}`;
  const inputs = { desiredCount: 2, ...service };
  const definition = { cpu: "256", memory: "512", ...aTask({ name: "app", image: name }), ...task };
  const sides = (given: Values): [Values, Values] => (op === "create" ? [{}, given] : [given, {}]);
  const type = "aws:ecs/service:Service";
  const urn = `urn:pulumi:staging::shop::gantry:index:Service$${type}::${base}-service`;
  return [
    aChange(op, type, `${base}-service`, ...sides(inputs), { urn }),
    aChange(op, taskType, `${base}-task`, ...sides(definition)),
  ];
}

function led(targetGroupArn: string): Values {
  return { loadBalancers: [{ targetGroupArn, containerName: "app", containerPort: 3000 }] };
}

function aRule(before: Values, after: Values, op: PlannedChange["op"] = "update"): PlannedChange {
  return aChange(op, "aws:lb/listenerRule:ListenerRule", "shop--staging-rule-30001", before, after);
}

/** What a rule matches, and where it leads. */
function rule(targetGroupArn: string, values: readonly string[] = ["/*"]): Values {
  return { conditions: [{ pathPattern: { values } }], actions: [{ targetGroupArn }] };
}

const oldWeb = aService("delete", "web", { service: led(oldGroup) });
const newWeb = aService("create", "site", { service: led(unknownValue) });
const turned = aRule(rule(oldGroup), rule(unknownValue));

const bootstraps =
  "site runs what its bootstrap says, a placeholder by default, until a release has an image of it";
const roles =
  "with web go its roles, which others may let in, and the releases that can be gone back to: they have no image of site";

describe("a preview of a service that was renamed", () => {
  it("says what becomes of a web service whose route another takes over", () => {
    assert.deepEqual(texts(renames([...oldWeb, ...newWeb, turned])), [
      "web goes and site comes with its route, as after a rename: for AWS it is another service",
      `${bootstraps}: once healthy, that answers the requests for web`,
      roles,
      "to interrupt nothing: add site beside web with another route, release, then remove web and give its route to site",
    ]);
  });

  it("says what becomes of a worker with the same settings", () => {
    const told = texts(renames([...aService("delete", "web"), ...aService("create", "site")]));
    assert.deepEqual(told, [
      "web goes and site comes with the same settings, as after a rename: for AWS it is another service",
      `${bootstraps}: a placeholder does nothing of the work of web`,
      roles,
      "to interrupt nothing: add site beside web, release, then remove web",
    ]);
  });

  it("says that nothing answers where the new one begins without a task", () => {
    const service = { ...led(unknownValue), desiredCount: 0 };
    const told = texts(renames([...oldWeb, ...aService("create", "site", { service }), turned]));
    assert.equal(
      told[1],
      `${bootstraps}, and begins without a task: nothing answers the requests for web`,
    );
  });

  for (const [title, isRetained, wanted] of [
    ["are lost", false, "; its logs and its images are lost"],
    ["stay", true, "; its logs are lost; its images stay in AWS, in a repository of nobody"],
  ] as const) {
    it(`says that its logs are lost, and its images ${title}`, () => {
      const kept = { isRetained };
      const told = renames([
        ...aService("delete", "web"),
        ...aService("create", "site"),
        aChange("delete", "aws:cloudwatch/logGroup:LogGroup", "shop--staging--web-logs"),
        aChange("delete", "aws:ecr/repository:Repository", "shop--staging-web", {}, {}, kept),
        aChange("delete", "aws:ecr/repository:Repository", "shop--staging-other"),
      ]);
      assert.equal(texts(told)[2], `${roles}${wanted}`);
    });
  }

  it("calls services of a program of one's own by their names", () => {
    const renamed = [...aService("delete", "web"), ...aService("create", "site")].map((change) => ({
      ...change,
      name: change.name.replace("shop--staging--", ""),
    }));
    assert.match(texts(renames(renamed))[0], /^web goes and site comes /);
  });

  it("is told before anything else", () => {
    const { warnings } = stackChanges([...oldWeb, ...newWeb, turned]);
    assert.match(texts(warnings)[0], /^web goes and site comes/);
    assert.equal(texts(warnings).at(-1), "shop--staging--web-service is deleted: its tasks stop");
  });

  const environment = (value: string) =>
    aTask({ name: "app", environment: [{ name: "LEVEL", value }] });
  const rows: readonly [string, readonly PlannedChange[], readonly string[]][] = [
    ["a service that only goes", [...oldWeb], []],
    ["one that only comes", [...newWeb, turned], []],
    [
      "a web service whose route goes",
      [...oldWeb, ...newWeb, aRule(rule(oldGroup), {}, "delete")],
      [],
    ],
    [
      "one with another route",
      [
        ...oldWeb,
        ...newWeb,
        aRule(rule(oldGroup), {}, "delete"),
        aRule({}, rule(unknownValue, ["/api/*"]), "create"),
      ],
      [],
    ],
    [
      "a route that came to another rule",
      [
        ...oldWeb,
        ...newWeb,
        aRule(rule(oldGroup), {}, "delete"),
        aRule({}, rule(unknownValue), "create"),
      ],
      ["site"],
    ],
    [
      "a route that a service takes over which is there",
      [...oldWeb, ...newWeb, aRule(rule(oldGroup), rule("arn:of:another"))],
      [],
    ],
    [
      "a rule that only attaches the target group",
      [
        ...oldWeb,
        ...newWeb,
        aRule(
          { ...rule(oldGroup), conditions: [{ sourceIp: { values: [nobodysNetwork] } }] },
          { ...rule(unknownValue), conditions: [{ sourceIp: { values: [nobodysNetwork] } }] },
        ),
      ],
      [],
    ],
    ["a worker in place of a web service", [...oldWeb, ...aService("create", "site"), turned], []],
    [
      "a worker of another size",
      [...aService("delete", "web"), ...aService("create", "site", { task: { memory: "1024" } })],
      [],
    ],
    [
      "a worker with other variables",
      [
        ...aService("delete", "web", { task: environment("info") }),
        ...aService("create", "site", { task: environment("debug") }),
      ],
      [],
    ],
    [
      "a worker whose containers are not known yet",
      [
        ...aService("delete", "web", { task: environment("info") }),
        ...aService("create", "site", { task: { containerDefinitions: unknownValue } }),
      ],
      ["site"],
    ],
    [
      "two that might be it",
      [
        ...aService("delete", "web"),
        ...aService("create", "site"),
        ...aService("create", "mailer"),
      ],
      ["site, mailer"],
    ],
    [
      "services of ECS that are the team's own",
      [
        aChange("delete", "aws:ecs/service:Service", "web-service"),
        aChange("create", "aws:ecs/service:Service", "site-service"),
      ],
      [],
    ],
  ];
  for (const [title, changes, names] of rows) {
    it(`is told or not: ${title}`, () => {
      const first = texts(renames(changes)).filter((_, index) => index === 0);
      const found = first.map((text) => /^web goes and (.*) comes /.exec(text)?.[1]);
      assert.deepEqual(found, names);
    });
  }
});
