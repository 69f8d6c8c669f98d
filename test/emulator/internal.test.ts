import assert from "node:assert/strict";
import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { giveIpv6 } from "../../rehearsal/ipv6Subnets";
import type { StackConfig } from "../../rehearsal/stackFile";
import { destroy, emptyPreview, plainOutputs, up } from "../../rehearsal/update";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const host = "admin.example.com";

describe("an internal load balancer beside the public one", function () {
  buildOnEachOther();
  let bench: Bench;
  let zone: string | undefined;

  const other = { name: "shop.example.org", zone: "example.org" };
  const partner =
    "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
  const domain = { name: "shop.example.com", zone: "example.com" };

  const stack = (route: object, loadBalancer: object = {}) => {
    const config: StackConfig = {
      "gantry:loadBalancer": { domain, ...loadBalancer },
      "gantry:services": {
        web: { build: "app" },
        admin: { build: "app", route: { hosts: [host], ...route } },
      },
    };
    return bench.workspace.stack("staging", config);
  };

  const balancers = async () => {
    const { LoadBalancers = [] } = await new ElasticLoadBalancingV2Client(bench.client).send(
      new DescribeLoadBalancersCommand({}),
    );
    return LoadBalancers;
  };

  const schemes = async () => {
    const LoadBalancers = await balancers();
    return LoadBalancers.map(({ Scheme, DNSName }) => ({ scheme: Scheme, name: DNSName }));
  };

  /** Of the load balancer that faces the internet, and of all records that lead to it by IPv6. */
  const ipv6 = async () => {
    const balancer = (await balancers()).find(({ Scheme }) => Scheme === "internet-facing");
    const dns = new Route53Client(bench.client);
    const { ResourceRecordSets = [] } = await dns.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
    );
    const records = ResourceRecordSets.filter(({ Type }) => Type === "AAAA");
    return [balancer?.IpAddressType, records.map(({ Name }) => Name).sort()];
  };

  /** Where the service's host leads to, and how often there is a record of it. */
  const leads = async () => {
    const { ResourceRecordSets = [] } = await new Route53Client(bench.client).send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
    );
    const found = ResourceRecordSets.filter(
      ({ Name, Type }) => Name === `${host}.` && Type === "A",
    );
    return found.map(({ AliasTarget }) => AliasTarget?.DNSName?.replace(/\.$/, ""));
  };

  /** By load balancer: the bucket that it logs to, where it does. */
  const logged = async () => {
    const elb = new ElasticLoadBalancingV2Client(bench.client);
    return Promise.all(
      (await balancers()).map(async ({ LoadBalancerArn }) => {
        const { Attributes = [] } = await elb.send(
          new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }),
        );
        const of = (key: string) =>
          Attributes.find(({ Key }) => Key === `access_logs.s3.${key}`)?.Value;
        return of("enabled") === "true" ? of("bucket") : undefined;
      }),
    );
  };

  const logBuckets = async () => {
    const s3 = new S3Client({ ...bench.client, forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name }) => Name).filter((name) => name?.includes("access-logs"));
  };

  const certificates = async () => {
    const elb = new ElasticLoadBalancingV2Client(bench.client);
    const balancer = (await balancers()).find(({ Scheme }) => Scheme === "internet-facing");
    const { LoadBalancerArn } = balancer ?? {};
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const { ListenerArn } = Listeners.find(({ Port }) => Port === 443) ?? {};
    const { Certificates = [] } = await elb.send(
      new DescribeListenerCertificatesCommand({ ListenerArn }),
    );
    return Certificates;
  };

  /** How often a web ACL was made, changed, put before a load balancer, taken away and deleted. */
  const firewall = async () => {
    const { calls } = await bench.emulator.calls();
    const verbs = ["Associate", "Create", "Update", "Disassociate", "Delete"];
    return Object.fromEntries(
      verbs.flatMap((verb) => {
        const count = calls[`wafv2:${verb}WebACL`];
        return count === undefined ? [] : [[verb, count]];
      }),
    );
  };

  const moves = async (route: object, scheme: string, loadBalancer?: object) => {
    await up(await stack(route, loadBalancer), log);
    const target = (await schemes()).find((each) => each.scheme === scheme);
    assert.deepEqual(await leads(), [target?.name?.toLowerCase()]);
    const { serviceUrls } = plainOutputs(await (await stack(route, loadBalancer)).outputs());
    assert.deepEqual(serviceUrls, { web: "https://shop.example.com", admin: `https://${host}` });
    await emptyPreview(await stack(route, loadBalancer), log);
  };

  before(async () => {
    bench = await startBench();
    const dns = new Route53Client(bench.client);
    const made = await dns.send(
      new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "internal" }),
    );
    await dns.send(new CreateHostedZoneCommand({ Name: other.zone, CallerReference: "other" }));
    zone = made.HostedZone?.Id;
  });

  after(() => bench?.stop());

  it("comes up with services behind both", async () => {
    const allowedPrefixLists = ["pl-0a1b2c3d4e5f60718"];
    await moves({ internal: true }, "internal", { allowedPrefixLists, waf: "managed" });
    assert.deepEqual((await schemes()).map(({ scheme }) => scheme).sort(), [
      ...["internal", "internet-facing"],
    ]);
    const [bucket] = await logBuckets();
    assert.deepEqual(await logged(), [bucket, bucket]);
  });

  it("goes when its last service faces the internet, with its host; the logs of both stay when they end", async () => {
    const allowedPrefixLists = ["pl-0a1b2c3d4e5f60718", "pl-0a1b2c3d4e5f60719"];
    const waf = { requestsPerIp: 500, countOnly: [] };
    const names = { furtherDomains: [other], certificateArns: [partner] };
    const more = { accessLogs: false, allowedPrefixLists, waf, ...names, ipv6: true };
    const before = (await balancers()).map(({ LoadBalancerArn }) => LoadBalancerArn);
    await giveIpv6(bench.client);
    await moves({}, "internet-facing", more);
    const [{ LoadBalancerArn }] = await balancers();
    assert.ok(before.includes(LoadBalancerArn), "it was replaced");
    assert.deepEqual(await ipv6(), ["dualstack", [`${host}.`, "shop.example.com."]]);
    assert.equal((await certificates()).length, 3);
    assert.deepEqual(await firewall(), { Associate: 1, Create: 1, Update: 1 });
    assert.deepEqual(await logged(), [undefined]);
    assert.equal((await logBuckets()).length, 1);
  });

  it("is there again, with the host, and logs to another bucket", async () => {
    const [bucket] = await logBuckets();
    await moves({ internal: true }, "internal", { accessLogs: { bucket } });
    assert.deepEqual(await logged(), [bucket, bucket]);
    assert.equal((await certificates()).length, 1);
    assert.deepEqual(await ipv6(), ["ipv4", []]);
    const ended = { Disassociate: 1, Delete: 1 };
    assert.deepEqual(await firewall(), { Associate: 1, Create: 1, Update: 1, ...ended });
  });

  it("is destroyed", async () => {
    assert.deepEqual(Object.keys((await destroy(await stack({ internal: true }), log)).changes), [
      "delete",
    ]);
    assert.deepEqual(await leads(), []);
    assert.equal((await logBuckets()).length, 1);
  });
});
