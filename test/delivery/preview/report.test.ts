import assert from "node:assert/strict";
import type { PlannedChange } from "../../../delivery/engine";
import { plannedChanges, unknownValue } from "../../../delivery/engine/changes";
import { headline } from "../../../delivery/preview/headline";
import { stackChanges } from "../../../delivery/preview/report";
import { aChange, aPolicy, aTask, taskType, texts } from "./support";

const policyType = "aws:iam/rolePolicy:RolePolicy";
const ingressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const staging = { stack: "staging", times: [], dangers: [] };
const of = (...changes: readonly PlannedChange[]) => stackChanges(changes);

describe("a preview's warnings", () => {
  const rows: readonly [string, PlannedChange, readonly string[]][] = [
    [
      "of a replaced service",
      aChange(
        "replace",
        "aws:ecs/service:Service",
        "web",
        {},
        {},
        { replacement: { causes: ["launchType"], deletesFirst: true } },
      ),
      [
        "web is replaced because of launchType: tasks of the old service stop, and requests find none until the new one's are healthy; the old one goes before the new one is there",
      ],
    ],
    [
      "of a load balancer under its newer name",
      aChange(
        "replace",
        "aws:alb/loadBalancer:LoadBalancer",
        "lb",
        {},
        {},
        { replacement: { causes: [], deletesFirst: false } },
      ),
      ["lb is replaced: it gets another address: names that lead to the old one lead nowhere"],
    ],
    [
      "of what holds data and is replaced",
      aChange(
        "replace",
        "aws:dynamodb/table:Table",
        "orders",
        {},
        {},
        { replacement: { causes: ["hashKey"], deletesFirst: false } },
      ),
      ["orders is replaced because of hashKey: its items are lost"],
    ],
    [
      "of anything that goes before its replacement is there",
      aChange(
        "replace",
        "aws:x/y:Y",
        "y",
        {},
        {},
        { replacement: { causes: [], deletesFirst: true } },
      ),
      ["y is replaced: the old one goes before the new one is there"],
    ],
    [
      "of no task definition: a new revision replaces it",
      aChange(
        "replace",
        taskType,
        "web",
        {},
        {},
        { replacement: { causes: ["memory"], deletesFirst: false } },
      ),
      [],
    ],
    [
      "of a service that is spoken to by another protocol",
      aChange(
        "replace",
        "aws:lb/targetGroup:TargetGroup",
        "web",
        {},
        {},
        { replacement: { causes: ["protocolVersion"], deletesFirst: false } },
      ),
      [
        "web is replaced because of protocolVersion: its tasks are exchanged, and those of before answer until new ones are healthy by the new protocol",
      ],
    ],
    [
      "of a service that goes over to recreate",
      aChange("update", "aws:ecs/service:Service", "jobs", {}, { deploymentMaximumPercent: 100 }),
      [
        "jobs is deployed by recreate: from this update on its tasks stop before new ones start, and it is interrupted each time",
      ],
    ],
    [
      "of a service that goes back to rolling",
      aChange(
        "update",
        "aws:ecs/service:Service",
        "jobs",
        { deploymentMaximumPercent: 100 },
        { deploymentMaximumPercent: 200 },
      ),
      [
        "jobs is deployed by rolling: from this update on new tasks run beside the old ones until these leave",
      ],
    ],
    [
      "of no service whose strategy stays",
      aChange(
        "update",
        "aws:ecs/service:Service",
        "jobs",
        { deploymentMaximumPercent: 100, desiredCount: 1 },
        { deploymentMaximumPercent: 100, desiredCount: 2 },
      ),
      [],
    ],
    [
      "of what is deleted with its data",
      aChange("delete", "aws:s3/bucket:Bucket", "files"),
      ["files is deleted: its objects are lost"],
    ],
    [
      "of what is deleted with its name",
      aChange("delete", "aws:ecs/service:Service", "jobs"),
      ["jobs is deleted: its tasks stop"],
    ],
    [
      "of nothing that stays in AWS",
      aChange("delete", "aws:ecr/repository:Repository", "jobs", {}, {}, { isRetained: true }),
      [],
    ],
    [
      "of rights on everything",
      aChange(
        "create",
        policyType,
        "p",
        {},
        { role: "web", policy: aPolicy({ Effect: "Allow", Action: "*", Resource: "*" }) },
      ),
      ["broad rights, added: web may * on *"],
    ],
    [
      "of a port that opens to everyone",
      aChange(
        "create",
        ingressType,
        "ssh",
        {},
        { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 22, toPort: 22 },
      ),
      ["opened: everyone (0.0.0.0/0) may connect on tcp 22 (ssh)"],
    ],
  ];
  for (const [title, change, wanted] of rows) {
    it(`are told ${title}`, () => assert.deepEqual(texts(of(change).warnings), wanted));
  }
});

describe("a preview's images", () => {
  const digest = (letter: string) => `shop/staging/web@sha256:${letter.repeat(64)}`;
  const rows: readonly [string, PlannedChange, readonly string[]][] = [
    [
      "those that stay",
      aChange(
        "replace",
        taskType,
        "web",
        aTask({ name: "app", image: "a" }),
        aTask({ name: "app", image: "a", cpu: 1 }),
      ),
      [],
    ],
    [
      "those that change, by digests that can be told apart",
      aChange(
        "replace",
        taskType,
        "web",
        aTask({ name: "app", image: digest("a") }),
        aTask({ name: "app", image: digest("b") }),
      ),
      ["web app: shop/staging/web@sha256:aaaaaaaaaaaa → shop/staging/web@sha256:bbbbbbbbbbbb"],
    ],
    [
      "those that come",
      aChange("create", taskType, "web", {}, aTask({ name: "app", image: "a" })),
      ["web app runs a"],
    ],
    [
      "those that go",
      aChange("delete", taskType, "web", aTask({ name: "app", image: "a" })),
      ["web app runs a no more"],
    ],
  ];
  for (const [title, change, wanted] of rows) {
    it(`are told: ${title}`, () => assert.deepEqual(texts(of(change).images), wanted));
  }

  for (const op of ["create", "replace"] as const) {
    it(`are not said to change where the update makes what their containers name: ${op}`, () => {
      const before = op === "create" ? {} : aTask({ name: "app", image: "a" });
      const after = { containerDefinitions: unknownValue };
      const changes = of(aChange(op, taskType, "web", before, after));
      assert.deepEqual(changes.images, []);
      assert.deepEqual(texts(changes.unknownImages), [
        "web: known after the update, which makes something that its containers name",
      ]);
      const first = headline({ ...staging, ...changes });
      assert.match(first, /^1 \w+; images are known after the update$/);
    });
  }
});

describe("a preview's first line", () => {
  it("counts what is there in AWS, and not what groups it", () => {
    const changes = of(
      aChange("create", "gantry:index:Service", "web", {}, {}, { isComponent: true }),
      aChange("update", "aws:x/y:Y", "a"),
      aChange("update", "aws:x/y:Y", "b"),
      aChange("replace", "aws:ecs/service:Service", "web"),
    );
    assert.equal(headline({ ...staging, ...changes }), "2 changed, 1 replaced ⚠");
  });

  it("says what else changes", () => {
    const opened = aChange(
      "create",
      ingressType,
      "in",
      {},
      { cidrIpv4: "10.0.0.0/8", ipProtocol: "-1" },
    );
    assert.equal(headline({ ...staging, ...of(opened) }), "1 created; exposure change");
  });

  it("says so where nothing does, and where it failed", () => {
    assert.equal(headline({ ...staging, ...of() }), "no changes");
    assert.equal(headline({ stack: "staging", error: "x" }), "the preview failed ✗");
  });
});

describe("what the engine's events say of replacements", () => {
  const event = (op: string, urn: string) => ({
    sequence: 0,
    timestamp: 0,
    resourcePreEvent: {
      metadata: {
        op,
        urn,
        type: "aws:x/y:Y",
        provider: "",
        keys: ["name"],
        diffs: ["name"],
        old: { custom: true },
        new: { custom: true },
      },
    },
  });

  it("leaves out that a resource only groups others", () => {
    const grouping = event("create", "a::a");
    const { metadata } = grouping.resourcePreEvent;
    const events = [
      { ...grouping, resourcePreEvent: { metadata: { ...metadata, old: {}, new: {} } } },
      event("create", "a::b"),
    ] as unknown as Parameters<typeof plannedChanges>[0];
    assert.deepEqual(
      plannedChanges(events).map(({ name, isComponent }) => [name, isComponent]),
      [
        ["a", true],
        ["b", undefined],
      ],
    );
  });

  it("is whether the old resource goes first", () => {
    const events = [
      event("delete-replaced", "a::a"),
      event("replace", "a::a"),
      event("create-replacement", "a::a"),
      event("create-replacement", "a::b"),
      event("replace", "a::b"),
      event("delete-replaced", "a::b"),
    ] as unknown as Parameters<typeof plannedChanges>[0];
    assert.deepEqual(
      plannedChanges(events).map(({ name, replacement }) => [name, replacement]),
      [
        ["a", { causes: ["name"], deletesFirst: true }],
        ["b", { causes: ["name"], deletesFirst: false }],
      ],
    );
  });
});
