import assert from "node:assert/strict";
import { DescribeClustersCommand, DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import type { StackConfig } from "../../../rehearsal/stackFile";
import { destroy, emptyPreview, up } from "../../../rehearsal/update";
import { environmentNames } from "../../../contract/names";
import { changedLately } from "../../support/changedLately";
import { buildOnEachOther, log, startBench, type Bench } from "../support";

const names = environmentNames({ name: "gantry", stack: "staging" });

const capacities: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  fargate: {},
  fargateSpot: { capacity: "fargateSpot" },
  ec2: { capacity: "ec2", ec2: { instanceType: "t3.medium" } },
};

/** Every step from one capacity to another, each once. */
const steps = ["fargateSpot", "fargate", "ec2", "fargateSpot", "ec2", "fargate"];

const files = [
  ...[
    "components/ecsCluster*",
    "components/service/spot.ts",
    "test/emulator/changes/capacity.test.ts",
  ],
  ...["autoscaling_groups", "ec2_launch_templates", "ecs_capacity_providers"].map(
    (part) => `rehearsal/emulator/corrections/${part}.py`,
  ),
];

(changedLately(files) ? describe : describe.skip)(
  "changes of a running cluster's capacity",
  function () {
    buildOnEachOther();
    let bench: Bench;
    const stack = (capacity: string) => {
      const cluster = capacities[capacity];
      const config: StackConfig = {
        "gantry:services": { jobs: { kind: "worker", build: "app", scaling: { min: 2, max: 2 } } },
        "gantry:cluster": cluster,
      };
      return bench.workspace.stack("staging", config);
    };

    before(async () => {
      bench = await startBench();
      await up(await stack("fargate"), log);
    });

    after(() => bench?.stop());

    for (const [index, capacity] of steps.entries()) {
      it(`go from ${steps[index - 1] ?? "fargate"} to ${capacity}, whose tasks come late`, async () => {
        const given = { cluster: names.cluster, service: names.service("jobs"), afterDescribes: 3 };
        await bench.emulator.control("ecs/next-deployment", given);
        await up(await stack(capacity), log);
        const ecs = new ECSClient(bench.client);
        const { clusters } = await ecs.send(
          new DescribeClustersCommand({ clusters: [names.cluster] }),
        );
        const attached = clusters?.[0].capacityProviders ?? [];
        const hosts = attached.filter((provider) => !provider.startsWith("FARGATE"));
        assert.equal(hosts.length, capacity === "ec2" ? 1 : 0);
        const { services } = await ecs.send(
          new DescribeServicesCommand({
            cluster: names.cluster,
            services: [names.service("jobs")],
          }),
        );
        assert.equal(services?.[0].runningCount, 2);
        await emptyPreview(await stack(capacity), log);
      });
    }

    it("end with everything destroyed", async () => {
      const { changes } = await destroy(await stack("fargate"), log);
      assert.deepEqual(Object.keys(changes), ["delete"]);
    });
  },
);
