import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { exceptionsIn } from "../../policy/findings";
import { defaultSettings, type Settings } from "../../policy/settings";
import { record, type RecordedResource } from "../support/record";
import { findings, stackOf } from "./support";

async function recorded(stack: string, program: () => void): Promise<readonly RecordedResource[]> {
  return (await record(program, { stack })).resources;
}

function queue(): void {
  new aws.sqs.Queue("orders", { sqsManagedSseEnabled: false });
}

const accepted = (rule: string, resource: string): Partial<Settings> => ({
  exceptions: [{ rule, resource, because: "nothing in it is secret" }],
});

function told(resources: readonly RecordedResource[], settings: Partial<Settings>): string[] {
  const all = { ...defaultSettings, ...settings };
  return exceptionsIn(stackOf(resources), all).map(({ text }) => text);
}

const rulesOf = (resources: readonly RecordedResource[], settings: Partial<Settings> = {}) =>
  new Set(findings(resources, settings).map(({ rule }) => rule));

describe("exceptions of the policy pack", () => {
  const settings = accepted("sqs-encrypted", "orders");

  it("accept a fault of one resource by one rule, and tell it with the reason", async () => {
    const resources = await recorded("staging", queue);
    assert.ok(rulesOf(resources).has("sqs-encrypted"));
    assert.deepEqual([...rulesOf(resources, settings)], ["sqs-dead-letters", "tags"]);
    assert.deepEqual(told(resources, settings), [
      "accepted: sqs-encrypted, because nothing in it is secret. It says: messages are not encrypted. " +
        "Fix: leave sqsManagedSseEnabled out (SQS encrypts by itself), or set kmsMasterKeyId",
    ]);
  });

  it("name a resource by its URN where several have its name", async () => {
    const resources = await recorded("staging", queue);
    const { urn } = resources.find(({ name }) => name === "orders") ?? { urn: "" };
    assert.ok(!rulesOf(resources, accepted("sqs-encrypted", urn)).has("sqs-encrypted"));
    const other = urn.replace("staging", "production");
    assert.ok(rulesOf(resources, accepted("sqs-encrypted", other)).has("sqs-encrypted"));
  });

  it("are told once the fault is mended", async () => {
    const resources = await recorded("staging", () => void new aws.sqs.Queue("orders"));
    const [text] = told(resources, settings);
    assert.match(text, /orders from sqs-encrypted accepts nothing: nothing is wrong there/);
    assert.match(text, /Fix: take it out of the settings$/);
  });

  it("are told where no resource has the name", async () => {
    const resources = await recorded("staging", queue);
    const [text] = told(resources, accepted("sqs-encrypted", "order"));
    assert.match(text, /order from sqs-encrypted accepts nothing: no resource has that name/);
  });
});

describe("settings of the policy pack", () => {
  it("say which stacks are production, for rules that hold there alone", async () => {
    const database = () =>
      void new aws.rds.Instance("shop", { instanceClass: "db.t4g.micro", skipFinalSnapshot: true });
    const production = await recorded("production", database);
    assert.ok(rulesOf(production).has("rds-final-snapshot"));
    const live = await recorded("live", database);
    assert.ok(!rulesOf(live).has("rds-final-snapshot"));
    assert.ok(rulesOf(live, { production: ["live"] }).has("rds-final-snapshot"));
  });

  it("open other ports than 80 and 443", async () => {
    const resources = await recorded("staging", () => {
      new aws.vpc.SecurityGroupIngressRule("mail", {
        ...{ securityGroupId: "sg-0a", ipProtocol: "tcp", fromPort: 465, toPort: 465 },
        cidrIpv4: "0.0.0.0/0",
      });
    });
    assert.ok(rulesOf(resources).has("ec2-open-ingress"));
    assert.ok(!rulesOf(resources, { openPorts: [465] }).has("ec2-open-ingress"));
  });

  it("say for how many days backups are kept", async () => {
    const resources = await recorded("staging", () => {
      new aws.rds.Instance("shop", { instanceClass: "db.t4g.micro", backupRetentionPeriod: 3 });
    });
    assert.ok(!rulesOf(resources).has("rds-backups"));
    assert.ok(rulesOf(resources, { backupDays: 14 }).has("rds-backups"));
  });

  it("say which tags there must be", async () => {
    const resources = await recorded("staging", () => {
      new aws.sqs.Queue("orders", { tags: { team: "shop" } });
    });
    assert.ok(!rulesOf(resources).has("tags"));
    const found = findings(resources, { requiredTags: ["team", "cost-center"] });
    const [{ text }] = found.filter(({ rule }) => rule === "tags");
    assert.match(text, /^it lacks cost-center\./);
  });
});
