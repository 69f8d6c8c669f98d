import assert from "node:assert/strict";
import { types } from "../components/service/support";
import { runExample, stacks, taskOf, variablesOf } from "./support";

interface Volume {
  readonly name: string;
  readonly efsVolumeConfiguration?: { readonly fileSystemId: string };
}

for (const stack of stacks) {
  describe(`examples/printshop in ${stack}`, () => {
    const own = `printshop--${stack}`;

    it("leads from topic to queue to topic to queue, and knows what was in vain", async () => {
      const made = await runExample("printshop", stack);
      const queues = made.all("aws:sqs/queue:Queue").map(({ name }) => name);
      assert.deepEqual(queues.sort(), [
        ...[`${own}--mailer--rendered`, `${own}--mailer--rendered-dead`],
        ...[`${own}--renderer--placed`, `${own}--renderer--placed-dead`],
      ]);
      assert.match(variablesOf(made, "orders").PLACED_TOPIC_ARN, /--orders--placed/);
      assert.match(variablesOf(made, "renderer").PLACED_QUEUE_URL, /--renderer--placed/);
      assert.match(variablesOf(made, "renderer").RENDERED_TOPIC_ARN, /--renderer--rendered/);
      assert.match(variablesOf(made, "mailer").RENDERED_QUEUE_URL, /--mailer--rendered/);
    });

    it("mails those alone who want it", async () => {
      const { all } = await runExample("printshop", stack);
      const filters = all("aws:sns/topicSubscription:TopicSubscription")
        .filter(({ inputs }) => inputs.protocol === "sqs")
        .map(({ inputs }) => inputs.filterPolicy);
      assert.deepEqual(filters.sort(), ['{"mail":["wanted"]}', undefined]);
    });

    it("has one file system for orders and renderer, which outlives its config", async () => {
      const made = await runExample("printshop", stack);
      const { options } = made.one("aws:efs/fileSystem:FileSystem");
      assert.equal(options.retainOnDelete, true);
      const mounted = ["orders", "renderer", "mailer"].map((service) => {
        const { volumes = [] } = taskOf(made, service).inputs as { readonly volumes?: Volume[] };
        return volumes.flatMap(({ efsVolumeConfiguration: efs }) => efs?.fileSystemId ?? []);
      });
      assert.equal(mounted[0].length, 1);
      assert.deepEqual(mounted, [mounted[0], mounted[0], []]);
    });

    it("renders from no task on, and keeps its queues in production", async () => {
      const { all } = await runExample("printshop", stack);
      const targets = all(types.scalable).map(({ inputs }) => [
        inputs.resourceId,
        inputs.minCapacity,
      ]);
      const renderer = targets.find(([id]) => String(id).endsWith("--renderer"));
      assert.equal(renderer?.[1], 0);
      const kept = all("aws:sqs/queue:Queue").map(({ options }) => options.protect);
      assert.deepEqual(new Set(kept), new Set([stack === "production"]));
    });
  });
}
