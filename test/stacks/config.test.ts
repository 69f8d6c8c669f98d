import assert from "node:assert/strict";
import { parseConfig } from "../../stacks/config";
import { asPulumiConfig, parse, services, servicesOf, web } from "./config/support";

describe("parseConfig", () => {
  describe("defaults", () => {
    const common = {
      name: "shop",
      loadBalancer: {
        accessLogs: { retentionDays: 90 },
        ...{ certificateArns: [], furtherDomains: [] },
        allowedCidrs: ["0.0.0.0/0"],
        allowedPrefixLists: [],
        idleTimeoutSeconds: 60,
        internal: false,
        ipv6: false,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      },
      ...{ buckets: {}, databases: {}, caches: {}, tags: {} },
    };
    const network = {
      mode: "create",
      ipv6: false,
      interfaceEndpoints: [],
      flowLogs: true,
      peerCidrs: [],
    };
    const webService = {
      kind: "web",
      build: { context: "app", dockerfile: "Dockerfile", args: {}, secrets: {} },
      image: undefined,
      port: 3000,
      architecture: "X86_64",
      healthCheck: {
        path: "/health",
        matcher: "200",
        intervalSeconds: 5,
        timeoutSeconds: 4,
        healthyThreshold: 2,
        unhealthyThreshold: 6,
        graceSeconds: 30,
      },
      route: { paths: ["/*"], hosts: [], protocol: "http1", internal: false },
      ...{ egress: "all", environment: {}, secrets: {} },
      ...{ permissions: [], securityGroups: [], securityGroupIds: [], calls: [], uses: [] },
      bootstrap: "placeholder",
      drainSeconds: 15,
      stopTimeoutSeconds: 30,
      readonlyRootFilesystem: true,
      ...{
        deployment: { strategy: "rolling" },
        ulimits: {},
        volumes: {},
        writablePaths: [],
        initProcess: true,
      },
      ...{ publishes: [], subscribes: {}, sidecars: {}, dependsOn: {} },
      scan: { unsupported: "stop" },
    };
    const targets = { burst: undefined, cpuPercent: 60, memoryPercent: 75 };
    const quotas = {
      certificatesPerLoadBalancer: 25,
      concurrentBuilds: 1,
      certificateNames: 10,
      interfaceEndpointsPerVpc: 50,
      rulesPerLoadBalancer: 100,
      rulesPerSecurityGroup: 60,
    };
    const promoteFrom = { stack: "dev" };
    const audit = { trail: false, dataEvents: false, retentionDays: 365 };
    const pipeline = {
      state: {
        backendUrl: "https://api.pulumi.com",
      },
      scan: { severity: "CRITICAL", allow: [] },
      approvalTimeoutHours: 168,
      deploy: "pulumi",
      soakMinutes: 0,
    };

    it("are staging's where the kind is staging", () => {
      for (const stack of ["staging", "demo"]) {
        assert.deepEqual(
          parse({ services, kind: "staging", pipeline: { promoteFrom } }, { stack }),
          {
            ...common,
            quotas,
            posture: { relaxed: {} },
            kind: "staging",
            stack,
            network: { ...network, cidr: "10.10.0.0/16", zones: 2, nat: "single" },
            cluster: { capacity: "fargate", containerInsights: "disabled" },
            ...{ alarms: false, dashboard: false, audit },
            logs: { retentionDays: 14, export: false },
            registry: { keepReleases: 20, layerCache: true, pullThrough: [] },
            protection: false,
            services: {
              web: {
                ...webService,
                cpu: 256,
                memoryMiB: 512,
                exec: true,
                scaling: { min: 1, max: 2, ...targets },
              },
            },
            pipeline: { ...pipeline, promoteFrom, approval: false, alarms: false },
          },
        );
      }
    });

    it("are production's in production", () => {
      const posture = { relaxed: { "loadBalancer.domain": { reason: "no domain yet" } } };
      assert.deepEqual(parse({ services, posture, pipeline: {} }, { stack: "production" }), {
        ...common,
        quotas,
        posture,
        kind: "production",
        stack: "production",
        network: { ...network, cidr: "10.20.0.0/16", zones: 3, nat: "perZone" },
        cluster: { capacity: "fargate", containerInsights: "enhanced" },
        ...{ alarms: {}, dashboard: true, audit },
        logs: { retentionDays: 365, export: false },
        registry: { keepReleases: 50, layerCache: true, pullThrough: [] },
        protection: true,
        services: {
          web: {
            ...webService,
            cpu: 512,
            memoryMiB: 1024,
            exec: false,
            deployment: { strategy: "blueGreen", bakeMinutes: 5 },
            scaling: { min: 2, max: 10, ...targets },
          },
        },
        pipeline: {
          ...pipeline,
          promoteFrom: { stack: "staging" },
          approval: true,
          alarms: { also: [] },
        },
      });
    });

    it("of a worker lack what only the load balancer needs, and its folder has its name", () => {
      assert.deepEqual(parse({ services: { mailer: { kind: "worker" } } }).services.mailer, {
        kind: "worker",
        build: { context: "mailer", dockerfile: "Dockerfile", args: {}, secrets: {} },
        image: undefined,
        cpu: 256,
        memoryMiB: 512,
        architecture: "X86_64",
        ...{ egress: "all", environment: {}, secrets: {} },
        ...{ permissions: [], securityGroups: [], securityGroupIds: [], calls: [], uses: [] },
        bootstrap: "placeholder",
        stopTimeoutSeconds: 30,
        exec: true,
        readonlyRootFilesystem: true,
        ...{
          deployment: { strategy: "rolling" },
          ulimits: {},
          volumes: {},
          writablePaths: [],
          initProcess: true,
        },
        ...{ publishes: [], subscribes: {}, sidecars: {}, dependsOn: {} },
        scan: { unsupported: "stop" },
        scaling: { min: 1, max: 2, ...targets },
      });
    });

    it("of capacity go with the capacity", () => {
      const containerInsights = "disabled";
      assert.deepEqual(parse({ services, cluster: { capacity: "fargateSpot" } }).cluster, {
        capacity: "fargateSpot",
        onDemandBase: 1,
        spotWeight: 3,
        onDemandWeight: 1,
        containerInsights,
      });
      assert.deepEqual(parse({ services, cluster: { capacity: "ec2" } }).cluster, {
        capacity: "ec2",
        ec2: {
          instanceType: "t3.medium",
          minInstances: 1,
          maxInstances: 4,
          targetCapacityPercent: 90,
        },
        containerInsights,
      });
    });
  });

  describe("numbers that must agree, of which one is given", () => {
    const scaling = (given: object, stack = "staging") => {
      const { min, max } = servicesOf(web({ scaling: given }), { stack }).web.scaling;
      return { min, max };
    };

    it("raise the default maximum of tasks to the minimum", () => {
      assert.deepEqual(scaling({ min: 20 }), { min: 20, max: 20 });
    });

    it("lower the default minimum of tasks to the maximum", () => {
      assert.deepEqual(scaling({ max: 1 }, "production"), { min: 1, max: 1 });
    });

    it("take the memory that goes with the CPU", () => {
      assert.equal(parse(web({ cpu: 2048 })).services.web.memoryMiB, 4096);
      assert.equal(
        parse(web({ cpu: 256 }), { stack: "production" }).services.web.memoryMiB,
        1024,
        "production's default goes with 256 too",
      );
    });

    it("take the CPU that goes with the memory", () => {
      assert.equal(parse(web({ memoryMiB: 8192 })).services.web.cpu, 1024);
      assert.equal(parse(web({ memoryMiB: 512 }), { stack: "production" }).services.web.cpu, 256);
    });

    it("keep a health check's timeout below its interval, and half a minute of patience", () => {
      const times = (healthCheck: object) => {
        const service = parse(web({ healthCheck })).services.web;
        assert.ok(service.kind === "web");
        const { intervalSeconds, timeoutSeconds, unhealthyThreshold } = service.healthCheck;
        return [intervalSeconds, timeoutSeconds, unhealthyThreshold];
      };
      assert.deepEqual(times({}), [5, 4, 6]);
      assert.deepEqual(times({ intervalSeconds: 10 }), [10, 5, 3]);
      assert.deepEqual(times({ timeoutSeconds: 30 }), [31, 30, 3]);
      assert.deepEqual(times({ command: "true" }), [10, 5, 3], "what runs costs more");
      assert.deepEqual(times({ unhealthyThreshold: 2 }), [5, 4, 2]);
    });

    it("keep the instances of a cluster in order", () => {
      const instances = (ec2: object) => {
        const { cluster } = parse({ services, cluster: { capacity: "ec2", ec2 } });
        assert.ok(cluster.capacity === "ec2");
        return [cluster.ec2.minInstances, cluster.ec2.maxInstances];
      };
      assert.deepEqual(instances({ minInstances: 6 }), [6, 6]);
      assert.deepEqual(instances({ maxInstances: 2 }), [1, 2]);
    });
  });

  describe("what YAML takes for a number", () => {
    it("becomes a text where a text is meant", () => {
      const given = {
        environment: { LEVEL: 3, DEBUG: true },
        user: 1000,
        healthCheck: { matcher: 204 },
      };
      const service = parse(web(given)).services.web;
      assert.ok(service.kind === "web");
      assert.deepEqual(service.environment, { LEVEL: "3", DEBUG: "true" });
      assert.equal(service.user, "1000");
      assert.equal(service.healthCheck.matcher, "204");
      const promoteTo = { stack: "production", account: 210987654321 };
      assert.equal(
        parse({ services, pipeline: { promoteFrom: { stack: "dev" }, promoteTo } }).pipeline
          ?.promoteTo?.account,
        "210987654321",
      );
    });
  });

  describe("container instances", () => {
    it("take sizes that Fargate lacks", () => {
      const config = parse({ ...web({ cpu: 300, memoryMiB: 700 }), cluster: { capacity: "ec2" } });
      assert.equal(config.services.web.cpu, 300);
      assert.equal(config.services.web.memoryMiB, 700);
    });

    it("take services of their own architecture", () => {
      const cluster = { capacity: "ec2", ec2: { instanceType: "t4g.medium" } };
      assert.equal(
        parse({ ...web({ architecture: "ARM64" }), cluster }).services.web.architecture,
        "ARM64",
      );
    });
  });

  it("accepts the PORT that is the service's port", () => {
    const service = parse(web({ port: 8080, environment: { PORT: 8080 } })).services.web;
    assert.deepEqual(service.environment, { PORT: "8080" });
  });

  it("leaves keys of other namespaces alone", () => {
    const values = {
      ...asPulumiConfig({ services }),
      "aws:region": "eu-west-1",
      "pulumi:tags": "{}",
    };
    assert.equal(parseConfig({ project: "shop", stack: "staging", values }).name, "shop");
  });
});
