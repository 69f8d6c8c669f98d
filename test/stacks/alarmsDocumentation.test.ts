import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { types } from "../components/observability/support";
import { everything } from "./everything";
import { environment } from "./support";

const page = readFileSync(join(__dirname, "../../docs/operations.md"), "utf8");

/** The first cells of the table behind the heading. */
function documented(): string[] {
  const [, text] = page.split("\n## An alarm fires\n");
  const [table] = /(?:^\|.*\n)+/m.exec(text) ?? [""];
  const [, , ...rows] = table.trimEnd().split("\n");
  return rows.map((row) => /^\| `([^`]+)`/.exec(row)?.[1] ?? row).sort();
}

/** What an alarm is called by in the page: its name without the environment's, and without what config calls things. */
function kindOf(name: string): string {
  return name
    .replace(/^shop--production\./, "")
    .replace(/^shop--production-schedules-/, "schedules-")
    .replace(/^shop--production--[a-z]+--[a-z]+-deadLetters$/, "<queue>-deadLetters")
    .replace(/^shop--production--[a-z]+--/, "<service>--")
    .replace(/^(service|job|database|cache)\.[a-z]+/, "$1.<name>")
    .replace(/^(service\.<name>)\.[a-z]+\.age$/, "$1.<queue>.age")
    .replace(/^loadBalancer\.[a-z]+/, "loadBalancer.<side>");
}

describe("the page about operations", () => {
  it("says of every alarm that tells people what to do, and of no other", async function () {
    this.timeout(120_000);
    const { notify, services, ...others } = everything;
    const values = {
      ...others,
      services: { ...services, bulk: { kind: "job", subscribes: { orders: {} } } },
      pipeline: { promoteFrom: { stack: "staging" } },
      pullRequests: undefined,
    };
    const told = await environment({ ...values, notify }, { stack: "production" });
    // Where notify tells of failures with their reasons, the alarms of these are not made.
    const untold = await environment(values, { stack: "production" });
    const kinds = [told, untold].flatMap(({ all }) =>
      [types.alarm, types.composite]
        .flatMap((type) => all(type))
        // Those that scale tell nobody.
        .filter(({ inputs }) => !JSON.stringify(inputs.alarmActions ?? []).includes(":policy/"))
        .map(({ name, inputs }) => kindOf((inputs.alarmName ?? inputs.name ?? name) as string)),
    );
    assert.deepEqual(documented(), [...new Set(kinds)].sort());
  });
});
