import assert from "node:assert/strict";
import { ResourcesError } from "../../../stacks/resources/error";
import type { ResourcesContext } from "../../../stacks/resources";
import { environmentNames } from "../../../contract/names";
import { valueOf } from "../../support/record";
import { environment } from "../support";

async function contextOf(values: object, stack = "staging"): Promise<ResourcesContext> {
  let context: ResourcesContext | undefined;
  await environment(
    { ...values },
    {
      stack,
      resources: (given) => {
        context = given;
      },
    },
  );
  assert.ok(context);
  return context;
}

const worker = { services: { jobs: { kind: "worker" } } };

describe("what own resources are told", () => {
  it("is the stack, its kind and whether it is protected", async () => {
    const { stack, kind, product, protection, tags } = await contextOf(worker, "production");
    assert.deepEqual(
      [stack, kind, product, protection],
      ["production", "production", "shop", true],
    );
    assert.deepEqual(tags, { "gantry:name": "shop", "gantry:stack": "production" });
  });

  it("is network, cluster, region and account", async () => {
    const context = await contextOf(worker);
    assert.equal(await valueOf(context.cluster.clusterName), "shop--staging");
    assert.match(await valueOf(context.network.vpcId), /^vpc-shop--staging/);
    assert.deepEqual(
      await valueOf(context.network.taskSubnetIds),
      await valueOf(context.network.privateSubnetIds),
    );
    const { region, accountId, partition } = context;
    const place = [await valueOf(region), await valueOf(accountId), await valueOf(partition)];
    assert.deepEqual(place, ["eu-west-1", "123456789012", "aws"]);
  });

  it("is the load balancer, where there is one", async () => {
    assert.equal((await contextOf(worker)).loadBalancer, undefined);
    const { loadBalancer } = await contextOf({ services: { web: {} } });
    assert.ok(loadBalancer);
    assert.match(await valueOf(loadBalancer.dnsName), /elb\.amazonaws\.com$/);
  });

  it("makes names that nothing else has", async () => {
    const { name } = await contextOf(worker);
    assert.equal(name("orders"), "shop--staging--own--orders");
    const { service, releaseCommandFamily, ledger, receiveRole } = environmentNames({
      name: "shop",
      stack: "staging",
    });
    const gantrys = [service("own"), service("orders"), releaseCommandFamily("own"), ledger];
    for (const part of ["orders", "own", "deployments"]) {
      assert.ok(![...gantrys, receiveRole].includes(name(part)));
    }
    for (const part of ["release", "", "Orders", "a--b", "-a"]) {
      assert.throws(() => name(part), ResourcesError, part);
    }
  });
});
