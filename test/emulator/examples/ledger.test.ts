import assert from "node:assert/strict";
import { isDelivered } from "./delivery";

isDelivered({
  name: "ledger",
  services: ["api", "load", "report"],
  content: { api: ["/health", /^healthy$/] },
  says: /node:22\.23-alpine: Node .* on busybox/,
  kept: (clone) => {
    it("keeps an entry in the bucket, as its role lets it", async () => {
      for (const { url } of clone().report().addresses) {
        const body = JSON.stringify({ account: "rent", amount: "12.50" });
        const response = await fetch(`${url}/entries`, { method: "POST", body });
        const key = await response.text();
        assert.equal(response.status, 201, key);
        assert.match(key, /^entries\/\d{4}-\d\d-\d\d\/[0-9a-f-]{36}\.json$/);
      }
    });
  },
});
