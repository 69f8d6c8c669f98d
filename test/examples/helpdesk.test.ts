import assert from "node:assert/strict";
import { types } from "../components/service/support";
import { runExample, stacks, taskOf, variablesOf } from "./support";

const services = ["web", "worker", "scheduler"];

for (const stack of stacks) {
  const isProduction = stack === "production";
  describe(`examples/helpdesk in ${stack}`, () => {
    const own = `helpdesk--${stack}`;

    it("has Aurora of the environment's size, guarded in production", async () => {
      const { one, all } = await runExample("helpdesk", stack);
      const { inputs, options } = one("aws:rds/cluster:Cluster");
      const { minCapacity, maxCapacity } = inputs.serverlessv2ScalingConfiguration as {
        readonly minCapacity: number;
        readonly maxCapacity: number;
      };
      assert.deepEqual([minCapacity, maxCapacity], isProduction ? [1, 16] : [0.5, 2]);
      assert.equal(inputs.databaseName, "helpdesk");
      assert.deepEqual([options.protect, inputs.deletionProtection], [isProduction, isProduction]);
      assert.equal(all("aws:rds/clusterInstance:ClusterInstance").length, 1);
    });

    it("has Redis on two nodes", async () => {
      const { one } = await runExample("helpdesk", stack);
      const { inputs } = one("aws:elasticache/replicationGroup:ReplicationGroup");
      assert.deepEqual([inputs.nodeType, inputs.numCacheClusters], ["cache.t4g.micro", 2]);
    });

    it("tells all three where both are, and lets nobody else in", async () => {
      const made = await runExample("helpdesk", stack);
      for (const service of services) {
        const { MAIN_HOST, MAIN_NAME, QUEUE_HOST } = variablesOf(made, service);
        assert.match(MAIN_HOST, /\.cluster-/, service);
        assert.equal(MAIN_NAME, "helpdesk", service);
        assert.ok(QUEUE_HOST, service);
      }
      const stores = made
        .all(types.ingress)
        .map(({ name }) => /--(main|queue)-from-(\w+)$/.exec(name)?.slice(1).join(" from "))
        .filter(Boolean);
      assert.deepEqual(
        stores.sort(),
        ["main", "queue"]
          .flatMap((store) => services.map((each) => `${store} from ${each}`))
          .sort(),
      );
    });

    it("runs one scheduler at most, and more workers in production", async () => {
      const { all } = await runExample("helpdesk", stack);
      const made = Object.fromEntries(
        all(types.service).map(({ name, inputs }) => [name.split("--")[2], inputs]),
      );
      const { desiredCount, deploymentMaximumPercent } = made["scheduler-service"];
      assert.deepEqual([desiredCount, deploymentMaximumPercent], [1, 100]);
      assert.equal(made["worker-service"].desiredCount, isProduction ? 3 : 1);
    });

    it("stands behind nginx once a release has it", async () => {
      const made = await runExample("helpdesk", stack, ["web", "web.nginx"]);
      const containers = JSON.parse(String(taskOf(made, "web").inputs.containerDefinitions)) as {
        readonly name: string;
        readonly dependsOn?: unknown;
      }[];
      const nginx = containers.find(({ name }) => name === "nginx");
      assert.deepEqual(nginx?.dependsOn, [{ containerName: "app", condition: "START" }]);
      const web = made.all(types.service).find(({ name }) => name === `${own}--web-service`);
      const [target] = web?.inputs.loadBalancers as Readonly<Record<string, unknown>>[];
      assert.deepEqual([target.containerName, target.containerPort], ["nginx", 8080]);
    });
  });
}
