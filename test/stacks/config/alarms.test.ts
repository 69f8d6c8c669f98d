import assert from "node:assert/strict";
import { alarmsOf } from "../../../stacks/alarms";
import { checkFaults, parse, web, type Values } from "./support";

const watched = (alarms: Values): Values => web({ alarms });

describe("alarms", () => {
  it("are bounds, or none; tasks are counted where the cluster does", () => {
    const of = (alarms: unknown, containerInsights: string) => {
      const config = parse({ ...web({ alarms }), cluster: { containerInsights } });
      const { web: service } = config.services;
      assert.ok(service.kind !== "job");
      return alarmsOf(service, config);
    };
    const countsTasks = true;
    assert.deepEqual(of({ errorPercent: 2 }, "enabled"), {
      alarms: { errorPercent: 2, countsTasks },
    });
    assert.deepEqual(of({}, "disabled"), { alarms: { countsTasks: false } });
    assert.deepEqual(of(false, "enabled"), { alarms: false, watch: undefined });
    assert.deepEqual(of(undefined, "enabled"), { alarms: undefined, watch: undefined });
  });

  checkFaults("gantry:services.web.alarms", watched, [
    ["no answer may be an error", { errorPercent: 0 }, "errorPercent", "set errorPercent: 0.1"],
    [
      "a day may pass",
      { latencySeconds: 86_400 },
      "latencySeconds",
      "write a number from 0.01 to 3600",
    ],
    ["it is misspelt", { latency: 1 }, "latency", "did you mean latencySeconds?"],
  ]);

  checkFaults("gantry:services.web", web, [["it is true", { alarms: true }, "alarms", "write {}"]]);

  checkFaults(
    "gantry:services.web",
    (alarms) => ({ ...web({ kind: "worker", alarms }), cluster: { containerInsights: "enabled" } }),
    [["a worker has requests", { errorPercent: 5 }, "alarms.errorPercent", "remove errorPercent"]],
  );

  checkFaults(
    "gantry:services.web",
    (alarms) => ({
      ...web({ kind: "worker", alarms }),
      cluster: { containerInsights: "disabled" },
    }),
    [
      [
        "nothing counts a worker's tasks",
        {},
        "alarms",
        "set cluster.containerInsights: enabled, or remove alarms",
      ],
    ],
  );
});
