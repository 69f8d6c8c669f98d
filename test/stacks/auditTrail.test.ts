import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createEnvironment } from "../../stacks/environment";
import { record } from "../support/record";
import { checkFaults, parse, web, type Values } from "./config/support";
import { everything } from "./everything";

const trail = "aws:cloudtrail/trail:Trail";
const organisations = {
  ...{ name: "org", isOrganization: true },
  arn: "arn:aws:cloudtrail:us-east-1:999999999999:trail/org",
};

function stack(values: Values, trails: (typeof organisations)[] = []) {
  const config = parse(values, { stack: "staging", region: "eu-west-1" });
  return record(() => createEnvironment(config, undefined, {}, { trails }));
}

/** What a program tells people. */
async function told(run: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const log = pulumi.log as { info: (text: string) => Promise<void> };
  const { info } = log;
  log.info = (text) => Promise.resolve(void lines.push(text));
  try {
    await run();
  } finally {
    log.info = info;
  }
  return lines;
}

describe("gantry:audit", () => {
  it("makes no trail, and asks for none, unless somebody says so", async () => {
    assert.deepEqual(parse(web({}), {}).audit, {
      ...{ trail: false, dataEvents: false, retentionDays: 365 },
    });
    const { all } = await stack(everything);
    assert.deepEqual(all(trail), []);
  });

  it("makes one under the environment's key, where nothing else records", async () => {
    const { one } = await stack({ ...everything, audit: { trail: true, retentionDays: 730 } });
    const { inputs } = one(trail);
    assert.equal(inputs.name, "shop.staging");
    assert.match(String(inputs.kmsKeyId), /^arn:aws:kms:/);
    assert.equal((inputs.advancedEventSelectors as unknown[]).length, 1);
    assert.equal(one("aws:s3/bucket:Bucket", "shop-staging-audit").options.retainOnDelete, true);
  });

  it("makes none beside another, which it tells of, unless it is always", async () => {
    const values = { ...web({}), audit: { trail: true } };
    const lines = await told(async () => {
      assert.deepEqual((await stack(values, [organisations])).all(trail), []);
    });
    assert.deepEqual(lines, [
      "gantry:audit.trail: the organisation's trail arn:aws:cloudtrail:us-east-1:999999999999:trail/org records this account and region, " +
        "and a second one costs 2 USD for 100 000 records: none is made. Where the environment must have its own, write audit.trail: always.",
    ]);
    const always = await stack({ ...web({}), audit: { trail: "always" } }, [organisations]);
    assert.equal(always.all(trail).length, 1);
  });

  it("records objects of the environment's buckets, where it is told", async () => {
    const { one } = await stack({ ...everything, audit: { trail: true, dataEvents: true } });
    assert.match(
      JSON.stringify(one(trail).inputs.advancedEventSelectors),
      /"startsWiths":\["arn:aws:s3:::shop-staging-uploads-1a2b3c4\/"\]/,
    );
  });

  it("lets whatever runs the program in a pipeline ask which trails there are", async () => {
    const statements = async (audit: object) => {
      const { one } = await stack({ ...everything, audit });
      const policies = ["deploy", "pullRequests"].map((role) =>
        String(one("aws:iam/rolePolicy:RolePolicy", `shop--staging-${role}-policy`).inputs.policy),
      );
      return policies.map((policy) => policy.match(/cloudtrail:\w+/g)?.sort() ?? []);
    };
    const asks = ["DescribeTrails", "GetEventSelectors", "GetTrailStatus"].map(
      (action) => `cloudtrail:${action}`,
    );
    assert.deepEqual(await statements({ trail: true }), [asks, asks]);
    assert.deepEqual(await statements({ trail: "always" }), [[], []]);
  });

  checkFaults("gantry:audit", (audit) => ({ ...web({}), audit }), [
    ["the trail is another word", { trail: "yes" }, "trail", "choose one of these"],
    [
      "objects are recorded without a trail",
      { dataEvents: true },
      "dataEvents",
      "set audit.trail: true, or remove dataEvents",
    ],
    ["a record is kept for no day", { retentionDays: 0 }, "retentionDays", "set retentionDays: 1"],
  ]);
});
