import assert from "node:assert/strict";
import { valueOf, type Recording } from "../support/record";
import { leading, types } from "../components/service/support";
import { aRelease, environment } from "./support";

const web = { build: "app", port: 3000 };
const jobs = { kind: "worker" };

/** Everything that an environment can have: what is not made here has no test of its tags. */
const everything = {
  network: { interfaceEndpoints: ["ecr.api"] },
  cluster: { capacity: "ec2" },
  loadBalancer: { domain: { name: "shop.example.com", zone: "example.com" } },
  services: { web: { ...web, bootstrap: "build", scaling: { requestsPerTarget: 100 } }, jobs },
};

/** What AWS cannot tag, and what carries its tags in another way. */
const untagged = [
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:appautoscaling/policy:Policy",
  "aws:cloudwatch/queryDefinition:QueryDefinition",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:kms/alias:Alias",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:route53/record:Record",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "docker:index/image:Image",
];

describe("createEnvironment", () => {
  describe("tags", () => {
    let resources: Recording<unknown>["resources"];
    before(async () => {
      resources = (await environment(everything)).resources;
      resources = resources.filter(({ type }) => !type.startsWith("gantry:"));
    });

    it("name the product and the stack on everything that has tags", () => {
      for (const { type, name, inputs } of resources) {
        if (untagged.includes(type) || type === "aws:autoscaling/group:Group") continue;
        const tags = inputs.tags as Readonly<Record<string, string>> | undefined;
        assert.equal(tags?.["gantry:name"], "shop", `${type} ${name}`);
        assert.equal(tags?.["gantry:stack"], "staging", `${type} ${name}`);
      }
    });

    it("are handed on by the Auto Scaling group to its hosts", () => {
      const group = resources.find(({ type }) => type === "aws:autoscaling/group:Group");
      assert.deepEqual(group?.inputs.tags, [
        { key: "gantry:name", value: "shop", propagateAtLaunch: true },
        { key: "gantry:stack", value: "staging", propagateAtLaunch: true },
        { key: "Name", value: "shop--staging", propagateAtLaunch: true },
        { key: "AmazonECSManaged", value: "true", propagateAtLaunch: true },
      ]);
    });

    it("lack on these types alone, each of which is here", () => {
      const without = resources.filter(({ inputs }) => inputs.tags === undefined);
      assert.deepEqual([...new Set(without.map(({ type }) => type))].sort(), untagged);
    });

    it("say nothing that changes with a release", async () => {
      const tagsWith = async (release?: ReturnType<typeof aRelease>) =>
        (await environment({ services: { web } }, { release })).resources
          .map(({ urn, inputs }) => [urn, inputs.tags])
          .sort();
      assert.deepEqual(await tagsWith(aRelease(["web"])), await tagsWith());
    });
  });

  describe("logs", () => {
    it("are kept as long as config says, all of them, under the names that people know", async () => {
      const { all } = await environment({ services: { web, jobs }, logs: { retentionDays: 365 } });
      const groups = all(types.logGroup).map(({ inputs }) => [inputs.name, inputs.retentionInDays]);
      assert.deepEqual(groups.sort(), [
        ["/gantry/shop/staging/exec", 365],
        ["/gantry/shop/staging/flow-logs", 365],
        ["/gantry/shop/staging/services/jobs", 365],
        ["/gantry/shop/staging/services/web", 365],
      ]);
    });

    it("of connections are left out where config says so", async () => {
      const { all } = await environment({ services: { web }, network: { flowLogs: false } });
      assert.deepEqual(all("aws:ec2/flowLog:FlowLog"), []);
    });
  });

  describe("load balancer", () => {
    it("is shared by all web services, each with a rule of its own", async () => {
      const { all, value } = await environment({
        services: {
          web,
          api: { route: { paths: ["/api/*"] } },
          admin: { route: { hosts: ["admin.example.com"] } },
          jobs,
        },
      });
      assert.equal(all(types.loadBalancer).length, 1);
      assert.equal(all(types.listener).length, 1);
      const rules = leading(all(types.rule)).map(({ inputs }) => inputs.conditions);
      assert.deepEqual(rules, [
        [{ pathPattern: { values: ["/*"] } }],
        [{ pathPattern: { values: ["/api/*"] } }],
        [{ hostHeader: { values: ["admin.example.com"] } }],
      ]);
      const priorities = all(types.rule).map(({ inputs }) => inputs.priority);
      assert.equal(new Set(priorities).size, 6);
      const host = "http://shop-staging-1a2b3c4-1234567890.eu-west-1.elb.amazonaws.com";
      assert.equal(await valueOf(value.serviceUrls.web), host);
      assert.equal(await valueOf(value.serviceUrls.api), `${host}/api`);
      assert.equal(await valueOf(value.serviceUrls.admin), "http://admin.example.com");
    });

    it("is not there where all services are workers", async () => {
      const { all, value } = await environment({ services: { jobs } });
      for (const type of [types.loadBalancer, types.listener, types.targetGroup, types.ingress]) {
        assert.deepEqual(all(type), [], type);
      }
      assert.deepEqual(value.serviceUrls, {});
    });

    it("has a certificate for the domain and for every host that services are routed by", async () => {
      const { one } = await environment({
        loadBalancer: { domain: { name: "shop.example.com", zone: "example.com" } },
        services: { web, api: { route: { hosts: ["api.example.com", "*.api.example.com"] } } },
      });
      const { domainName, subjectAlternativeNames } = one(types.certificate).inputs;
      assert.deepEqual(
        [domainName, subjectAlternativeNames],
        ["shop.example.com", ["api.example.com", "*.api.example.com"]],
      );
    });

    it("is as config says", async () => {
      const certificateArn =
        "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";
      const sslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
      const { one, all } = await environment({
        loadBalancer: {
          certificateArn,
          sslPolicy,
          allowedCidrs: ["203.0.113.0/24"],
          idleTimeoutSeconds: 90,
        },
        services: { web },
      });
      const https = one(types.listener, "shop--staging-https").inputs;
      assert.deepEqual([https.certificateArn, https.sslPolicy], [certificateArn, sslPolicy]);
      assert.equal(one(types.loadBalancer).inputs.idleTimeout, 90);
      assert.deepEqual(
        all(types.ingress).flatMap(({ inputs }) => inputs.cidrIpv4 ?? []),
        ["203.0.113.0/24", "203.0.113.0/24"],
      );
    });
  });

  describe("capacity", () => {
    const capacityOf = async (cluster: object, service: object = {}) => {
      const { one, all } = await environment({
        cluster,
        services: { jobs: { ...jobs, ...service } },
      });
      return {
        strategies: one(types.service).inputs.capacityProviderStrategies,
        compatibilities: one(types.taskDefinition).inputs.requiresCompatibilities,
        hosts: all("aws:ec2/launchTemplate:LaunchTemplate").map(({ inputs }) => inputs),
        group: all("aws:autoscaling/group:Group").map(({ inputs }) => inputs),
      };
    };

    it("fargate is the default", async () => {
      const { strategies, compatibilities, hosts } = await capacityOf({});
      assert.deepEqual(strategies, [{ capacityProvider: "FARGATE", weight: 1 }]);
      assert.deepEqual([compatibilities, hosts], [["FARGATE"], []]);
    });

    it("fargateSpot keeps the base on demand that config says", async () => {
      const { strategies, compatibilities } = await capacityOf({
        capacity: "fargateSpot",
        onDemandBase: 2,
        onDemandWeight: 1,
        spotWeight: 4,
      });
      assert.deepEqual(strategies, [
        { capacityProvider: "FARGATE", base: 2, weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 4 },
      ]);
      assert.deepEqual(compatibilities, ["FARGATE"]);
    });

    it("ec2 runs on hosts of the services' architecture, as many as config says", async () => {
      const ec2 = { instanceType: "t4g.medium", minInstances: 2, maxInstances: 6 };
      const { strategies, compatibilities, hosts, group } = await capacityOf(
        { capacity: "ec2", ec2 },
        { architecture: "ARM64" },
      );
      assert.deepEqual(strategies, [
        { capacityProvider: "shop--staging-hosts-1a2b3c4", weight: 1 },
      ]);
      assert.deepEqual(compatibilities, ["EC2"]);
      assert.equal(hosts[0].instanceType, "t4g.medium");
      assert.match(String(hosts[0].imageId), /\/arm64\//);
      assert.deepEqual([group[0].minSize, group[0].maxSize], [2, 6]);
    });
  });

  describe("network", () => {
    const subnets = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"];
    const placement = ({ one }: Recording<unknown>) => {
      const { networkConfiguration } = one(types.service).inputs;
      const { subnets, assignPublicIp } = networkConfiguration as Record<string, unknown>;
      return [subnets, assignPublicIp];
    };

    it("is the account's default one where config says no more than existing", async () => {
      const recording = await environment({ network: { mode: "existing" }, services: { web } });
      assert.deepEqual(recording.all("awsx:ec2:Vpc"), []);
      assert.deepEqual(placement(recording), [["subnet-0a", "subnet-0b", "subnet-0c"], true]);
      assert.equal(recording.one(types.targetGroup).inputs.vpcId, "vpc-0default000000000");
    });

    it("is the one that config names, with tasks in its private subnets", async () => {
      const network = {
        mode: "existing",
        vpcId: "vpc-0a1b2c3d4e5f60718",
        publicSubnetIds: subnets,
        privateSubnetIds: ["subnet-2a1b2c3d4e5f60718"],
      };
      const recording = await environment({ network, services: { web } });
      assert.deepEqual(placement(recording), [["subnet-2a1b2c3d4e5f60718"], false]);
      assert.deepEqual(recording.one(types.loadBalancer).inputs.subnets, subnets);
      assert.deepEqual(recording.calls, []);
    });

    it("without a way out gives tasks public addresses", async () => {
      const recording = await environment({ network: { nat: "none" }, services: { web } });
      assert.deepEqual(placement(recording), [["subnet-public1", "subnet-public2"], true]);
    });
  });

  describe("outputs", () => {
    it("tell people, the other environment and delivery", async () => {
      const { value } = await environment({ services: { web, jobs } }, { stack: "production" });
      assert.deepEqual(Object.keys(value), [
        "serviceUrls",
        "dashboardUrl",
        "clusterName",
        "repositoryUrls",
        "release",
      ]);
      assert.deepEqual(Object.keys(value.serviceUrls), ["web"]);
      assert.equal(await valueOf(value.clusterName), "shop--production");
      const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/production";
      assert.deepEqual(await valueOf(value.repositoryUrls), {
        web: `${registry}/web`,
        jobs: `${registry}/jobs`,
      });
    });
  });

  it("previews the same resources as it then creates", async () => {
    const urns = async (preview: boolean) =>
      (await environment(everything, { preview })).resources.map(({ urn }) => urn).sort();
    assert.deepEqual(await urns(true), await urns(false));
  });
});
