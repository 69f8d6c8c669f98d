import assert from "node:assert/strict";
import fc from "fast-check";
import { environmentNames, type EnvironmentNames } from "../../stacks/names";

/** Every name of an environment, those of one service among them. */
function namesOf(names: EnvironmentNames, service: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).map(
      ([key, name]: [string, string | ((...parts: string[]) => string)]) => [
        key,
        typeof name === "string" ? name : name(service, "eu-west-1"),
      ],
    ),
  );
}

describe("environmentNames", () => {
  it("are these: whoever renames one parts delivery from what runs", () => {
    assert.deepEqual(namesOf(environmentNames({ name: "shop", stack: "staging" }), "web"), {
      prefix: "shop-staging",
      cluster: "shop-staging",
      releasePointer: "/gantry/shop/staging/release",
      releasePointerPath: "/gantry/shop/staging",
      flowLogGroup: "/gantry/shop/staging/flow-logs",
      execLogGroup: "/gantry/shop/staging/exec",
      service: "shop-staging-web",
      taskFamily: "shop-staging-web",
      repository: "shop-staging/web",
      logGroup: "/gantry/shop/staging/services/web",
      pipeline: "shop-staging",
      action: "shop-staging-web",
      receiveRole: "shop-staging-receive",
      releaseBucket: "shop-staging-releases-web-eu-west-1",
      ledger: "shop-staging-deployments",
    });
  });

  it("keep the pointer directly below the path that it is read by", () => {
    const { releasePointer, releasePointerPath } = environmentNames({ name: "a", stack: "b" });
    assert.equal(releasePointer.replace(/\/[^/]+$/, ""), releasePointerPath);
  });

  it("of one product's environments never meet", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?$/);
    fc.assert(
      fc.property(word, word, word, word, (name, stack, otherStack, service) => {
        fc.pre(stack !== otherStack);
        const names = namesOf(environmentNames({ name, stack }), service);
        const others = namesOf(environmentNames({ name, stack: otherStack }), service);
        for (const [key, value] of Object.entries(names)) assert.notEqual(value, others[key]);
      }),
    );
  });
});
