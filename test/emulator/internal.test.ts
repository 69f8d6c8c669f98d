import assert from "node:assert/strict";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import type { StackConfig } from "../../rehearsal/stackFile";
import { destroy, emptyPreview, plainOutputs, up } from "../../rehearsal/update";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const host = "admin.example.com";

describe("an internal load balancer beside the public one", function () {
  buildOnEachOther();
  let bench: Bench;
  let zone: string | undefined;

  const stack = (route: object) => {
    const config: StackConfig = {
      "gantry:loadBalancer": { domain: { name: "shop.example.com", zone: "example.com" } },
      "gantry:services": {
        web: { build: "app" },
        admin: { build: "app", route: { hosts: [host], ...route } },
      },
    };
    return bench.workspace.stack("staging", config);
  };

  const schemes = async () => {
    const { LoadBalancers = [] } = await new ElasticLoadBalancingV2Client(bench.client).send(
      new DescribeLoadBalancersCommand({}),
    );
    return LoadBalancers.map(({ Scheme, DNSName }) => ({ scheme: Scheme, name: DNSName }));
  };

  /** Where the service's host leads to, and how often there is a record of it. */
  const leads = async () => {
    const { ResourceRecordSets = [] } = await new Route53Client(bench.client).send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
    );
    return ResourceRecordSets.filter(({ Name }) => Name === `${host}.`).map(({ AliasTarget }) =>
      AliasTarget?.DNSName?.replace(/\.$/, ""),
    );
  };

  const moves = async (route: object, scheme: string) => {
    await up(await stack(route), log);
    const target = (await schemes()).find((each) => each.scheme === scheme);
    assert.deepEqual(await leads(), [target?.name?.toLowerCase()]);
    const { serviceUrls } = plainOutputs(await (await stack(route)).outputs());
    assert.deepEqual(serviceUrls, { web: "https://shop.example.com", admin: `https://${host}` });
    await emptyPreview(await stack(route), log);
  };

  before(async () => {
    bench = await startBench();
    const made = await new Route53Client(bench.client).send(
      new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "internal" }),
    );
    zone = made.HostedZone?.Id;
  });

  after(() => bench?.stop());

  it("comes up with services behind both", async () => {
    await moves({ internal: true }, "internal");
    assert.deepEqual((await schemes()).map(({ scheme }) => scheme).sort(), [
      ...["internal", "internet-facing"],
    ]);
  });

  it("goes when its last service faces the internet, with its host", async () => {
    await moves({}, "internet-facing");
    assert.equal((await schemes()).length, 1);
  });

  it("is there again, with the host", async () => {
    await moves({ internal: true }, "internal");
  });

  it("is destroyed", async () => {
    assert.deepEqual(Object.keys((await destroy(await stack({ internal: true }), log)).changes), [
      "delete",
    ]);
    assert.deepEqual(await leads(), []);
  });
});
