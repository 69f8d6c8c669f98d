import assert from "node:assert/strict";
import { addressOf } from "../../../operations/open/addresses";
import { environmentNames } from "../../../contract/names";
import type { Target } from "../../../delivery/target";
import { parseConfig } from "../../../stacks/config";

const region = "eu-west-1";
const balancer = "shop-1.eu-west-1.elb.amazonaws.com";

function targetOf(services: object, more: Readonly<Record<string, unknown>> = {}): Target {
  const values = Object.fromEntries(
    Object.entries({ services, ...more }).map(([key, value]) => [
      `gantry:${key}`,
      JSON.stringify(value),
    ]),
  );
  const config = parseConfig({ project: "shop", stack: "staging", region, values });
  const names = environmentNames(config);
  return { folder: "/", root: "/", project: "shop", stack: "staging", region, config, names };
}

/** What ECS and ELB answer of one load balancer. */
function clients(protocols: readonly string[] = ["HTTP"], leads = true) {
  const asked: string[] = [];
  const answers: Readonly<Record<string, object>> = {
    DescribeServicesCommand: {
      services: [
        {
          serviceName: "shop--staging--web",
          status: "ACTIVE",
          loadBalancers: [{ targetGroupArn: "group" }],
        },
      ],
    },
    DescribeTargetGroupsCommand: {
      TargetGroups: [{ LoadBalancerArns: leads ? ["balancer"] : [] }],
    },
    DescribeLoadBalancersCommand: { LoadBalancers: [{ DNSName: balancer }] },
    DescribeListenersCommand: { Listeners: protocols.map((Protocol) => ({ Protocol })) },
  };
  const send = (command: object) => {
    asked.push(command.constructor.name);
    return Promise.resolve(answers[command.constructor.name]);
  };
  return { asked, ecs: { send }, elb: { send } } as unknown as Parameters<
    typeof addressOf
  >[0]["clients"] & { readonly asked: string[] };
}

const domain = { name: "staging.example.com", zone: "example.com" };
const route = (given: object) => ({ web: { build: "app", route: given } });
const web = { web: { build: "app" } };

describe("the address of a service", () => {
  const cases: readonly [string, Target, readonly string[], string][] = [
    [
      "is the first host that it has by name",
      targetOf(route({ hosts: ["*.example.com", "shop.example.com"], paths: ["/api/*"] }), {
        loadBalancer: { domain },
      }),
      [],
      "https://shop.example.com/api",
    ],
    [
      "is the environment's domain",
      targetOf(web, { loadBalancer: { domain } }),
      [],
      "https://staging.example.com",
    ],
    ["is its load balancer's own name", targetOf(web), ["HTTP"], `http://${balancer}`],
    [
      "is by HTTPS where the load balancer has that",
      targetOf(web),
      ["HTTP", "HTTPS"],
      `https://${balancer}`,
    ],
  ];
  for (const [what, target, protocols, url] of cases) {
    it(what, async () => {
      const asking = clients(protocols);
      const found = await addressOf({ clients: asking, target, what: "web" });
      assert.deepEqual(found, { what: "web", kind: "service", url, isInternal: false });
      if (protocols.length === 0) assert.deepEqual(asking.asked, []);
    });
  }

  it("is told to be of inside where its load balancer is", async () => {
    const target = targetOf(route({ internal: true }), { loadBalancer: { domain } });
    const { url, isInternal } = await addressOf({ clients: clients(), target, what: "web" });
    assert.deepEqual({ url, isInternal }, { url: `http://${balancer}`, isInternal: true });
  });

  it("is none where all names are patterns, or no load balancer leads to it", async () => {
    const target = targetOf(route({ hosts: ["*.example.org"] }));
    await assert.rejects(
      addressOf({ clients: clients(), target, what: "web" }),
      /web answers \*\.example\.org and no name/,
    );
    await assert.rejects(
      addressOf({ clients: clients([], false), target: targetOf(web), what: "web" }),
      /no load balancer leads to web of staging: gantry status --stack staging/,
    );
  });

  it("is the console's page of what is no web service", async () => {
    const target = targetOf({
      ...{ jobs: { build: "app", kind: "worker" } },
      report: { build: "app", kind: "job" },
    });
    const url = async (what: string) => (await addressOf({ clients: clients(), target, what })).url;
    assert.equal(
      await url("jobs"),
      "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/shop--staging/services/shop--staging--jobs/tasks?region=eu-west-1",
    );
    assert.match(await url("report"), /log-groups.*services\$252Freport$/);
  });
});

describe("what is opened", () => {
  const open = (what?: string, target = targetOf(web)) =>
    addressOf({ clients: clients(), target, what });

  it("is the only web service, and to be named where there are several or none", async () => {
    assert.equal((await open()).what, "web");
    const several = targetOf({ ...web, api: { build: "app", route: { paths: ["/api/*"] } } });
    await assert.rejects(open(undefined, several), /several web services.*web, api, pipeline/);
  });

  it("is told where there is none of the name, with the nearest", async () => {
    await assert.rejects(open("pipelnie"), /nothing called pipelnie.*Is pipeline meant\?/);
    await assert.rejects(open("pipeline"), /no pipeline: gantry:pipeline/);
    await assert.rejects(open("dashboard"), /no dashboard: set gantry:dashboard to true/);
  });

  it("is a page of the console, of the region's partition", async () => {
    const target = targetOf(web, { dashboard: true });
    assert.match((await open("dashboard", target)).url, /#dashboards\/dashboard\/shop--staging$/);
    assert.equal(
      (await open("logs", { ...target, region: "cn-north-1" })).url,
      "https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#logsV2:log-groups$3FlogGroupNameFilter$3D$252Fgantry$252Fshop$252Fstaging$252Fservices$252F",
    );
  });
});
