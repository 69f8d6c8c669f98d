import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rules } from "../../policy/rules";

const sdk = dirname(require.resolve("@pulumi/aws/package.json"));

/** The declarations of a type: `aws:s3/bucket:Bucket` is in `s3/bucket.d.ts`. */
function declarationsOf(type: string): string {
  const [, path] = /^aws:([^:]+):/.exec(type) ?? [];
  const file = join(sdk, `${path}.d.ts`);
  assert.ok(existsSync(file), `@pulumi/aws has no ${type}`);
  return readFileSync(file, "utf8");
}

describe("types that the policy pack looks at", () => {
  for (const type of new Set(rules.flatMap(({ types }) => types))) {
    it(`${type} is one of @pulumi/aws`, () => {
      const [, , name] = type.split(":");
      assert.match(declarationsOf(type), new RegExp(`export declare class ${name} `));
    });
  }

  it("take tags where the rule of tags looks at them", () => {
    for (const type of rules.find(({ name }) => name === "tags")?.types ?? []) {
      assert.match(declarationsOf(type), /^ {4}tags\?: /m, type);
    }
  });
});
