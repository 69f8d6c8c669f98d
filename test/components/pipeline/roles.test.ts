import assert from "node:assert/strict";
import type { Pipeline } from "../../../components";
import { isAllowed, type PolicyDocument } from "../../support/policies";
import type { Recording } from "../../support/record";
import { deniedInProduction } from "./deniedInProduction";
import { deniedInStaging, type Groups } from "./denials";
import { neighbours } from "./neighbours";
import { productionDoes, stagingDoes, type Row } from "./permissions";
import { bucketPolicyOf, pipeline, productionArgs, roleOf, stagingArgs } from "./support";

/** A request of a role, judged with the policies of the buckets that the pipeline makes. */
function allowed(recording: Recording<Pipeline>, [role, action, resource, context = {}]: Row) {
  const request = {
    action,
    resource,
    context: { "aws:SecureTransport": "true", ...context },
    principal: `arn:aws:iam::123456789012:role/${role}`,
  };
  const identity = [roleOf(recording, role).policy];
  return isAllowed(request, { identity, resource: bucketPolicy(recording, resource) });
}

function bucketPolicy(
  recording: Recording<Pipeline>,
  resource: string,
): PolicyDocument | undefined {
  const [, stack, kind] = /^arn:aws:s3:::shop-(\w+)-(artifacts|releases)/.exec(resource) ?? [];
  const here = recording.resources[0]?.name === `shop-${stack}`;
  const made = here && (kind === "artifacts" || recording.value.releaseBucketName !== undefined);
  return made ? bucketPolicyOf(recording, kind) : undefined;
}

function title([role, action, resource, context]: Row): string {
  const circumstances = context
    ? ` with ${Object.entries(context)
        .map(([key, value]) => `${key} ${[value].flat().join(", ")}`)
        .join(" and ")}`
    : "";
  return `${role}: ${action} on ${resource}${circumstances}`;
}

for (const { stack, args, does, denied } of [
  {
    stack: "staging",
    args: stagingArgs(),
    does: stagingDoes,
    denied: { ...deniedInStaging, ...neighbours },
  },
  {
    stack: "production",
    args: productionArgs(),
    does: productionDoes,
    denied: deniedInProduction,
  },
]) {
  describe(`the roles of ${stack}'s pipeline`, () => {
    let recording: Recording<Pipeline>;
    before(async () => {
      recording = await pipeline(args);
    });

    describe("may do what their actions do", () => {
      for (const row of does) {
        it(title(row), () => assert.equal(allowed(recording, row), true));
      }
    });

    for (const [group, rows] of Object.entries(denied)) {
      describe(`may not ${group}`, () => {
        for (const row of rows) {
          it(title(row), () => assert.equal(allowed(recording, row), false));
        }
      });
    }
  });
}

it("the tables are long enough to mean something", () => {
  const titles = (groups: Groups) => Object.values(groups).flat().map(title);
  const others = titles(neighbours);
  const denied = [[...titles(deniedInStaging), ...others], titles(deniedInProduction)];
  assert.ok(others.length >= 60, `${others.length} rows of other products and stacks`);
  assert.ok(denied.flat().length >= 200, `${denied.flat().length} rows of denials`);
  assert.ok(stagingDoes.length + productionDoes.length >= 200);
  for (const rows of denied) assert.deepEqual(rows, [...new Set(rows)], "each is its own");
});
