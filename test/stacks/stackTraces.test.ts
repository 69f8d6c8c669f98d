import assert from "node:assert/strict";
import { makeStackTracesCheap } from "../../stacks/stackTraces";

describe("stack traces", () => {
  const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const frame = (file: string) => ({ getFileName: () => file }) as NodeJS.CallSite;
  let mapped: string[];

  beforeEach(() => {
    mapped = [];
    Error.prepareStackTrace = (error, frames) => {
      mapped.push(frames[0].getFileName() ?? "");
      return `${String(error)}\n    at async Stack (/shop/node_modules/@pulumi/resource.ts:1598:22)`;
    };
    makeStackTracesCheap();
  });

  afterEach(() => {
    if (own) Object.defineProperty(Error, "prepareStackTrace", own);
  });

  const prepare = (file: string) =>
    Error.prepareStackTrace?.(new Error("no"), [frame(file)]) as string;

  for (const file of ["runtime/debuggable.js", "resource.js", "runtime/invoke.js"]) {
    it(`that the SDK makes in ${file} are not mapped`, () => {
      assert.equal(prepare(`/shop/node_modules/@pulumi/pulumi/${file}`), "Error: no");
      assert.deepEqual(mapped, []);
    });
  }

  it("of errors are mapped", () => {
    prepare("/shop/stacks/config.ts");
    assert.deepEqual(mapped, ["/shop/stacks/config.ts"]);
  });

  it("have no frame that Node's inspect with colours never gets past", () => {
    assert.equal(
      prepare("/shop/stacks/config.ts"),
      "Error: no\n    at async Stack (/shop/@pulumi/resource.ts:1598:22)",
    );
  });
});
