import assert from "node:assert/strict";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
} from "@aws-sdk/client-ecs";
import { emptyPreview } from "../../../rehearsal/update";
import type { StackConfig } from "../../../rehearsal/stackFile";
import { buildOnEachOther, log, startBench, type Bench } from "../support";
import { RunningEnvironment } from "./environment";

const deployment = { strategy: "rolling" };
const web = { build: "app", port: 3000, scaling: { min: 2, max: 4 }, deployment };
const recreate = { deployment: { strategy: "recreate" } };

describe("a running service that goes over to recreate and back", function () {
  buildOnEachOther();
  let bench: Bench;
  let environment: RunningEnvironment;

  const config = (more: object): StackConfig => ({
    "gantry:services": { web: { ...web, ...more } },
  });

  /** Makes a change whose tasks come late, and answers whether requests would have been lost on the way. */
  const interrupts = async (more: object): Promise<boolean> => {
    await environment.slowStart("web");
    await environment.watch("/");
    environment.config = { ...environment.config, ...config(more) };
    await environment.up();
    await settled();
    const lost = await environment.lost();
    await emptyPreview(await environment.stack(), log);
    return lost.length > 0;
  };

  const look = async () => {
    const { cluster } = environment.names;
    const { services = [] } = await new ECSClient(bench.client).send(
      new DescribeServicesCommand({ cluster, services: [environment.names.service("web")] }),
    );
    return services[0];
  };

  /** Each look brings a deployment a step further. */
  const settled = async () => {
    for (let looks = 0; looks < 10; looks++) {
      const { deployments = [] } = await look();
      if (deployments.every(({ rolloutState }) => rolloutState === "COMPLETED")) return;
    }
    assert.fail("the deployment did not end");
  };

  const service = async () => {
    const described = await look();
    const { availabilityZoneRebalancing, deploymentConfiguration, runningCount } = described;
    const { maximumPercent, minimumHealthyPercent } = deploymentConfiguration ?? {};
    return [minimumHealthyPercent, maximumPercent, availabilityZoneRebalancing, runningCount];
  };

  before(async () => {
    bench = await startBench();
    environment = new RunningEnvironment(bench, config({}));
    await environment.up();
    await environment.release("web");
    await environment.up();
  });

  after(() => bench?.stop());

  it("is rolling at first", async () => {
    assert.equal(await interrupts({ cpu: 512, memoryMiB: 2048 }), false);
    assert.deepEqual(await service(), [100, 200, "ENABLED", 2]);
  });

  it("stops its tasks before new ones start", async () => {
    assert.equal(await interrupts(recreate), true);
    assert.deepEqual(await service(), [0, 100, "DISABLED", 2]);
  });

  it("does so with every deployment, such as one with more storage, other limits and fewer ways out", async () => {
    const container = { ulimits: { nofile: 65_536 }, initProcess: false, capabilities: [] };
    const egress = ["203.0.113.0/24", { to: "198.51.100.7/32", port: 53, protocol: "udp" }];
    const resources = { ephemeralStorageGiB: 50, ...container, egress };
    assert.equal(await interrupts({ ...recreate, ...resources }), true);
    const { taskDefinition } = await new ECSClient(bench.client).send(
      new DescribeTaskDefinitionCommand({ taskDefinition: environment.names.taskFamily("web") }),
    );
    const { ephemeralStorage, containerDefinitions = [] } = taskDefinition ?? {};
    assert.deepEqual(ephemeralStorage, { sizeInGiB: 50 });
    const { linuxParameters, ulimits } = containerDefinitions[0];
    assert.equal(linuxParameters?.initProcessEnabled, false);
    assert.deepEqual(linuxParameters.capabilities?.drop, ["ALL"]);
    assert.deepEqual(ulimits, [{ name: "nofile", softLimit: 65_536, hardLimit: 65_536 }]);
  });

  it("goes back without a request that is lost", async () => {
    assert.equal(await interrupts({}), false);
    assert.deepEqual(await service(), [100, 200, "ENABLED", 2]);
  });
});
