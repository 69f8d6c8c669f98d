import assert from "node:assert/strict";
import { CommandError } from "@pulumi/pulumi/automation";
import { EngineError, engineErrors, engineFailure } from "../../../delivery/engine/failure";

const target = { stack: "staging", folder: "/shop" };

/** As the Automation API throws it. */
function commandError(text: string): CommandError {
  return Object.assign(Object.create(CommandError.prototype) as CommandError, { message: text });
}

function failure(...errors: string[]): EngineError {
  const found = engineFailure("pulumi up", target, errors, commandError("code: 255\n"));
  assert.ok(found instanceof EngineError);
  return found;
}

describe("a failed run of Pulumi", () => {
  const diagnostic = (message: string) =>
    engineErrors({
      sequence: 1,
      timestamp: 1,
      diagnosticEvent: {
        ...{ message, color: "never", severity: "error" as const },
        urn: "urn:pulumi:staging::shop::aws:ecs/service:Service::shop--staging--web-service",
      },
    });

  it("is told by the resource, AWS's answer and nothing that goes without saying", () => {
    const said = diagnostic("updating ECS Service: InvalidParameterException: no such subnet");
    const { message, details } = failure(...said, "update failed");
    assert.equal(message, "pulumi up of staging failed");
    assert.deepEqual(details, [
      "shop--staging--web-service: updating ECS Service: InvalidParameterException: no such subnet",
    ]);
  });

  it("names the properties of a violated plan, and none of their values", () => {
    const urn = "urn:pulumi:staging::shop::aws:ecs/taskDefinition:TaskDefinition::web-task";
    const definitions = (value: string) =>
      JSON.stringify([{ name: "app", environment: [{ name: "NOTE", value }] }]);
    const changes = [
      `==cpu[{512}]`,
      `~~containerDefinitions[{${definitions("hunter2\nhunter3")}}!={${definitions("a, b\nhunter4")}}]`,
      "+-memory[{1024}]",
      "--volumes",
    ];
    const said = diagnostic(
      `resource ${urn} violates plan: properties changed: ${changes.join(", ")}`,
    );
    const { details, violatesPlan } = failure(...said);
    assert.ok(violatesPlan);
    assert.deepEqual(details, [
      `shop--staging--web-service: resource ${urn} violates plan: properties changed: ==cpu, ~~containerDefinitions, +-memory, --volumes`,
    ]);
  });

  it("is told by the end of its output where Pulumi says nothing of a resource", () => {
    const found = engineFailure(
      "pulumi up",
      target,
      [],
      commandError("code: 255\nno such backend"),
    );
    assert.ok(found instanceof EngineError);
    assert.deepEqual(found.details, ["no such backend"]);
  });

  it("is told by the CLI's own error, whatever it printed after that", () => {
    const said = "writing snapshot: failed to save snapshot: AccessDenied: Access Denied";
    const output =
      "Updating (staging):\n\nOutputs:\n    release: 1\n\nResources:\n    34 unchanged\n";
    for (const text of [
      `code: -2\n stdout: \n stderr: Command failed\nerror: ${said}\n${output}\n err?: Error\nerror: ${said}\n`,
      `code: 255\n stderr: Command failed\nerror: ${said}`,
    ]) {
      const found = engineFailure("pulumi up", target, [], commandError(text));
      assert.ok(found instanceof EngineError);
      assert.equal(found.details[0], said);
      assert.match(found.details[1], /lack a right/);
      assert.equal(found.details.length, 2);
    }
  });

  const fixes: readonly (readonly [code: string, fix: RegExp])[] = [
    ["ThrottlingException: Rate exceeded", /asked too often: run the same again/],
    ["AccessDeniedException: acme is not authorized", /pulumi up --stack staging by a person/],
    ["LimitExceededException: too many", /quota of the account/],
    ["RepositoryAlreadyExistsException: shop/web", /pulumi import it, or delete it/],
    ["ExpiredTokenException: expired", /sign in anew/],
  ];
  for (const [code, fix] of fixes) {
    it(`names the fix for ${code.split(":")[0]}, once`, () => {
      const { details } = failure(`one: ${code}`, `two: ${code}`);
      assert.equal(details.length, 3);
      assert.match(details[2], fix);
    });
  }

  it("of another kind than Pulumi's comes back as it is", () => {
    const error = new Error("no");
    assert.equal(engineFailure("pulumi up", target, [], error), error);
  });
});
