import assert from "node:assert/strict";
import { join } from "node:path";
import { attachEmulator } from "../../../rehearsal/emulator";
import { connectionTo } from "../../../rehearsal/runner/connection";
import { call } from "../calls";
import { isDelivered } from "./delivery";

isDelivered({
  name: "printshop",
  services: ["mailer", "orders", "renderer"],
  content: { orders: ["/health", /^healthy$/] },
  says: /node:22\.23-alpine: Node .* on busybox/,
  kept: (clone) => {
    it("takes an order, and tells the renderer by topic and queue, as its role lets it", async () => {
      const { folder } = clone();
      const emulator = await attachEmulator(join(folder, ".gantry/emulator.json"));
      assert.ok(emulator);
      const place = { client: connectionTo(emulator).root };
      const waiting = async () => {
        const listed = await call<{ QueueUrls: string[] }>(
          place,
          "sqs",
          "AmazonSQS.ListQueues",
          {},
        );
        const QueueUrl = listed.QueueUrls.find((url) => url.endsWith("staging--renderer--placed"));
        const count = "ApproximateNumberOfMessages";
        const { Attributes } = await call<{ Attributes: Record<string, string> }>(
          ...([place, "sqs", "AmazonSQS.GetQueueAttributes"] as const),
          { QueueUrl, AttributeNames: [count] },
        );
        return Number(Attributes[count]);
      };
      assert.equal(await waiting(), 0);
      const address = clone()
        .report()
        .addresses.find(({ stack }) => stack === "staging");
      const ordered = await fetch(`${address?.url}/orders`, { method: "POST", body: "Hello" });
      assert.equal(ordered.status, 202, await ordered.text());
      assert.match(ordered.headers.get("location") ?? "", /^\/orders\/[0-9a-f-]{36}$/);
      assert.equal(await waiting(), 1);
    });
  },
});
