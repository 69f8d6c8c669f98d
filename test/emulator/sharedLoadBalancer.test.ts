import assert from "node:assert/strict";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, UploadServerCertificateCommand } from "@aws-sdk/client-iam";
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { destroy, emptyPreview, up } from "../../rehearsal/update";
import { defaultGroup, defaultVpc } from "../support/defaultVpc";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const domain = { name: "shop.example.com", zone: "example.com" };

/** The priority of a rule that somebody else has made. */
const theirs = 7;

describe("a load balancer that was there before the environment", function () {
  buildOnEachOther();
  let bench: Bench;
  let elb: ElasticLoadBalancingV2Client;
  let zone: string | undefined;
  let shared: { readonly arn: string; readonly listenerArn: string; readonly name: string };

  const stack = (loadBalancer: object, route: object = {}) =>
    bench.workspace.stack("staging", {
      "gantry:loadBalancer": { domain, ...loadBalancer },
      "gantry:services": { web: { build: "app", route: { hosts: [domain.name], ...route } } },
    });

  const behindShared = (route?: object) => stack({ existingArn: shared.arn }, route);

  const balancers = async () => {
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    return LoadBalancers.map(({ LoadBalancerName }) => LoadBalancerName);
  };

  const rules = async () => {
    const { Rules = [] } = await elb.send(
      new DescribeRulesCommand({ ListenerArn: shared.listenerArn }),
    );
    return Rules;
  };

  const leads = async () => {
    const { ResourceRecordSets = [] } = await new Route53Client(bench.client).send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
    );
    return ResourceRecordSets.filter(({ Name }) => Name === `${domain.name}.`).map(
      ({ AliasTarget }) => AliasTarget?.DNSName?.replace(/\.$/, ""),
    );
  };

  const certificatesMade = async () =>
    (await bench.emulator.calls()).calls["acm:RequestCertificate"];

  /** The organisation's, with a rule of somebody else. */
  const makeShared = async () => {
    const { subnets } = await defaultVpc(bench.client.endpoint);
    const { LoadBalancers = [] } = await elb.send(
      new CreateLoadBalancerCommand({
        ...{ Name: "shared", Subnets: subnets },
        SecurityGroups: [await defaultGroup(bench.client.endpoint)],
      }),
    );
    const [{ LoadBalancerArn = "", DNSName = "" }] = LoadBalancers;
    const { ServerCertificateMetadata } = await new IAMClient(bench.client).send(
      new UploadServerCertificateCommand({
        ...{ ServerCertificateName: "shared", CertificateBody: "certificate", PrivateKey: "key" },
      }),
    );
    const answer = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } } as const;
    const { Listeners = [] } = await elb.send(
      new CreateListenerCommand({
        ...{ LoadBalancerArn, Port: 443, Protocol: "HTTPS", DefaultActions: [answer] },
        Certificates: [{ CertificateArn: ServerCertificateMetadata?.Arn }],
      }),
    );
    const [{ ListenerArn = "" }] = Listeners;
    const Conditions = [{ Field: "host-header", Values: ["blog.example.com"] }];
    const rule = { ListenerArn, Priority: theirs, Conditions, Actions: [answer] };
    await elb.send(new CreateRuleCommand(rule));
    return { arn: LoadBalancerArn, listenerArn: ListenerArn, name: DNSName };
  };

  before(async () => {
    bench = await startBench();
    elb = new ElasticLoadBalancingV2Client(bench.client);
    const made = await new Route53Client(bench.client).send(
      new CreateHostedZoneCommand({ Name: domain.zone, CallerReference: "shared" }),
    );
    zone = made.HostedZone?.Id;
    shared = await makeShared();
    await up(await stack({}), log);
  });

  after(() => bench?.stop());

  it("refuses a priority that a rule of somebody else has", async () => {
    await assert.rejects(
      up(await behindShared({ priority: theirs }), log),
      /route\.priority[^]*7, which the rule/,
    );
  });

  it("takes over services and names of one that the environment has made", async () => {
    const made = await certificatesMade();
    await up(await behindShared(), log);
    assert.deepEqual(await balancers(), ["shared"]);
    assert.deepEqual(await leads(), [shared.name.toLowerCase()]);
    assert.equal((await rules()).length, 4);
    // The certificate goes along, and is not asked for anew.
    assert.equal(await certificatesMade(), made);
    await emptyPreview(await behindShared(), log);
  });

  it("is as it was when the environment is destroyed", async () => {
    const { changes } = await destroy(await behindShared(), log);
    assert.deepEqual(Object.keys(changes), ["delete"]);
    assert.deepEqual(await balancers(), ["shared"]);
    const left = (await rules()).map(({ Priority }) => Priority);
    assert.deepEqual(left, [String(theirs), "default"]);
  });
});
