import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import { became, checked, inFolder } from "./support";

/** An environment whose public load balancer is described so. */
function imported(http: string) {
  const files = {
    "copilot/.workspace": "application: shop\n",
    "copilot/web/manifest.yml":
      "name: web\ntype: Load Balanced Web Service\nimage: { build: web/Dockerfile, port: 80 }\nhttp: { path: / }\n",
    "copilot/environments/test/manifest.yml": `name: test
type: Environment
http: { public: ${http} }
`,
  };
  return inFolder(files, (folder) => checked(importCopilot(folder, {})));
}

const loadBalancerOf = (from: ReturnType<typeof imported>) => from.drafts[0].values().loadBalancer;

describe("the load balancer of Copilot's environments", () => {
  it("logs where they say, or not at all", () => {
    const bucket = imported("{ access_logs: { bucket_name: acme-logs, prefix: shop } }");
    assert.deepEqual(loadBalancerOf(bucket), {
      accessLogs: { bucket: "acme-logs", prefix: "shop" },
    });
    assert.deepEqual(became(bucket, "http.public.access_logs.bucket_name"), ["3: same (staging)"]);
    for (const on of [true, false]) {
      assert.deepEqual(loadBalancerOf(imported(`{ access_logs: ${on} }`)), { accessLogs: on });
    }
  });

  it("has no prefix in a bucket of the environment's own", () => {
    const own = imported("{ access_logs: { prefix: shop } }");
    assert.equal(loadBalancerOf(own), undefined);
    assert.deepEqual(became(own, "http.public.access_logs.prefix"), ["3: other way (staging)"]);
  });
});
