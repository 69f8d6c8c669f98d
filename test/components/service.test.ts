import assert from "node:assert/strict";
import type { ServiceArgs } from "../../components";
import { valueOf } from "../support/record";
import { cluster, container, network, service, types, web, worker } from "./service/support";

const outputs = {
  serviceName: "shop-staging-web",
  serviceArn: "shop-staging-web-id",
  taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-staging-web:1",
  taskRoleArn: "arn:aws:iam::123456789012:role/web-taskRole-1a2b3c4",
  executionRoleArn: "arn:aws:iam::123456789012:role/web-executionRole-1a2b3c4",
  securityGroupId: "web-tasks-1a2b3c4-id",
  logGroupName: "web-logs-1a2b3c4",
  url: "http://web-1a2b3c4-1234567890.eu-west-1.elb.amazonaws.com",
} as const;

const capabilities = { drop: ["AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SYS_CHROOT"] };

describe("Service", () => {
  describe("web defaults", () => {
    it("hands AWS this service, and nothing else", async () => {
      const { inputs, options } = (await service(web())).one(types.service);
      assert.deepEqual(inputs, {
        name: "shop-staging-web",
        cluster: cluster.clusterArn,
        taskDefinition: outputs.taskDefinitionArn,
        desiredCount: 1,
        capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
        forceNewDeployment: true,
        networkConfiguration: {
          subnets: ["subnet-private1", "subnet-private2"],
          securityGroups: ["web-tasks-1a2b3c4-id"],
          assignPublicIp: false,
        },
        loadBalancers: [
          {
            targetGroupArn:
              "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-1a2b3c4/50dc6c495c0c9188",
            containerName: "app",
            containerPort: 3000,
          },
        ],
        healthCheckGracePeriodSeconds: 30,
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        availabilityZoneRebalancing: "ENABLED",
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentConfiguration: { strategy: "ROLLING" },
        enableExecuteCommand: false,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
      });
      assert.equal(options.protect, false);
    });

    it("runs one small Fargate task of the X86_64 kind, whose last revision stays for a rollback", async () => {
      const { containerDefinitions, ...task } = (await service(web())).one(
        types.taskDefinition,
      ).inputs;
      assert.equal(typeof containerDefinitions, "string");
      assert.deepEqual(task, {
        family: "shop-staging-web",
        cpu: "256",
        memory: "512",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
        executionRoleArn: outputs.executionRoleArn,
        taskRoleArn: outputs.taskRoleArn,
        volumes: [],
        skipDestroy: true,
      });
    });

    it("keeps logs for 30 days in a group that Pulumi names", async () => {
      const { inputs } = (await service(web())).one(types.logGroup);
      assert.deepEqual(inputs, { retentionInDays: 30 });
    });

    it("has a load balancer of its own", async () => {
      const { one } = await service(web());
      assert.equal(
        one("gantry:index:LoadBalancer").options.parent,
        one("gantry:index:Service").urn,
      );
    });

    it("tells its names, ARNs and address", async () => {
      const { value } = await service(web());
      for (const [output, expected] of Object.entries(outputs)) {
        assert.equal(await valueOf(value[output as keyof typeof outputs]), expected, output);
      }
    });
  });

  describe("worker", () => {
    it("takes no connections: no load balancer, no rule, no open port, no address", async () => {
      const { all, one, value } = await service(worker());
      for (const type of [types.loadBalancer, types.targetGroup, types.rule, types.ingress]) {
        assert.deepEqual(all(type), [], type);
      }
      const { inputs } = one(types.service);
      assert.equal(inputs.loadBalancers, undefined);
      assert.equal(inputs.healthCheckGracePeriodSeconds, undefined);
      assert.equal(value.url, undefined);
    });

    it("is told no PORT and opens none", async () => {
      const { portMappings, environment } = container(
        (await service(worker())).one(types.taskDefinition),
      );
      assert.deepEqual([portMappings, environment], [[], []]);
    });

    it("may rest at no task", async () => {
      const { one } = await service(worker({ scaling: { min: 0, max: 0 } }));
      assert.equal(one(types.service).inputs.desiredCount, 0);
    });
  });

  describe("options", () => {
    it("keeps logs where and as long as it is told", async () => {
      const logs = { logGroupName: "/gantry/shop/staging/services/web", retentionDays: 90 };
      const { inputs } = (await service(web({ logs }))).one(types.logGroup);
      assert.deepEqual(inputs, { name: logs.logGroupName, retentionInDays: 90 });
    });

    it("hands the container what it is given", async () => {
      const { one } = await service(
        web({
          port: 8080,
          environment: { LOG_LEVEL: "debug" },
          stopTimeoutSeconds: 60,
          readonlyRootFilesystem: false,
          user: "1000:1000",
        }),
      );
      const { environment, stopTimeout, readonlyRootFilesystem, user } = container(
        one(types.taskDefinition),
      );
      assert.deepEqual(
        { environment, stopTimeout, readonlyRootFilesystem, user },
        {
          environment: [
            { name: "LOG_LEVEL", value: "debug" },
            { name: "PORT", value: "8080" },
          ],
          stopTimeout: 60,
          readonlyRootFilesystem: false,
          user: "1000:1000",
        },
      );
    });

    it("hands the task its storage, and the container its limits", async () => {
      const limits = { ulimits: { nofile: { soft: 1024, hard: 65_536 } }, initProcess: false };
      const { one } = await service(web({ ...limits, ephemeralStorageGiB: 50 }));
      const { inputs } = one(types.taskDefinition);
      assert.deepEqual(inputs.ephemeralStorage, { sizeInGib: 50 });
      const { ulimits, linuxParameters } = container(one(types.taskDefinition));
      assert.deepEqual(ulimits, [{ name: "nofile", softLimit: 1024, hardLimit: 65_536 }]);
      assert.deepEqual(linuxParameters, { initProcessEnabled: false, capabilities });
    });

    it("hands a container on hosts its shared memory", async () => {
      const hosts = { ...cluster, launchTypes: ["EC2"] };
      const { one } = await service(worker({ cluster: hosts, shmSizeMiB: 512 }));
      const { linuxParameters } = container(one(types.taskDefinition));
      const expected = { initProcessEnabled: true, sharedMemorySize: 512, capabilities };
      assert.deepEqual(linuxParameters, expected);
    });

    it("logs into the group and the region of the cluster", async () => {
      const { logConfiguration } = container((await service(web())).one(types.taskDefinition));
      const { options } = logConfiguration as { options: Record<string, string> };
      assert.equal(options["awslogs-group"], "web-logs-1a2b3c4");
      assert.equal(options["awslogs-region"], "eu-west-1");
    });

    it("waits as long as it is told before it judges a new task", async () => {
      const { one } = await service(web({ healthCheck: { graceSeconds: 90 } }));
      assert.equal(one(types.service).inputs.healthCheckGracePeriodSeconds, 90);
    });

    it("opens exec sessions only where it is asked, with room for the agent's files", async () => {
      const { one } = await service(worker({ exec: true }));
      assert.equal(one(types.service).inputs.enableExecuteCommand, true);
      assert.deepEqual(one(types.taskDefinition).inputs.volumes, [
        { name: "exec-state" },
        { name: "exec-log" },
      ]);
    });

    it("gives tasks public addresses where the network needs it, but never those on hosts", async () => {
      const assigned = async (launchTypes: string[]) => {
        const { one } = await service(
          worker({
            network: { ...network, assignPublicIp: true },
            cluster: { ...cluster, launchTypes },
          }),
        );
        const { networkConfiguration } = one(types.service).inputs;
        return (networkConfiguration as { assignPublicIp: boolean }).assignPublicIp;
      };
      assert.equal(await assigned(["FARGATE"]), true);
      assert.equal(await assigned(["EC2"]), false);
    });

    it("tags all that can be tagged", async () => {
      const tags = { team: "shop" };
      const { resources } = await service(
        web({ tags, scaling: { min: 1, max: 2, cpuPercent: 60 } }),
      );
      const untagged = resources
        .filter(({ type }) => type.startsWith("aws:"))
        .filter(({ inputs }) => (inputs.tags as typeof tags | undefined)?.team !== "shop")
        .map(({ type }) => type);
      assert.deepEqual([...new Set(untagged)].sort(), [types.scalingPolicy, types.rolePolicy]);
    });
  });

  describe("sizes", () => {
    const size = async (args: ServiceArgs) => {
      const { cpu, memory, requiresCompatibilities } = (await service(args)).one(
        types.taskDefinition,
      ).inputs;
      return { cpu, memory, requiresCompatibilities };
    };

    it("hands AWS CPU and memory as text", async () => {
      const fargate = { requiresCompatibilities: ["FARGATE"] };
      assert.deepEqual(await size(worker({ cpu: 16384, memoryMiB: 122880 })), {
        cpu: "16384",
        memory: "122880",
        ...fargate,
      });
    });

    it("on hosts takes sizes that Fargate lacks", async () => {
      const hosts = { ...cluster, launchTypes: ["EC2"] };
      assert.deepEqual(await size(worker({ cluster: hosts, cpu: 300, memoryMiB: 700 })), {
        cpu: "300",
        memory: "700",
        requiresCompatibilities: ["EC2"],
      });
    });

    it("runs ARM64 where the image is built for it", async () => {
      const { one } = await service(worker({ architecture: "ARM64" }));
      assert.deepEqual(one(types.taskDefinition).inputs.runtimePlatform, {
        cpuArchitecture: "ARM64",
        operatingSystemFamily: "LINUX",
      });
    });
  });

  describe("deployments", () => {
    it("by recreate stop every task first, and never move one by starting another", async () => {
      const deployment = { strategy: "recreate" } as const;
      const { inputs } = (await service(worker({ deployment }))).one(types.service);
      assert.deepEqual(
        [
          inputs.deploymentMinimumHealthyPercent,
          inputs.deploymentMaximumPercent,
          inputs.availabilityZoneRebalancing,
          inputs.deploymentCircuitBreaker,
        ],
        [0, 100, "DISABLED", { enable: true, rollback: true }],
      );
    });

    for (const args of [web(), worker()]) {
      it(`of a ${args.kind} keep every task until its successor is healthy, and go back by themselves`, async () => {
        const { inputs } = (await service(args)).one(types.service);
        assert.deepEqual(
          [
            inputs.deploymentMinimumHealthyPercent,
            inputs.deploymentMaximumPercent,
            inputs.deploymentCircuitBreaker,
          ],
          [100, 200, { enable: true, rollback: true }],
        );
      });
    }

    it("begin once the roles can do their work and requests have a way in", async () => {
      const { one, all } = await service(web({ exec: true }));
      // The rule that attaches its target group: the one that leads to it comes after it.
      const attachment = one(types.rule, "web-rule-1134");
      const needed = [...all(types.rolePolicy), attachment].map(({ urn }) => urn);
      assert.equal(needed.length, 3);
      const { dependencies } = one(types.service).options;
      assert.deepEqual(
        needed.filter((urn) => !dependencies.includes(urn)),
        [],
      );
    });
  });
});
