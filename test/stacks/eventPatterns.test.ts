import assert from "node:assert/strict";
import { matchesPattern, type JsonObject } from "../../rehearsal/runner/events";
import { everything, pipelines } from "./everything";
import { environment } from "./support";

describe("every event pattern", () => {
  for (const stack of ["staging", "production"] as const) {
    it(`of ${stack} can be rehearsed`, async () => {
      const config = { ...everything, pipeline: pipelines[stack] };
      const { all } = await environment(config, { stack });
      const patterns = all("aws:cloudwatch/eventRule:EventRule")
        .flatMap(({ inputs }) => inputs.eventPattern ?? [])
        .map((text) => JSON.parse(text as string) as { readonly detail?: JsonObject });
      assert.ok(patterns.length > 3, String(patterns.length));
      // Each by itself: none is passed over since another one does not match.
      for (const [key, wanted] of patterns.flatMap(({ detail = {} }) => Object.entries(detail))) {
        assert.doesNotThrow(() => matchesPattern({ [key]: wanted }, { [key]: "x" }), key);
      }
    });
  }
});
