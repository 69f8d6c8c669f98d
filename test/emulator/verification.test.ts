import assert from "node:assert/strict";
import { BatchGetProjectsCommand, CodeBuildClient } from "@aws-sdk/client-codebuild";
import type { StackConfig } from "../../rehearsal/stackFile";
import { emptyPreview, up } from "../../rehearsal/update";
import { environmentNames } from "../../contract/names";
import { rules } from "./calls";
import { log, startBench, type Bench } from "./support";

const web = { build: "app", verify: "npm run verify", calls: ["api"] };
const api = { kind: "private", port: 8080, scaling: { min: 1, max: 1 } };

const config: StackConfig = {
  "gantry:services": { web, api },
  "gantry:loadBalancer": { allowedCidrs: ["203.0.113.0/24"] },
  "gantry:pipeline": {
    source: { type: "codecommit", repository: "shop" },
    state: { backendUrl: "s3://acme-pulumi-state", passphraseSecret: "shop/passphrase" },
    builder: { tag: "2026-11" },
  },
};

describe("a pipeline on the emulator whose services are not open to the world (row 54)", function () {
  let bench: Bench;

  before(async () => {
    bench = await startBench();
  });

  after(() => bench?.stop());

  it("has its Verify in the VPC, and previews empty", async () => {
    const stack = await bench.workspace.stack("staging", config);
    await up(stack, log);
    const names = [environmentNames({ name: "gantry", stack: "staging" }).action("verify")];
    const { projects = [] } = await new CodeBuildClient(bench.client).send(
      new BatchGetProjectsCommand({ names }),
    );
    const { vpcId, subnets = [], securityGroupIds = [] } = projects[0]?.vpcConfig ?? {};
    assert.match(vpcId ?? "", /^vpc-/);
    assert.ok(subnets.length >= 2);
    assert.match(securityGroupIds.join(), /^sg-[0-9a-f]+$/);
    assert.deepEqual(await rules(bench, "Verify"), ["Verify at 8080"]);
    await emptyPreview(stack, log);
  });

  it("is let in where a private service listens then, and no more where its tasks are not asked", async () => {
    const changed = async (more: object) => {
      const services = { web, api: { ...api, port: 8081, ...more } };
      const stack = await bench.workspace.stack("staging", {
        ...config,
        "gantry:services": services,
      });
      await up(stack, log);
      await emptyPreview(stack, log);
      return rules(bench, "Verify");
    };
    assert.deepEqual(await changed({}), ["Verify at 8081"]);
    assert.deepEqual(await changed({ verify: false }), []);
  });
});
