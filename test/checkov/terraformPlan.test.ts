import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { EncryptionKey, Bucket } from "../../components";
import { record } from "../support/record";
import { environment } from "../stacks/support";
import { measured } from "./measured";
import { terraformPlan, terraformType } from "./terraformPlan";

type Values = Readonly<Record<string, unknown>>;

const planOf = async (program: () => unknown) => {
  const { resources } = await record(program);
  const plan = terraformPlan(resources);
  return {
    values: (address: string): Values => {
      const found = plan.planned_values.root_module.resources.find(
        (resource) => resource.address === address,
      );
      assert.ok(found, address);
      return found.values;
    },
    expressions: (address: string): Values => {
      const all = plan.configuration.root_module.resources as {
        readonly address: string;
        readonly expressions: Values;
      }[];
      return all.find((resource) => resource.address === address)?.expressions ?? {};
    },
  };
};

describe("the plan that Checkov reads", () => {
  it("has Terraform's names of types", () => {
    const names: Readonly<Record<string, string>> = {
      "aws:cloudwatch/logGroup:LogGroup": "aws_cloudwatch_log_group",
      "aws:ec2/securityGroup:SecurityGroup": "aws_security_group",
      "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
      "aws:rds/instance:Instance": "aws_db_instance",
      "aws:rds/clusterInstance:ClusterInstance": "aws_rds_cluster_instance",
      "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
      "aws:servicediscovery/httpNamespace:HttpNamespace": "aws_service_discovery_http_namespace",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
        "aws_vpc_security_group_egress_rule",
    };
    const made = Object.keys(names).map((token) => terraformType(token));
    assert.deepEqual(made, Object.values(names));
  });

  it("has blocks where Pulumi has objects and lists, and leaves the keys of tags alone", async () => {
    const { values } = await planOf(() => new Bucket("uploads", { tags: { costCenter: "4711" } }));
    assert.deepEqual(
      values("aws_s3_bucket_versioning.uploads-versioning").versioning_configuration,
      [{ status: "Enabled" }],
    );
    assert.deepEqual(
      values("aws_s3_bucket_server_side_encryption_configuration.uploads-encryption").rule,
      [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }],
    );
    assert.deepEqual(values("aws_s3_bucket.uploads").tags, { costCenter: "4711" });
  });

  it("says what a property is of", async () => {
    const { expressions } = await planOf(() => new EncryptionKey("shop", { alias: "shop" }));
    assert.deepEqual(expressions("aws_kms_key_policy.shop-encryptionPolicy").key_id, {
      references: ["aws_kms_key.shop-encryption.id", "aws_kms_key.shop-encryption"],
    });
  });

  it("has null where a rule of a security group says nothing", async () => {
    const { values } = await planOf(
      () =>
        new aws.vpc.SecurityGroupIngressRule("web", {
          ...{ securityGroupId: "sg-web", referencedSecurityGroupId: "sg-lb" },
          ...{ ipProtocol: "tcp", fromPort: 1, toPort: 65535 },
        }),
    );
    const rule = values("aws_vpc_security_group_ingress_rule.web");
    assert.equal(rule.referenced_security_group_id, "sg-lb");
    assert.deepEqual([rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id], [null, null, null]);
  });

  it("has all of both stacks, with the parts of a VPC", async () => {
    for (const stack of ["staging", "production"] as const) {
      const { resources } = await environment(measured[stack], { stack });
      const planned = terraformPlan(resources).planned_values.root_module.resources;
      const own = resources.filter(({ type }) => type.startsWith("aws:"));
      const subnets = planned.filter(({ type }) => type === "aws_subnet");
      const zones = stack === "staging" ? 2 : 3;
      assert.equal(subnets.length, zones * 2);
      assert.ok(subnets.every(({ values }) => values.map_public_ip_on_launch === false));
      assert.equal(planned.length, own.length + subnets.length + 2);
      assert.equal(new Set(planned.map(({ address }) => address)).size, planned.length);
    }
  });

  it("fails for what has no name there", () => {
    const foreign = { type: "random:index/randomId:RandomId", name: "id" } as never;
    assert.throws(() => terraformPlan([foreign]), /random:index/);
  });
});
