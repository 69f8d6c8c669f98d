import assert from "node:assert/strict";
import type { Recording } from "../../support/record";
import { observed } from "./support";

const type = "aws:cloudwatch/queryDefinition:QueryDefinition";

/** Log groups by the name of each query. */
function groupsOf({ all }: Pick<Recording<unknown>, "all">): Record<string, string[]> {
  return Object.fromEntries(
    all(type).map(({ inputs }) => [String(inputs.name), inputs.logGroupNames as string[]]),
  );
}

describe("saved queries of Observability", () => {
  it("ask for errors, runs of jobs and sessions, under the environment's name", async () => {
    const tasks = ["/gantry/shop/web", "/gantry/shop/jobs", "/gantry/shop/nightly"];
    assert.deepEqual(groupsOf(await observed()), {
      "shop/errors": tasks,
      "shop/errors by service": tasks,
      "shop/runs of nightly": ["/gantry/shop/nightly"],
      "shop/sessions in tasks": ["/gantry/shop/exec"],
    });
  });

  it("are there without alarms and dashboard, since they cost nothing until somebody asks", async () => {
    const { all } = await observed({ alarms: false, dashboard: false });
    assert.equal(all(type).length, 4);
  });

  it("ask no more log groups at once than CloudWatch takes", async () => {
    const services = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `jobs-${index}`,
        { serviceName: `shop--jobs-${index}`, logGroupName: `/gantry/shop/jobs-${index}` },
      ]),
    );
    const groups = groupsOf(await observed({ services, jobs: {} }));
    assert.equal(groups["shop/errors"].length, 50);
    assert.equal(groups["shop/errors 2"].length, 10);
  });
});
