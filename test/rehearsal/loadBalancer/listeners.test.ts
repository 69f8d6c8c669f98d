import assert from "node:assert/strict";
import { servingOf } from "../../../rehearsal/loadBalancer/listeners";

describe("the targets that requests are sent to", () => {
  const target = (id: string, state: string) => ({
    ...{ targetGroupArn: "web", id, port: 80, state, task: null },
  });
  for (const [what, states, wanted] of [
    ["the healthy ones", ["healthy", "unhealthy", "healthy"], [0, 2]],
    ["the unhealthy ones where none is healthy", ["unhealthy", "draining", "initial"], [0]],
    ["none of those that drain or begin", ["draining", "initial", "unused"], []],
  ] as const) {
    it(`are ${what}`, () => {
      const all = states.map((state, index) => target(String(index), state));
      assert.deepEqual(
        servingOf(all).map(({ id }) => Number(id)),
        wanted,
      );
    });
  }
});
