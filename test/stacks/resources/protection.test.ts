import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createEnvironment } from "../../../stacks/environment";
import { record } from "../../support/record";
import { parse, type Values } from "../config/support";

const table = "aws:dynamodb/table:Table";
const queue = "aws:sqs/queue:Queue";

class Orders extends pulumi.ComponentResource {
  constructor(opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Orders", "orders", {}, opts);
    new aws.sqs.Queue("inOrders", {}, { parent: this });
    this.registerOutputs({});
  }
}

/** A stack with a table of its own, and what else `more` makes, run as Pulumi runs it. */
function stack(more: () => void, values: Values = {}, name = "production") {
  const config = parse({ services: { jobs: { kind: "worker" } }, ...values }, { stack: name });
  const program = () =>
    createEnvironment(config, undefined, {
      resources: () => {
        const attributes = [{ name: "id", type: "S" }];
        new aws.dynamodb.Table("orders", { hashKey: "id", attributes });
        more();
      },
    });
  return record(() => pulumi.runtime.runInPulumiStack(program), { stack: name });
}

const nothing = () => undefined;

describe("own resources", () => {
  it("are children of the stack, whatever components Gantry has", async () => {
    const { one } = await stack(nothing);
    assert.match(
      one(table).urn,
      /::gantry::(?:pulumi:pulumi:Stack\$)?aws:dynamodb\/table:Table::orders$/,
    );
  });

  it("are protected in a protected environment, unless they say otherwise", async () => {
    const { one } = await stack(() => {
      new aws.sqs.Queue("free", {}, { protect: false });
      new aws.sqs.Queue("kept");
    });
    assert.equal(one(table).options.protect, true);
    assert.equal(one(queue, "kept").options.protect, true);
    assert.equal(one(queue, "free").options.protect, false);
  });

  it("are protected in a component as it is itself", async () => {
    const free = await stack(() => new Orders({ protect: false }));
    assert.equal(free.one(queue).options.protect, false);
    const kept = await stack(() => new Orders());
    assert.equal(kept.one(queue).options.protect, true);
  });

  it("are not protected where the environment is not", async () => {
    const staging = await stack(nothing, {}, "staging");
    assert.equal(staging.one(table).options.protect, false);
    const lifted = await stack(nothing, { protection: false });
    assert.equal(lifted.one(table).options.protect, false);
  });

  it("are left out of a destroy with all else: what Pulumi deletes first depends on them", async () => {
    const { one } = await stack(() => new Orders());
    const { dependencies } = one("gantry:index:Protection").options;
    assert.ok(dependencies.includes(one(table).urn));
    assert.ok(dependencies.includes(one(queue).urn));
  });

  it("leave what Gantry makes after them as it is", async () => {
    const { one } = await stack(nothing);
    assert.equal(one("aws:ecs/service:Service").options.protect, false);
  });

  it("do not protect providers and what is only read", async () => {
    const { one } = await stack(() => {
      const provider = new aws.Provider("us", { region: "us-east-1" });
      aws.sqs.Queue.get("theirs", "https://sqs.eu-west-1.amazonaws.com/123456789012/theirs");
      new aws.sqs.Queue("there", {}, { provider });
    });
    assert.equal(one("pulumi:providers:aws", "us").options.protect, false);
    assert.equal(one(queue, "there").options.protect, true);
  });
});
