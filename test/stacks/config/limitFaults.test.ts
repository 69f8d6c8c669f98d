import assert from "node:assert/strict";
import { limits, quotas } from "../../../stacks/config/limits";
import { checkFaults, errorOf, faultsOf, parse, section, services, type Values } from "./support";

const domain = { name: "shop.example.com", zone: "example.com" };

/** Web services, each with paths of its own. */
function webServices(count: number): Values {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `web${index}`,
      { route: { paths: [`/web${index}/*`], priority: index + 1 } },
    ]),
  );
}

/** Networks that do not overlap. */
function networks(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `203.0.${index}.0/24`);
}

function hosts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `host${index}.example.com`);
}

/** Services of five hosts each at most, which is what a rule takes. */
function servicesOfHosts(count: number): Values {
  const names = hosts(count);
  return Object.fromEntries(
    Array.from({ length: Math.ceil(count / 5) }, (_, index) => [
      `web${index}`,
      { route: { hosts: names.slice(5 * index, 5 * index + 5) } },
    ]),
  );
}

describe("limits of load balancers and certificates", () => {
  const wider = "name wider networks, or set quotas.rulesPerSecurityGroup to what AWS has granted";
  const divide = "divide the product, or set quotas.rulesPerLoadBalancer to what AWS has granted";
  const wildcard =
    "route by a wildcard such as *.example.com, or set quotas.certificateNames to what AWS has granted";
  checkFaults("gantry", (values) => ({ services, ...values }), [
    [
      "61 networks may connect by HTTP",
      { loadBalancer: { allowedCidrs: networks(61) } },
      "loadBalancer.allowedCidrs",
      wider,
    ],
    [
      "31 networks may connect by HTTP and HTTPS",
      { loadBalancer: { domain, allowedCidrs: networks(31) } },
      "loadBalancer.allowedCidrs",
      wider,
    ],
    [
      "the domain has 65 characters",
      { loadBalancer: { domain: { name: `${"d".repeat(53)}.example.com`, zone: "example.com" } } },
      "loadBalancer.domain.name",
      "choose a shorter name, and add this one to a service's route.hosts",
    ],
    [
      "a certificate would have eleven names",
      { loadBalancer: { domain }, services: servicesOfHosts(10) },
      "loadBalancer.domain",
      wildcard,
    ],
    [
      "a path and a host have seven wildcards",
      { services: { web: { route: { paths: ["/a", "/a/*/*/*/*/*/?"], hosts: ["*.a.com"] } } } },
      "services.web.route",
      "use patterns with fewer wildcards, such as /api/* in place of /api/*/items/*",
    ],
    ["there are 51 web services", { services: webServices(51) }, "services", divide],
    [
      "quotas are less than what AWS starts with",
      { quotas: { certificateNames: 5 } },
      "quotas.certificateNames",
      "set certificateNames: 10",
    ],
    [
      "quotas are more than what AWS grants",
      { quotas: { certificateNames: 101 } },
      "quotas.certificateNames",
      "set certificateNames: 100",
    ],
  ]);

  it("are AWS's own: what just fits is accepted", () => {
    parse({ services, loadBalancer: { allowedCidrs: networks(60) } });
    parse({ services, loadBalancer: { domain, allowedCidrs: networks(30) } });
    parse({ services: servicesOfHosts(9), loadBalancer: { domain } });
    const name = `${"d".repeat(52)}.example.com`;
    assert.equal(name.length, limits.certificateFirstName.most);
    parse({ services, loadBalancer: { domain: { name, zone: "example.com" } } });
    parse({ services: { web: { route: { paths: ["/a/*/*/*/*/*"], hosts: ["*.a.com"] } } } });
    parse({ services: webServices(50) });
  });

  it("give way where AWS has raised them, to the next one", () => {
    const raised = { rulesPerLoadBalancer: 240, rulesPerSecurityGroup: 200, certificateNames: 100 };
    parse({ services: webServices(60), quotas: { ...raised, rulesPerSecurityGroup: 60 } });
    const [{ given, allowed }] = faultsOf({
      services: webServices(61),
      quotas: { ...raised, rulesPerSecurityGroup: 60 },
    });
    assert.equal(given, "61 web services with 61 rules");
    assert.match(allowed, /^at most 60 rules: of those of the load balancer's security group/);
    parse({ services: servicesOfHosts(90), loadBalancer: { domain }, quotas: raised });
    parse({ services, loadBalancer: { allowedCidrs: networks(150) }, quotas: raised });
  });
});

describe("rules of a security group through which a pipeline verifies", () => {
  const source = { type: "codecommit", repository: "shop" };
  const verified = (count: number, network: Values, more: Values = {}): Values => ({
    services: { web: { verify: "npm test" } },
    pipeline: { source },
    loadBalancer: { allowedCidrs: networks(count), ...more },
    network,
  });
  const existing = (...natAddresses: string[]): Values => ({
    mode: "existing",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    publicSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60713"],
    natAddresses,
  });

  it("count the addresses of NAT gateways", () => {
    parse(verified(59, { nat: "single" }));
    parse(verified(57, { nat: "perZone", zones: 3 }));
    parse(verified(29, { nat: "single" }, { domain }));
    parse(verified(58, existing("203.0.113.7", "203.0.113.8")));
    for (const values of [
      verified(60, { nat: "single" }),
      verified(58, { nat: "perZone", zones: 3 }),
      verified(30, { nat: "single" }, { domain }),
      verified(59, existing("203.0.113.7", "203.0.113.8")),
    ]) {
      const [{ path, allowed }, ...others] = faultsOf(values);
      assert.equal(path, "gantry:loadBalancer.allowedCidrs");
      assert.match(allowed, /^at most \d+, beside \d of NAT gateways, from which verification/);
      assert.deepEqual(others, []);
    }
  });

  it("count none where nothing is verified, or the world is let in", () => {
    parse({ ...verified(60, {}), pipeline: undefined });
    parse({ ...verified(60, {}), services });
  });
});

describe("limits of pipelines", () => {
  const source = {
    type: "github",
    repository: "acme/shop",
    connectionArn:
      "arn:aws:codeconnections:eu-west-1:123456789012:connection/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
  };
  checkFaults("gantry", (values) => ({ services, ...values }), [
    [
      "the region has no CodePipeline",
      { pipeline: { source } },
      "pipeline",
      "choose another aws:region, or remove gantry:pipeline and deliver by other means",
      { region: "ca-west-1" },
    ],
    [
      "nine patterns start the pipeline",
      { pipeline: { source: { ...source, filePaths: [..."abcdefghi"] } } },
      "pipeline.source.filePaths",
      "use wider patterns, such as app/**",
    ],
    [
      "no pattern starts the pipeline",
      { pipeline: { source: { ...source, filePaths: [] } } },
      "pipeline.source.filePaths",
      "remove it, to start for every commit",
    ],
  ]);

  it("let through what fits, and a region without a pipeline", () => {
    parse({ services, pipeline: { source } }, { region: "eu-west-1" });
    parse({ services }, { region: "ca-west-1" });
  });
});

describe("interface endpoints", () => {
  const endpoints = (names: string[]) => ({ interfaceEndpoints: names });
  const free = "remove s3: every network has its gateway endpoint, which is free";
  checkFaults("gantry:network", section("network"), [
    [
      "AWS has no such service",
      endpoints(["nonsense"]),
      "interfaceEndpoints[0]",
      "write it as ecr.api or logs; what Gantry does not know yet by its whole name, com.amazonaws.<region>.<service>",
    ],
    [
      "a service is misspelt",
      endpoints(["secretmanager"]),
      "interfaceEndpoints[0]",
      "write secretsmanager",
    ],
    ["S3 would have two", endpoints(["s3"]), "interfaceEndpoints[0]", free],
    [
      "S3 would have two, by its whole name",
      endpoints(["com.amazonaws.eu-west-1.s3"]),
      "interfaceEndpoints[0]",
      free,
    ],
  ]);

  it("are known with FIPS, and by their whole names where they are newer than Gantry", () => {
    const names = ["kms-fips", "com.amazonaws.eu-west-1.brand-new", "aws.api.us-east-1.qbusiness"];
    const { network } = parse({ services, network: endpoints(names) });
    assert.ok(network.mode === "create");
    assert.deepEqual(network.interfaceEndpoints, names);
  });

  it("are fifty at most", () => {
    const names = Array.from({ length: 51 }, (_, index) => `com.amazonaws.eu-west-1.new${index}`);
    const [fault] = faultsOf({ services, network: endpoints(names) });
    assert.equal(fault.path, "gantry:network.interfaceEndpoints");
    const quotas = { interfaceEndpointsPerVpc: 51 };
    parse({ services, network: endpoints(names), quotas });
  });
});

describe("instances", () => {
  const on = (ec2: Values, more: Values = services): Values => ({
    services: more,
    cluster: { capacity: "ec2", ec2 },
  });
  const five = { web: { scaling: { min: 5, max: 5 } } };
  const trunking =
    "or choose a type with more network interfaces; where the account has awsvpcTrunking on, say tasksPerInstance";
  checkFaults("gantry", (values) => values, [
    [
      "there is no such type",
      on({ instanceType: "t9.gigantic" }),
      "cluster.ec2.instanceType",
      "set instanceType: t3.medium",
    ],
    [
      "the family has no such size",
      on({ instanceType: "m7i.7xlarge" }),
      "cluster.ec2.instanceType",
      "set instanceType: m7i.xlarge",
    ],
    [
      "a task has more CPU than an instance",
      on({}, { web: { cpu: 4096, memoryMiB: 2048 } }),
      "services.web.cpu",
      "lower cpu, or choose a larger cluster.ec2.instanceType",
    ],
    [
      "a task has all the memory of an instance",
      on({}, { web: { cpu: 1024, memoryMiB: 4096 } }),
      "services.web.memoryMiB",
      "lower memoryMiB, or choose a larger cluster.ec2.instanceType",
    ],
    [
      "instances have fewer network interfaces than tasks need",
      on({ maxInstances: 2 }, five),
      "cluster.ec2.maxInstances",
      `set maxInstances: 3, ${trunking}`,
    ],
  ]);

  it("have room for what tasksPerInstance says", () => {
    parse(on({ maxInstances: 2, tasksPerInstance: 3 }, five));
    parse(on({ instanceType: "t9.gigantic", tasksPerInstance: 2 }));
  });

  it("need no room for tasks whose old ones stop first", () => {
    const four = { kind: "worker", scaling: { min: 4, max: 4 } };
    const needs = (strategy: string) =>
      on({ maxInstances: 2 }, { jobs: { ...four, deployment: { strategy } } });
    assert.equal(faultsOf(needs("rolling"))[0].path, "gantry:cluster.ec2.maxInstances");
    parse(needs("recreate"));
  });
});

describe("every limit", () => {
  it("names where AWS says so", () => {
    for (const { most, source } of [...Object.values(limits), ...Object.values(quotas)]) {
      assert.ok(most > 0);
      assert.match(source, /^"[^"]+", .+ (guide|reference)$/);
    }
  });

  it("is in the error that it causes", () => {
    const { message } = errorOf({ services: webServices(51) });
    assert.match(
      message.replace(/\s+/g, " "),
      /\("Quotas for your Application Load Balancers", ELB/,
    );
  });
});
