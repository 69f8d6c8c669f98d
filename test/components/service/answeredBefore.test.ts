import assert from "node:assert/strict";
import { answeredBefore } from "../../../components/service/answeredBefore";
import type { ListenerRule } from "../../../components/service/leadingRules";

const rule = (priority: number, group: string, more: Partial<ListenerRule> = {}): ListenerRule => ({
  ...{ arn: `rule of ${group}`, priority, isNarrower: false, weights: { [group]: 1 } },
  ...more,
});
const own = { hosts: ["api.example.com"], paths: ["/api/*"], priority: 100 };

describe("what answered a new route before", () => {
  const table: [string, readonly ListenerRule[], string | undefined][] = [
    ["is the next rule that matches all of it", [rule(300, "later"), rule(200, "web")], "web"],
    ["is none that comes before it", [rule(50, "first"), rule(200, "web")], "web"],
    ["is one of a broader path", [rule(200, "web", { paths: ["/a*"] })], "web"],
    ["is none of another path", [rule(200, "a", { paths: ["/b/*"] }), rule(300, "web")], "web"],
    [
      "is none of a narrower one",
      [rule(200, "a", { paths: ["/api/v1/*"] }), rule(300, "web")],
      "web",
    ],
    ["is one of a broader host", [rule(200, "web", { hosts: ["*.example.com"] })], "web"],
    ["is none of another host", [rule(200, "a", { hosts: ["example.com"] })], undefined],
    ["is none that asks for more", [rule(200, "a", { isNarrower: true })], undefined],
    ["is nothing where that forwards nothing", [rule(Infinity, "", { weights: {} })], undefined],
    ["takes no ? for what a * stands for", [rule(200, "a", { paths: ["/api/?"] })], undefined],
  ];
  for (const [title, rules, group] of table) {
    it(title, () =>
      assert.deepEqual(
        answeredBefore(own, rules),
        group === undefined ? undefined : { [group]: 1 },
      ),
    );
  }

  it("is no rule of a host where any host is asked for", () => {
    const any = { hosts: [], paths: ["/*"], priority: 100 };
    assert.equal(answeredBefore(any, [rule(200, "a", { hosts: ["example.com"] })]), undefined);
  });
});
