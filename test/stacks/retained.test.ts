import assert from "node:assert/strict";
import { everything, pipelines } from "./everything";
import { environment } from "./support";

/** What may stay in AWS when config has it no more: data, and what they could not be used without, or not as safely. */
const stays = [
  /^aws:(ecr|efs|elasticache|rds|secretsmanager)\//,
  /^aws:kms\/key/,
  /^aws:s3\/bucket(Objectv2|LifecycleConfiguration|Policy|PublicAccessBlock|ServerSideEncryptionConfiguration|Versioning)?:/,
  /^aws:ec2\/securityGroup:/,
];

describe("what comes and goes with config", () => {
  for (const stack of ["staging", "production"] as const) {
    it(`is deleted in ${stack}, though what it is part of stays in AWS`, async () => {
      const config = { ...everything, pipeline: pipelines[stack] };
      const { resources } = await environment(config, { stack });
      const staying = resources.filter(({ options }) => options.retainOnDelete);
      assert.ok(staying.length > 10, String(staying.length));
      const needless = staying.filter(({ type }) => !stays.some((one) => one.test(type)));
      assert.deepEqual(
        needless.map(({ type, name }) => `${type} ${name}`),
        [],
      );
    });
  }
});
