import assert from "node:assert/strict";
import type { PlannedChange } from "../../../delivery/engine";
import { unknownValue } from "../../../delivery/engine/changes";
import { serviceTargets } from "../../../delivery/engine/targets";
import { evidenceMarkdown, evidenceSummary, planEvidence } from "../../../delivery/evidence";
import { differences, isImage } from "../../../delivery/plan/differences";
import { aTarget } from "../support/aTarget";
import { releaseNumber } from "../support/fakePorts";
import { digest } from "../support/someEvidence";

const target = aTarget({
  services: {
    web: { build: "app", port: 3000 },
    jobs: { build: "jobs", kind: "worker" },
  },
});

type Values = Readonly<Record<string, unknown>>;

function change(
  service: "web" | "jobs",
  part: "taskDefinition" | "service",
  oldInputs: Values,
  newInputs: Values,
): PlannedChange {
  const urn = String(serviceTargets(target)[service][part]);
  return { urn, type: "", name: "", op: "update", properties: [], oldInputs, newInputs };
}

const app = (more: object) => JSON.stringify([{ name: "app", ...more }]);
const told = (changes: readonly PlannedChange[]) =>
  differences(target, changes).map(
    ({ service, property, from, to }) => `${service} ${property}: ${from} -> ${to}`,
  );

describe("what a release changes of task definitions and services", () => {
  it("is told property by property, by service", () => {
    assert.deepEqual(
      told([
        change("jobs", "taskDefinition", { cpu: "256" }, { cpu: "512" }),
        change("web", "service", { desiredCount: 1 }, { desiredCount: 2 }),
      ]),
      ["web service desiredCount: 1 -> 2", "jobs cpu: 256 -> 512"],
    );
  });

  it("says of containers that only the update makes known that they change, and nothing of what they have", () => {
    const before = { containerDefinitions: app({ image: "a", stopTimeout: 30 }), cpu: "256" };
    const after = { containerDefinitions: unknownValue, cpu: "512" };
    assert.deepEqual(told([change("web", "taskDefinition", before, after)]), [
      "web cpu: 256 -> 512",
      "web containers: set -> known after the update",
    ]);
  });

  it("is told container by container", () => {
    const before = app({ image: "a", stopTimeout: 30, environment: [{ name: "A", value: "1" }] });
    const after = app({ image: "a", stopTimeout: 60, environment: [{ name: "A", value: "2" }] });
    assert.deepEqual(
      told([
        change(
          "web",
          "taskDefinition",
          { containerDefinitions: before },
          { containerDefinitions: after },
        ),
      ]),
      ["web app.environment.A: set -> another value", "web app.stopTimeout: 30 -> 60"],
    );
  });

  it("knows variables and secrets by name, in any order", () => {
    const list = (...names: readonly string[]) => names.map((name) => ({ name, value: "x" }));
    const secrets = (arn: string) => [{ name: "URL", valueFrom: arn }];
    const before = app({ environment: list("A", "B"), secrets: secrets("arn:1") });
    const after = app({ environment: list("C", "B", "A"), secrets: secrets("arn:2") });
    assert.deepEqual(
      told([
        change(
          "web",
          "taskDefinition",
          { containerDefinitions: before },
          { containerDefinitions: after },
        ),
      ]),
      ["web app.environment.C: undefined -> set", "web app.secrets.URL: arn:1 -> arn:2"],
    );
  });

  it("tells no value of a variable, neither in the evidence nor where containers are no JSON (row C4)", () => {
    const value = "postgres://shop:hunter2@db.example.com";
    const list = (text: string) => [{ name: "DATABASE_URL", value: text }];
    const inputs = [
      [app({}), app({ environment: list(value) })],
      [app({ environment: list(value) }), app({ environment: list(`${value}/shop`) })],
      [app({ environment: list(value) }), app({})],
      [`[{ "environment": ${value}`, `[{ "environment": ${value}/shop`],
    ];
    for (const [before, after] of inputs) {
      const changes = [
        change(
          "web",
          "taskDefinition",
          { containerDefinitions: before },
          { containerDefinitions: after },
        ),
      ];
      const evidence = planEvidence({
        ...{ target, changes, gates: [], release: releaseNumber(2), running: releaseNumber(1) },
        evidence: { release: "r", commit: "c", tests: {}, scans: {}, history: [] },
        plannedAt: new Date("2026-01-31T12:00:00Z"),
        plannedBy: "execution-17",
      });
      assert.equal(evidence.settings.length, 1);
      for (const text of [
        JSON.stringify(evidence),
        evidenceMarkdown(evidence),
        evidenceSummary(evidence),
      ]) {
        assert.match(text, /DATABASE_URL|containerDefinitions/);
        assert.doesNotMatch(text, /hunter2/);
      }
    }
  });

  it("shortens images to repository and digest, and long values", () => {
    const image = (tag: string) =>
      `127.0.0.1:5000/123456789012/eu-west-1/shop/staging/web@${digest(tag)}`;
    const before = app({ image: image("1"), command: ["x".repeat(300)] });
    const after = app({ image: image("2"), command: ["y".repeat(300)] });
    const [command, images] = told([
      change(
        "web",
        "taskDefinition",
        { containerDefinitions: before },
        { containerDefinitions: after },
      ),
    ]);
    assert.equal(
      images,
      "web app.image: shop/staging/web@sha256:111111111111 -> shop/staging/web@sha256:222222222222",
    );
    assert.ok(command.length < 280, command);
  });

  it("leaves out what every release changes, what is empty, and what only the update makes known", () => {
    assert.deepEqual(
      told([
        change("web", "service", { taskDefinition: "arn:1" }, { taskDefinition: "arn:2" }),
        change(
          "web",
          "taskDefinition",
          { containerDefinitions: app({ mountPoints: [] }), __defaults: [], taskRoleArn: "arn:1" },
          { containerDefinitions: app({}), taskRoleArn: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
        ),
      ]),
      [],
    );
  });

  it("leaves out whatever is no task definition and no service", () => {
    const other = { ...change("web", "service", { a: 1 }, { a: 2 }), urn: "urn:pulumi:other" };
    assert.deepEqual(told([other]), []);
  });

  it("tells images of a release from those of others' containers, and from a variable of that name", () => {
    const sidecars = { nginx: { image: "nginx:1.29" } };
    const withSidecar = aTarget({ services: { web: { build: "app", sidecars } } });
    const isOfRelease = (property: string) => isImage(withSidecar, { service: "web", property });
    assert.equal(isOfRelease("app.image"), true);
    assert.equal(isOfRelease("nginx.image"), true);
    assert.equal(isOfRelease("proxy.image"), false);
    assert.equal(isOfRelease("app.environment.image"), false);
  });
});
