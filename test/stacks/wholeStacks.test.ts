import assert from "node:assert/strict";
import { takesNoResource } from "../../stacks/config/aws/actionsWithoutResources";
import { isTaggable } from "../support/taggable";
import type { RecordedResource, Recording } from "../support/record";
import { everything, pipelines } from "./everything";
import { environment } from "./support";

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

interface Container {
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly linuxParameters?: {
    readonly capabilities?: { readonly add?: unknown; readonly drop?: readonly string[] };
  };
}

function statements({ inputs }: RecordedResource, property = "policy"): readonly Statement[] {
  return (JSON.parse(String(inputs[property])) as { Statement: Statement[] }).Statement;
}

function listed(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === "string" ? [value] : (value ?? []);
}

/** Tasks have names that ECS draws: the reference has the condition key ecs:cluster for what lists them. */
function ofItsCluster(condition: Statement["Condition"]): boolean {
  return JSON.stringify(condition ?? {}).includes('{"ecs:cluster":');
}

/**
 * All that any role may do to whatever there is, since AWS grants it on `*` alone: its Service Authorization Reference has no resource type
 * for it (`stacks/config/aws/serviceAuthorization.json`), or has one that is of other requests.
 */
const onEverything = [
  "cloudtrail:LookupEvents",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  // Bound by cloudwatch:namespace.
  "cloudwatch:PutMetricData",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeDhcpOptions",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "ecr:GetAuthorizationToken",
  "ecs:DescribeTaskDefinition",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "route53:ListHostedZones",
  "route53:ListHostedZonesByName",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "states:ValidateStateMachineDefinition",
];

/**
 * What AWS has a resource for, and documents with `*` all the same: the account's one policy of log groups ("Logging to CloudWatch
 * Logs", AWS Step Functions), and alarms, where composite ones are among them ("DescribeAlarms", CloudWatch API reference).
 */
const documentedWithAll = ["cloudwatch:DescribeAlarms", "logs:PutResourcePolicy"];

/**
 * Services whose trust has no condition, since AWS documents none that they send: one that they do not would lock them out. A role is passed
 * within its account alone ("Grant a user permissions to pass a role to an AWS service", IAM user guide).
 */
const trustedAsTheyAre = ["chatbot.amazonaws.com", "ec2.amazonaws.com", "ecs.amazonaws.com"];

/** Seconds of a session, unless its role says otherwise ("CreateRole", IAM API reference). */
const shortestSession = 3600;

describe("what holds of whole stacks", () => {
  /** What roles of either stack may do to everything. */
  const met = new Set<string>();

  for (const stack of ["staging", "production"] as const) {
    describe(stack, () => {
      let recording: Recording<unknown>;

      before(async () => {
        const config = { ...everything, pipeline: pipelines[stack] };
        recording = await environment(config, { stack });
      });

      const partsOf = (bucket: RecordedResource, type: string) =>
        recording
          .all(`aws:s3/${type[0].toLowerCase()}${type.slice(1)}:${type}`)
          .filter(({ options }) => options.parent === bucket.urn);

      it("everything is tagged that AWS tags", () => {
        const taggable = recording.resources.filter(({ type }) => isTaggable(type));
        assert.ok(taggable.length > 100, String(taggable.length));
        const lacking = taggable.filter(({ inputs }) => {
          const tags = inputs.tags as Readonly<Record<string, string>> | undefined;
          return tags?.team !== "shop" || tags["gantry:stack"] !== stack;
        });
        assert.deepEqual(
          lacking.map(({ type, name }) => `${type} ${name}`),
          [],
        );
      });

      it("every log is kept for a time, under the environment's key", () => {
        const groups = recording.all("aws:cloudwatch/logGroup:LogGroup");
        assert.ok(groups.length > 10, String(groups.length));
        for (const { name, inputs } of groups) {
          assert.ok(Number(inputs.retentionInDays) >= 1, name);
          // Chat channels log in one region, where the key is not.
          if (inputs.region !== undefined) continue;
          assert.match(String(inputs.kmsKeyId), /:key\/shop--\w+-encryption-/, name);
        }
      });

      it("every bucket is private, keeps versions, is encrypted, and speaks TLS alone", () => {
        const buckets = recording.all("aws:s3/bucket:Bucket");
        assert.ok(buckets.length > 2, String(buckets.length));
        for (const bucket of buckets) {
          const part = (type: string): RecordedResource["inputs"] => {
            const found = partsOf(bucket, type);
            assert.equal(found.length, 1, `${type} of ${bucket.name}`);
            return found[0].inputs;
          };
          const blocked = Object.values(part("BucketPublicAccessBlock"));
          assert.equal(blocked.filter((value) => value === true).length, 4, bucket.name);
          const versions = part("BucketVersioning").versioningConfiguration;
          assert.deepEqual(versions, { status: "Enabled" }, bucket.name);
          const [rule] = part("BucketServerSideEncryptionConfiguration").rules as {
            readonly applyServerSideEncryptionByDefault: { readonly sseAlgorithm: string };
          }[];
          // Elastic Load Balancing writes to no bucket with a key of KMS.
          const algorithm = bucket.name.endsWith("access-logs") ? "AES256" : "aws:kms";
          assert.equal(
            rule.applyServerSideEncryptionByDefault.sseAlgorithm,
            algorithm,
            bucket.name,
          );
          const [policy] = partsOf(bucket, "BucketPolicy");
          const tls = statements(policy).find(
            ({ Effect, Principal, Action, Condition }) =>
              Effect === "Deny" &&
              Principal === "*" &&
              Action === "s3:*" &&
              JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
          );
          assert.equal(listed(tls?.Resource).length, 2, bucket.name);
        }
      });

      it("every security group says what it is for, and each of its rules", () => {
        const rules = ["Ingress", "Egress"].flatMap((way) =>
          recording.all(`aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`),
        );
        const groups = recording.all("aws:ec2/securityGroup:SecurityGroup");
        assert.ok(rules.length > 10 && groups.length > 5);
        const silent = [...rules, ...groups].filter(({ inputs }) => !inputs.description);
        assert.deepEqual(
          silent.map(({ name }) => name),
          [],
        );
        // Rules of their own resources alone: those within have no tags, and an update takes away what others added.
        const within = groups.filter(({ inputs }) => inputs.ingress ?? inputs.egress);
        assert.deepEqual(
          within.map(({ name }) => name),
          [],
        );
      });

      it("the group that is everybody's who names none lets nobody in or out", () => {
        const { inputs } = recording.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
        assert.deepEqual([inputs.ingress, inputs.egress], [[], []]);
      });

      it("whoever reads or writes the ledger may use its key for it, and through DynamoDB", () => {
        const { kmsKeyArn } = recording.one("aws:dynamodb/table:Table").inputs
          .serverSideEncryption as { readonly kmsKeyArn: string };
        const holders = recording
          .all("aws:iam/rolePolicy:RolePolicy")
          .filter((policy) => JSON.stringify(policy.inputs.policy).includes("dynamodb:"));
        assert.ok(holders.length >= 3, String(holders.length));
        for (const holder of holders) {
          const use = statements(holder).filter(
            ({ Resource, Condition }) =>
              listed(Resource).includes(kmsKeyArn) &&
              JSON.stringify(Condition)?.includes("dynamodb.eu-west-1.amazonaws.com"),
          );
          const may = (action: string) => use.some(({ Action }) => listed(Action).includes(action));
          const writes = String(holder.inputs.policy).includes("dynamodb:PutItem");
          assert.ok(may("kms:Decrypt"), holder.name);
          assert.equal(may("kms:GenerateDataKey") || !writes, true, holder.name);
        }
      });

      it("every role is taken on by whom it names, for this account, and for an hour", () => {
        const roles = recording.all("aws:iam/role:Role");
        assert.ok(roles.length > 15, String(roles.length));
        const open = new Set<string>();
        for (const role of roles) {
          assert.ok(Number(role.inputs.maxSessionDuration ?? 0) <= shortestSession, role.name);
          assert.equal(role.inputs.managedPolicyArns, undefined, role.name);
          for (const { Principal, Condition } of statements(role, "assumeRolePolicy")) {
            const { Service, ...others } = Principal as Readonly<Record<string, unknown>>;
            // Of its own account or of GitHub: by a condition, or by its name.
            const whole = JSON.stringify([others, Condition ?? {}]);
            assert.doesNotMatch(whole, /"\*"/, role.name);
            if (/123456789012|token\.actions\.githubusercontent\.com:sub/.test(whole)) continue;
            for (const service of listed(Service as string | undefined)) open.add(service);
            assert.notEqual(Service, undefined, role.name);
          }
        }
        assert.deepEqual(
          [...open].filter((service) => !trustedAsTheyAre.includes(service)),
          [],
        );
      });

      it("no container is privileged, adds a capability, or writes to its root; seldom used ones are dropped", () => {
        const definitions = recording.all("aws:ecs/taskDefinition:TaskDefinition");
        assert.ok(definitions.length > 3, String(definitions.length));
        for (const { name, inputs } of definitions) {
          for (const container of JSON.parse(String(inputs.containerDefinitions)) as Container[]) {
            const { add, drop = [] } = container.linuxParameters?.capabilities ?? {};
            assert.equal(container.privileged ?? false, false, name);
            assert.equal(container.readonlyRootFilesystem, true, name);
            assert.equal(add, undefined, name);
            assert.ok(drop.includes("NET_RAW") || drop.includes("ALL"), name);
          }
        }
      });

      it("every right names its resources, but those that AWS grants on everything alone", () => {
        // What is too much for one policy of a role is in others.
        const policies = ["rolePolicy:RolePolicy", "policy:Policy"].flatMap((type) =>
          recording.all(`aws:iam/${type}`),
        );
        assert.ok(policies.length > 15, String(policies.length));
        const wide = new Set<string>();
        for (const policy of policies) {
          for (const { Effect, Action, Resource, Condition } of statements(policy)) {
            const actions = listed(Action);
            assert.deepEqual(
              actions.filter((one) => one.includes("*")),
              [],
              policy.name,
            );
            if (Effect === "Deny") continue;
            const all = listed(Resource).filter((arn) => /^(?:\*|arn:(?:[^:]*:){4}\*)$/.test(arn));
            if (all.length === 0 || ofItsCluster(Condition)) continue;
            // The check for drift reads back whatever the program may make.
            const isDriftCheck = /-drift-policy\d?$/.test(policy.name);
            const named = (action: string) =>
              isDriftCheck && /:(?:Describe|Get|List)/.test(action) && takesNoResource(action);
            for (const action of actions.filter((one) => !named(one))) wide.add(action);
          }
        }
        for (const action of wide) {
          assert.ok(takesNoResource(action) || documentedWithAll.includes(action), action);
        }
        assert.deepEqual(
          [...wide].sort().filter((one) => !onEverything.includes(one)),
          [],
        );
        wide.forEach((one) => met.add(one));
      });
    });
  }

  // Behind the others, which suites are and tests are not.
  describe("the list of rights on everything", () => {
    it("has nothing that no role has", () => {
      assert.deepEqual(
        onEverything.filter((action) => !met.has(action)),
        [],
      );
    });
  });
});
