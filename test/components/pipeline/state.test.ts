import assert from "node:assert/strict";
import { isAllowed } from "../../support/policies";
import { pipeline, roleOf, stagingArgs, stateKeyArn, toldBy, topicOf } from "./support";

const inBucket = {
  backendUrl: "s3://acme-pulumi-state/teams/shop?region=eu-west-1&awssdk=v2",
  project: "gantry",
  passphraseSecret: "gantry/passphrase",
  keyArn: stateKeyArn,
};

const root = "arn:aws:s3:::acme-pulumi-state/teams/shop/.pulumi";

describe("the state that a Pipeline deploys with", () => {
  async function mayAs(role: string) {
    const identity = [roleOf(await pipeline(stagingArgs({ state: inBucket })), role).policy];
    return (action: string, resource: string, prefix?: string) =>
      isAllowed(
        { action, resource, context: prefix === undefined ? {} : { "s3:prefix": prefix } },
        { identity },
      );
  }

  for (const role of ["deploy", "conclude"]) {
    it(`in a bucket: ${role} reads and writes what belongs to its stack`, async () => {
      const may = await mayAs(role);
      for (const key of [
        "stacks/gantry/staging.json",
        "stacks/gantry/staging.json.bak",
        "locks/organization/gantry/staging/0a1b.json",
        "history/gantry/staging/staging-17.history.json",
        "backups/gantry/staging/staging.17.json",
      ]) {
        assert.equal(may("s3:GetObject", `${root}/${key}`), true, key);
        assert.equal(may("s3:PutObject", `${root}/${key}`), true, key);
      }
      assert.equal(
        may("s3:DeleteObject", `${root}/locks/organization/gantry/staging/0a1b.json`),
        true,
      );
      assert.equal(may("s3:GetObject", `${root}/meta.yaml`), true);
      const bucket = "arn:aws:s3:::acme-pulumi-state";
      const listed = "teams/shop/.pulumi/locks/organization/gantry/staging/";
      assert.equal(may("s3:ListBucket", bucket, listed), true);
      assert.equal(may("kms:Decrypt", stateKeyArn), true);
    });

    it(`in a bucket: ${role} sees and changes nothing of another stack`, async () => {
      const may = await mayAs(role);
      for (const key of [
        "stacks/gantry/production.json",
        "stacks/gantry/staging2.json",
        "stacks/other/staging.json",
        "locks/organization/gantry/production/0a1b.json",
        "history/gantry/production/production-17.history.json",
      ]) {
        assert.equal(may("s3:GetObject", `${root}/${key}`), false, key);
        assert.equal(may("s3:PutObject", `${root}/${key}`), false, key);
      }
      assert.equal(may("s3:PutObject", `${root}/meta.yaml`), false);
      assert.equal(may("s3:DeleteObject", `${root}/history/gantry/staging/staging-1.json`), false);
      assert.equal(may("s3:DeleteObjectVersion", `${root}/stacks/gantry/staging.json`), false);
      const bucket = "arn:aws:s3:::acme-pulumi-state";
      const foreign = "teams/shop/.pulumi/locks/organization/gantry/production/";
      assert.equal(may("s3:ListBucket", bucket, foreign), false);
      assert.equal(may("s3:ListBucket", bucket, ""), false);
      // S3 asks it without a prefix before it says that an object is not there.
      assert.equal(may("s3:ListBucket", bucket), true);
    });
  }

  it("is not for actions that do not deploy", async () => {
    for (const role of ["build-web", "release", "verify", "promote", "pipeline"]) {
      const may = await mayAs(role);
      assert.equal(may("s3:GetObject", `${root}/stacks/gantry/staging.json`), false, role);
      assert.equal(may("kms:Decrypt", stateKeyArn), false, role);
    }
  });

  it("in a bucket takes a passphrase and no access token", async () => {
    const state = { ...inBucket, accessTokenSecret: "gantry/shop/staging/pulumi-access-token" };
    assert.deepEqual(toldBy(await pipeline(stagingArgs({ state })), "deploy"), {
      TOPIC: topicOf("staging"),
      PULUMI_BACKEND_URL: inBucket.backendUrl,
      PULUMI_CONFIG_PASSPHRASE: "SECRETS_MANAGER:gantry/passphrase",
    });
  });

  it("of the whole bucket begins at its root", async () => {
    const state = { ...inBucket, backendUrl: "s3://acme-pulumi-state" };
    const identity = [roleOf(await pipeline(stagingArgs({ state })), "deploy").policy];
    const resource = "arn:aws:s3:::acme-pulumi-state/.pulumi/stacks/gantry/staging.json";
    assert.equal(isAllowed({ action: "s3:PutObject", resource }, { identity }), true);
  });

  it("is looked up with what the program looks up, and no more", async () => {
    const identity = async (lookups: object) => [
      roleOf(await pipeline(stagingArgs({ lookups })), "deploy").policy,
    ];
    const vpcs = { action: "ec2:DescribeVpcs", resource: "*" };
    const zones = { action: "route53:ListHostedZones", resource: "*" };
    assert.equal(isAllowed(vpcs, { identity: await identity({ existingNetwork: true }) }), true);
    assert.equal(isAllowed(zones, { identity: await identity({ existingNetwork: true }) }), false);
    const zone = {
      action: "route53:GetHostedZone",
      resource: "arn:aws:route53:::hostedzone/Z0EXAMPLE",
    };
    assert.equal(isAllowed(zone, { identity: await identity({ hostedZone: true }) }), true);
    const files = ["arn:aws:s3:::acme-plans/*"];
    const also = [{ actions: ["s3:GetObject"], resources: files }];
    const read = { action: "s3:GetObject", resource: "arn:aws:s3:::acme-plans/small.json" };
    assert.equal(isAllowed(read, { identity: await identity({ also }) }), true);
    assert.equal(isAllowed(read, { identity: await identity({}) }), false);
    const region = { action: "ec2:DescribeAvailabilityZones", resource: "*" };
    assert.equal(
      isAllowed(region, { identity: await identity({ availabilityZones: true }) }),
      true,
    );
    assert.equal(isAllowed(region, { identity: await identity({}) }), false);
  });
});
