import assert from "node:assert/strict";
import type { CommonServiceArgs } from "../../../components";
import { cluster, service, types, worker } from "./support";

const onDemandAndSpot = {
  ...cluster,
  capacityProviderStrategies: [
    { capacityProvider: "FARGATE", base: 1, weight: 1 },
    { capacityProvider: "FARGATE_SPOT", weight: 3 },
  ],
};

async function capacity(more: Partial<CommonServiceArgs>) {
  const { one } = await service(worker(more));
  return one(types.service).inputs.capacityProviderStrategies;
}

describe("the share of Spot of a Service", () => {
  it("is all of its tasks, those from one on, or none", async () => {
    const spot = { capacityProvider: "FARGATE_SPOT", weight: 1 };
    assert.deepEqual(await capacity({ spot: true }), [spot]);
    assert.deepEqual(await capacity({ spot: { from: 1 } }), [spot]);
    assert.deepEqual(await capacity({ spot: { from: 3 } }), [
      { capacityProvider: "FARGATE", base: 2, weight: 0 },
      spot,
    ]);
    assert.deepEqual(await capacity({ spot: false, cluster: onDemandAndSpot }), [
      { capacityProvider: "FARGATE", weight: 1 },
    ]);
  });

  it("is its cluster's where it says nothing", async () => {
    assert.deepEqual(
      await capacity({ cluster: onDemandAndSpot }),
      onDemandAndSpot.capacityProviderStrategies,
    );
  });

  it("fails on hosts", async () => {
    const hosts = { ...cluster, launchTypes: ["EC2"] as const };
    await assert.rejects(
      capacity({ spot: true, cluster: hosts }),
      /Service spot: given true; allowed: nothing on hosts/,
    );
  });

  it("fails when there is no such task", async () => {
    await assert.rejects(capacity({ spot: { from: 0 } }), /Service spot\.from: given 0/);
  });
});
