import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../../rehearsal/report";
import { actionsOf } from "../clone";
import { failedActions } from "../rehearsed";
import { isDelivered } from "./delivery";

const digests = ({ running }: Report) =>
  running.map(({ stack, release, services }) => [
    ...[stack, release],
    ...services.map(({ service, digest }) => `${service}@${digest}`),
  ]);

isDelivered({
  name: "storefront",
  services: ["api", "cache", "web"],
  content: { web: ["/books/2", /19\.80 EUR/] },
  verifies: /api: task [\w-]+: GET http:\/\/[\d.]+:8081\/books: 200/,
  says: /node:22\.23-alpine: Node .* on busybox/,
  kept: (clone, env) => {
    it("rolls back a commit whose API starts, and answers 500", async () => {
      const before = digests(clone().report());
      const file = join(clone().folder, "api/server.mjs");
      const source = readFileSync(file, "utf8");
      const mistaken = source.replace("[...books].map(", "books.map(");
      assert.notEqual(mistaken, source);
      writeFileSync(file, mistaken);

      const { code, stderr } = await clone().npmStart(["--keep"], env());
      assert.equal(code, 1, stderr);
      const report = clone().report();
      const [run, ...more] = report.deliveries.flatMap(({ runs }) => runs);
      assert.deepEqual([run.status, more], ["Failed", []]);
      assert.deepEqual(failedActions(run), ["Conclude"]);
      const verify = actionsOf(run).find(({ name }) => name === "Verify");
      const said = /api: task [\w-]+: GET http:\/\/[\d.]+:8081\/books: 500, and not 200/;
      assert.match(verify?.tail.join("\n") ?? "", said);
      assert.deepEqual(digests(report), before);
    });
  },
});
