import assert from "node:assert/strict";
import { isAllowed, type PolicyDocument } from "../support/policies";
import { EcsCluster, type Capacity, type EcsClusterArgs } from "../../components";
import { parsed, record, valueOf, type RecordingOptions } from "../support/record";

const network = {
  vpcId: "vpc-1",
  taskSubnetIds: ["subnet-1", "subnet-2"],
  assignPublicIp: false,
};
const ec2: Capacity = {
  type: "ec2",
  instanceType: "t4g.medium",
  minInstances: 1,
  maxInstances: 5,
  targetCapacityPercent: 90,
  architecture: "ARM64",
  network,
};
const spot = { type: "fargateSpot", onDemandBase: 2, onDemandWeight: 1, spotWeight: 3 } as const;

function cluster(more: Partial<EcsClusterArgs> = {}, options?: RecordingOptions) {
  const args: EcsClusterArgs = { clusterName: "shop-staging", capacity: { type: "fargate" } };
  return record(() => new EcsCluster("shop", { ...args, ...more }), options);
}

describe("EcsCluster", () => {
  it("has the name that others know, a namespace, and exec sessions with an audit log", async () => {
    const { one } = await cluster({
      execLog: { logGroupName: "/gantry/shop/staging/exec", retentionDays: 90 },
    });
    const { inputs } = one("aws:ecs/cluster:Cluster");
    assert.equal(inputs.name, "shop-staging");
    assert.deepEqual(inputs.configuration, {
      executeCommandConfiguration: {
        logging: "OVERRIDE",
        logConfiguration: { cloudWatchLogGroupName: "/gantry/shop/staging/exec" },
      },
    });
    assert.equal(
      one("aws:servicediscovery/httpNamespace:HttpNamespace").inputs.name,
      "shop-staging",
    );
  });

  it("encrypts sessions and their log with a key, where there is one", async () => {
    const execKeyArn =
      "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    const { one, value } = await cluster({
      execLog: { logGroupName: "exec", retentionDays: 90 },
      execKeyArn,
    });
    assert.deepEqual(one("aws:ecs/cluster:Cluster").inputs.configuration, {
      executeCommandConfiguration: {
        kmsKeyId: execKeyArn,
        logging: "OVERRIDE",
        logConfiguration: { cloudWatchLogGroupName: "exec", cloudWatchEncryptionEnabled: true },
      },
    });
    assert.equal(one("aws:cloudwatch/logGroup:LogGroup").inputs.kmsKeyId, execKeyArn);
    assert.equal(value.execKeyArn, execKeyArn);
  });

  for (const containerInsights of ["disabled", "enabled", "enhanced"] as const) {
    it(`sets Container Insights ${containerInsights}`, async () => {
      const { one } = await cluster({ containerInsights });
      assert.deepEqual(one("aws:ecs/cluster:Cluster").inputs.settings, [
        { name: "containerInsights", value: containerInsights },
      ]);
    });
  }

  it("where it is protected, keeps itself and its audit log, and lets go of capacity", async () => {
    const { resources } = await record(
      () => new EcsCluster("shop", { clusterName: "shop", capacity: ec2 }, { protect: true }),
    );
    const kept = resources.filter(({ options }) => options.protect).map(({ type }) => type);
    assert.deepEqual(kept.sort(), ["aws:cloudwatch/logGroup:LogGroup", "aws:ecs/cluster:Cluster"]);
  });

  describe("capacity", () => {
    const attached = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";

    it("fargate needs no hosts", async () => {
      const { one, all, value } = await cluster();
      assert.deepEqual(one(attached).inputs.capacityProviders, ["FARGATE", "FARGATE_SPOT"]);
      assert.equal(all("aws:autoscaling/group:Group").length, 0);
      assert.deepEqual(value.launchTypes, ["FARGATE"]);
    });

    it("fargateSpot keeps a base on demand", async () => {
      const { one, value } = await cluster({ capacity: spot });
      const expected = [
        { capacityProvider: "FARGATE", base: 2, weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 3 },
      ];
      assert.deepEqual(one(attached).inputs.defaultCapacityProviderStrategies, expected);
      assert.deepEqual(value.capacityProviderStrategies, expected);
    });

    it("is attached before services use it: Fargate by a hook, hosts by a dependency", async () => {
      // A dependency on Fargate would keep hosts from being detached after the services have left them.
      assert.deepEqual(Object.keys((await cluster()).value.serviceHooks ?? {}), ["beforeCreate"]);
      assert.equal((await cluster({ capacity: ec2 })).value.serviceHooks, undefined);
    });

    it("of hosts leaves Fargate attached, so that services can come from it and go to it", async () => {
      const { inputs } = (await cluster({ capacity: ec2 })).one(attached);
      assert.deepEqual((inputs.capacityProviders as string[]).slice(0, 2), [
        "FARGATE",
        "FARGATE_SPOT",
      ]);
      assert.equal((inputs.capacityProviders as string[]).length, 3);
    });

    describe("ec2", () => {
      it("lets ECS scale the hosts and drain them before they go", async () => {
        const { one, value } = await cluster({ capacity: ec2 });
        const { autoScalingGroupProvider } = one(
          "aws:ecs/capacityProvider:CapacityProvider",
        ).inputs;
        const { autoScalingGroupArn, ...managed } = autoScalingGroupProvider as Record<
          string,
          unknown
        >;
        assert.match(String(autoScalingGroupArn), /^arn:aws:autoscaling:/);
        assert.deepEqual(managed, {
          managedTerminationProtection: "ENABLED",
          managedDraining: "ENABLED",
          managedScaling: { status: "ENABLED", targetCapacity: 90 },
        });
        const { inputs, options } = one("aws:autoscaling/group:Group");
        assert.deepEqual([inputs.minSize, inputs.maxSize], [1, 5]);
        assert.equal(inputs.protectFromScaleIn, true);
        assert.deepEqual(options.ignoreChanges, ["desiredCapacity"]);
        assert.deepEqual(value.launchTypes, ["EC2"]);
      });

      it("starts ECS-optimised hosts of the architecture, in the cluster, without old metadata", async () => {
        const { one } = await cluster({ capacity: ec2 });
        const { inputs } = one("aws:ec2/launchTemplate:LaunchTemplate");
        assert.match(
          String(inputs.imageId),
          /^resolve:ssm:.*amazon-linux-2023\/arm64\/recommended/,
        );
        assert.deepEqual(inputs.metadataOptions, {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
        });
        const userData = Buffer.from(String(inputs.userData), "base64").toString();
        assert.match(userData, /^echo ECS_CLUSTER=shop-staging >> \/etc\/ecs\/ecs\.config$/m);
      });

      it("opens no port of a host", async () => {
        const { all } = await cluster({ capacity: ec2 });
        assert.deepEqual(all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), []);
      });

      it("lets hosts serve their own cluster, and attaches no policy of AWS's", async () => {
        const { all, one } = await cluster({ capacity: ec2 });
        assert.deepEqual(all("aws:iam/rolePolicyAttachment:RolePolicyAttachment"), []);
        const policy = parsed<PolicyDocument>(one("aws:iam/rolePolicy:RolePolicy"), "policy");
        const arn = (resource: string) => `arn:aws:ecs:eu-west-1:123456789012:${resource}`;
        const may = (action: string, resource: string) =>
          isAllowed({ action, resource }, { identity: [policy] });
        const own = "shop-staging";
        assert.equal(may("ecs:RegisterContainerInstance", arn(`cluster/${own}`)), true);
        assert.equal(may("ecs:SubmitTaskStateChange", arn(`cluster/${own}`)), true);
        assert.equal(may("ecs:Poll", arn(`container-instance/${own}/0a1b`)), true);
        assert.equal(may("ecs:DiscoverPollEndpoint", "*"), true);
        assert.equal(may("ssmmessages:OpenDataChannel", "*"), true);
        for (const other of ["shop-production", `${own}-2`]) {
          assert.equal(may("ecs:RegisterContainerInstance", arn(`cluster/${other}`)), false);
          assert.equal(may("ecs:Poll", arn(`container-instance/${other}/0a1b`)), false);
        }
        const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/production/token";
        assert.equal(may("ssm:GetParameter", parameter), false);
        const repository = "arn:aws:ecr:eu-west-1:123456789012:repository/shop/production/web";
        assert.equal(may("ecr:BatchGetImage", repository), false);
        const group = "arn:aws:logs:eu-west-1:123456789012:log-group:/other:log-stream:a";
        assert.equal(may("logs:PutLogEvents", group), false);
        assert.equal(may("ecs:CreateCluster", "*"), false);
        assert.deepEqual(
          parsed<{ Statement: { Principal: unknown }[] }>(
            one("aws:iam/role:Role"),
            "assumeRolePolicy",
          ).Statement[0].Principal,
          { Service: "ec2.amazonaws.com" },
        );
      });
    });

    it("is attached before a service can use the cluster", async () => {
      const { value, one } = await cluster();
      assert.ok(await valueOf(value.clusterArn));
      assert.equal(one(attached).inputs.clusterName, "shop-staging");
    });
  });

  it("previews while its outputs are unknown", async () => {
    const { one } = await cluster({ capacity: ec2 }, { preview: true });
    assert.equal(one("aws:autoscaling/group:Group").inputs.maxSize, 5);
  });

  describe("failures", () => {
    it("fails when no task could run anywhere", async () => {
      const capacity = { ...spot, onDemandWeight: 0, spotWeight: 0 };
      await assert.rejects(
        cluster({ capacity }),
        /spotWeight: given 0; allowed: a weight above zero/,
      );
    });

    it("fails when there are more hosts at least than at most", async () => {
      const capacity = { ...ec2, minInstances: 6 };
      await assert.rejects(cluster({ capacity }), /minInstances: given 6; allowed: 0 to 5/);
    });
  });
});
