import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import { reportText } from "../../importers/report";
import { assertTrue, became, checked, inFolder } from "./support";

const manifest = (schedule: string, more = "") =>
  `name: report
type: Scheduled Job
image: { build: report/Dockerfile }
on: { schedule: ${schedule} }
${more}`;

function imported(schedule: string, more?: string) {
  const files = {
    "copilot/.workspace": "application: shop\n",
    "copilot/report/manifest.yml": manifest(schedule, more),
    "report/Dockerfile": "FROM scratch\n",
  };
  return inFolder(files, (folder) => checked(importCopilot(folder, {})));
}

function job(from = imported("'@daily'")): Record<string, unknown> {
  const { report } = from.drafts[0].values().services as Record<string, Record<string, unknown>>;
  return report;
}

describe("a scheduled job of Copilot", () => {
  it("becomes a job, with what a manifest says of it", () => {
    const from = imported(
      "'cron(0 3 * * ? *)'",
      "timeout: 1h30m\nretries: 3\ncommand: [node, report.js]\nenvironments:\n  prod: { cpu: 512 }\n",
    );
    const { kind, schedule, timeoutMinutes, retries, command, build } = job(from);
    assert.deepEqual(
      {
        kind,
        schedule,
        timeoutMinutes,
        retries,
        command: [...(command as string[])],
        build: { ...(build as object) },
      },
      {
        ...{ kind: "job", schedule: "cron(0 3 * * ? *)", timeoutMinutes: 90, retries: 3 },
        ...{ command: ["node", "report.js"], build: { context: "report" } },
      },
    );
    assertTrue(from);
  });

  it("goes on as it was where the manifest says nothing: without scaling, for a week at most", () => {
    const { cpu, timeoutMinutes, scaling, healthCheck } = job();
    assert.deepEqual(
      [cpu, timeoutMinutes, scaling, healthCheck],
      [256, 10_080, undefined, undefined],
    );
    assert.match(reportText(imported("'@daily'")), /while an earlier run of it is not over/);
  });

  for (const [given, schedule] of [
    ["'@daily'", "cron(0 0 * * ? *)"],
    ["'@every 1h30m'", "rate(90 minutes)"],
    ["30 6 * * 1-5", "cron(30 6 ? * 2-6 *)"],
    ["rate(1 hour)", "rate(1 hour)"],
  ] as const) {
    it(`runs at ${given} as ${schedule}`, () =>
      assert.equal(job(imported(given)).schedule, schedule));
  }

  it("is run by hand where its schedule is off", () => {
    const from = imported("none");
    assert.equal(job(from).schedule, undefined);
    assert.deepEqual(became(from, "on.schedule"), ["4: other way"]);
  });

  for (const [path, more] of [
    ["on.schedule", ""],
    ["timeout", "timeout: 200h\n"],
    ["retries", "retries: 100\n"],
  ] as const) {
    it(`loses a ${path} that AWS or Gantry does not have, and says so`, () => {
      const from = imported(path === "on.schedule" ? "'0 0 1 * 1'" : "'@daily'", more);
      const line = path === "on.schedule" ? 4 : 5;
      assert.deepEqual(became(from, path), [`${line}: lost`]);
    });
  }
});
