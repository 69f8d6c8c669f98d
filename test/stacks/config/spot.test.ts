import assert from "node:assert/strict";
import { checkFaults, servicesOf, web, type Values } from "./support";

const spotted = (spot: Values): Values => web({ spot });

describe("spot", () => {
  it("is all tasks, those from one on, or none", () => {
    for (const spot of [true, false, { from: 2 }]) {
      assert.deepEqual(servicesOf(web({ spot })).web.spot, spot);
    }
  });

  checkFaults("gantry:services.web.spot", spotted, [
    ["there is no such task", { from: 0 }, "from", "set from: 1"],
    ["it says no task", {}, "from", "add from: a whole number from 1 to 100001"],
  ]);

  checkFaults("gantry:services.web", web, [
    ["it is a word", { spot: "yes" }, "spot", "set spot: true"],
    ["it is a number", { spot: 50 }, "spot", "write true, false or { from: 2 }"],
  ]);

  checkFaults(
    "gantry:services.web.spot",
    (cluster) => ({ ...spotted({ from: 2 }), cluster, network: { nat: "single" } }),
    [
      [
        "tasks run on hosts",
        { capacity: "ec2" },
        "",
        "remove spot, or set cluster.capacity: fargate",
      ],
    ],
  );
});
