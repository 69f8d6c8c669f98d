import assert from "node:assert/strict";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { environmentNames } from "../../contract/names";
import type { StackConfig } from "../../rehearsal/stackFile";
import { destroy, emptyPreview, emptyRefresh, up } from "../../rehearsal/update";
import { call } from "./calls";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const day = { at: "cron(0 7 ? * MON-FRI *)", min: 1, max: 3, timezone: "Europe/Berlin" };
const night = { at: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 };

const names = environmentNames({ name: "gantry", stack: "staging" });

interface ScheduledAction {
  readonly Schedule: string;
  readonly Timezone: string;
  readonly ScalableTargetAction: { readonly MaxCapacity: number };
}

describe("scaling of a service on the emulator", function () {
  buildOnEachOther();
  let bench: Bench;

  before(async () => {
    bench = await startBench();
  });

  after(() => bench?.stop());

  const stack = (jobs: object): ReturnType<Bench["workspace"]["stack"]> => {
    const config: StackConfig = { "gantry:services": { jobs: { kind: "worker", ...jobs } } };
    return bench.workspace.stack("staging", config);
  };

  const described = <T>(what: string) =>
    call<T>(bench, "application-autoscaling", `AnyScaleFrontendService.Describe${what}`, {
      ServiceNamespace: "ecs",
    });

  const made = async (jobs: object) => {
    await up(await stack(jobs), log);
    await emptyPreview(await stack(jobs), log);
    const { ScheduledActions } = await described<{ ScheduledActions: ScheduledAction[] }>(
      "ScheduledActions",
    );
    const { ScalableTargets } = await described<{ ScalableTargets: { MinCapacity: number }[] }>(
      "ScalableTargets",
    );
    const actions = ScheduledActions.map((action) => [
      action.Schedule,
      action.Timezone,
      action.ScalableTargetAction.MaxCapacity,
    ]);
    actions.sort((a, b) => Number(a[2]) - Number(b[2]));
    return { actions, targets: ScalableTargets.map(({ MinCapacity }) => MinCapacity) };
  };

  const bursts = async () => {
    const { ScalingPolicies } = await described<{
      ScalingPolicies: { StepScalingPolicyConfiguration?: { AdjustmentType: string } }[];
    }>("ScalingPolicies");
    return ScalingPolicies.flatMap(({ StepScalingPolicyConfiguration: step }) =>
      step ? [step.AdjustmentType] : [],
    );
  };

  it("goes by the time", async () => {
    const scaling = { min: 1, max: 1, cooldownSeconds: 60, schedule: [night, day] };
    assert.deepEqual(await made({ scaling }), {
      actions: [
        [night.at, "UTC", 0],
        [day.at, day.timezone, 3],
      ],
      targets: [1],
    });
    await emptyRefresh(await stack({ scaling }), log);
  });

  it("goes by other times, and by load that comes at once", async () => {
    const scaling = { min: 0, max: 2, burst: true, schedule: [{ ...day, max: 2 }] };
    assert.deepEqual(await made({ scaling }), {
      actions: [[day.at, day.timezone, 2]],
      targets: [0],
    });
    assert.deepEqual(await bursts(), ["PercentChangeInCapacity"]);
  });

  it("no longer goes by either", async () => {
    assert.deepEqual(await made({ scaling: { min: 1, max: 1 } }), { actions: [], targets: [] });
    assert.deepEqual(await bursts(), []);
  });

  it("runs tasks on Spot, from one on or all", async () => {
    const capacity = async (spot: unknown) => {
      await made({ scaling: { min: 1, max: 1 }, spot });
      const { services = [] } = await new ECSClient(bench.client).send(
        new DescribeServicesCommand({ cluster: names.cluster, services: [names.service("jobs")] }),
      );
      const { capacityProviderStrategy = [] } = services[0];
      return capacityProviderStrategy
        .map(({ capacityProvider, base, weight }) => [capacityProvider, base, weight])
        .sort(([a], [b]) => String(a).localeCompare(String(b)));
    };
    assert.deepEqual(await capacity({ from: 2 }), [
      ["FARGATE", 1, 0],
      ["FARGATE_SPOT", 0, 1],
    ]);
    assert.deepEqual(await capacity(true), [["FARGATE_SPOT", 0, 1]]);
  });

  it("is destroyed", async () => {
    assert.deepEqual(Object.keys((await destroy(await stack({}), log)).changes), ["delete"]);
  });
});
