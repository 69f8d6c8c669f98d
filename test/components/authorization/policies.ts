import { optionalParts } from "../../../components/drift/readStatements";
import {
  AuditTrail,
  EcsCluster,
  FileSystem,
  Job,
  LogExport,
  Network,
  Notifications,
  DriftCheck,
  PullRequestProject,
  PullRequestRole,
  Queue,
  Registry,
  Service,
  Topic,
} from "../../../components";
import type { PipelineArgs } from "../../../components/pipeline/args";
import type { PolicyDocument } from "../../support/policies";
import { record, type RecordedResource, type Recording } from "../../support/record";
import {
  connectionArn,
  otherAccountId,
  pipeline,
  pipelineService,
  productionArgs,
  stagingArgs,
  stateKeyArn,
} from "../pipeline/support";
import { driftCheck } from "../driftCheckArgs";
import { pullRequestProject, pullRequestRole } from "../pullRequestRoleArgs";
import { job } from "../job/support";
import { notifications } from "../notifications/support";
import { cluster, repositoryArn, service, web } from "../service/support";
import type { PolicyKind } from "./faults";

/** A policy that a component makes. */
export interface MadePolicy {
  /** Of the resource that has it, with what it is an example of. */
  readonly name: string;
  readonly kind: PolicyKind;
  readonly document: PolicyDocument;
}

const shiftRoleArn = `arn:aws:iam::${otherAccountId}:role/shop--staging--web-shift`;
const secrets = { DATABASE_URL: "shop/database:url", API_KEY: "/shop/api-key" };
const state = {
  backendUrl: "s3://acme-pulumi-state/shop",
  project: "gantry",
  passphraseSecret: "gantry/passphrase",
  keyArn: stateKeyArn,
};

/** The connection as it was made before the service got its name of today. */
function formerly(arn: string): string {
  return arn.replace("codeconnections", "codestar-connections");
}

/** Pipelines that have between them all that a pipeline may have. */
const pipelines: Readonly<Record<string, PipelineArgs>> = {
  staging: stagingArgs({
    resultsVariable: "RESULTS",
    installations: { prefix: "installations", variable: "INSTALLATIONS" },
    builder: { repositoryName: "shop-builder", tag: "2026-11" },
    lookups: { availabilityZones: true, hostedZone: true },
  }),
  codestar: stagingArgs({
    source: {
      ...{ type: "github", repository: "acme/shop", branch: "main" },
      connectionArn: formerly(connectionArn),
    },
  }),
  codecommit: stagingArgs({ source: { type: "codecommit", repository: "shop", branch: "main" } }),
  s3: stagingArgs({ source: { type: "s3", bucket: "acme-shop", key: "source.zip" }, state }),
  ecs: stagingArgs({ deploy: "ecs" }),
  explaining: stagingArgs({
    notifications: {
      ...stagingArgs().notifications!,
      taskFailures: { buildspec: "ci/explain.yml", serviceVariable: "S", eventVariable: "E" },
    },
    bundle: { path: __filename, variable: "BUNDLE" },
  }),
  asking: productionArgs({ approval: { after: "verification" } }),
  builds: stagingArgs({
    services: {
      web: pipelineService("staging", "web", { secrets, buildSecrets: secrets, exec: true }),
      cache: pipelineService("staging", "cache", { copiedFromArn: repositoryArn }),
    },
    verifyNetwork: {
      ...{ vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] },
      services: { cache: { securityGroupId: "sg-cache", port: 6379 } },
    },
    lookups: {
      ...{ existingNetwork: true, existingLoadBalancer: true, stateMachines: true },
      auditTrails: true,
    },
    promoteTo: {
      stack: "production",
      accountId: otherAccountId,
      receiveRoleName: "shop-production-receive",
      releaseBucketName: (account, region) => `shop-production-releases-${account}-${region}`,
      history: { roleName: "shop-staging-history", readerRoleNames: ["shop-production-deploy"] },
    },
  }),
  production: productionArgs({
    state,
    readsAlarms: true,
    deployRetryName: "shop-production-retry",
  }),
  shifting: stagingArgs({
    services: {
      web: pipelineService("staging", "web", { shift: { roleArn: shiftRoleArn } }),
      jobs: pipelineService("staging", "jobs", { shift: {} }),
    },
  }),
};

/** Every policy that the components make, of examples that have between them everything. */
export async function policiesOfComponents(): Promise<MadePolicy[]> {
  const found: MadePolicy[] = [];
  for (const [example, args] of Object.entries(pipelines)) {
    found.push(...policiesIn(example, await pipeline(args)));
  }
  for (const [example, make] of Object.entries(others)) {
    found.push(...policiesIn(example, await make()));
  }
  return found;
}

const withSessionKey = { ...cluster, execKeyArn: stateKeyArn };
const vpc = { vpcId: "vpc-1", taskSubnetIds: ["subnet-1"], assignPublicIp: false };

const others: Readonly<Record<string, () => Promise<Recording<unknown>>>> = {
  cluster: () =>
    record(
      () =>
        new EcsCluster("shop", {
          clusterName: "shop",
          capacity: {
            ...{ type: "ec2", instanceType: "t4g.medium", minInstances: 1, maxInstances: 2 },
            ...{ targetCapacityPercent: 90, architecture: "ARM64", network: vpc },
          },
        }),
    ),
  network: () =>
    record(
      () =>
        new Network("shop", {
          ...{ mode: "create", cidr: "10.10.0.0/16", zones: 2, nat: "single" },
          flowLogs: { logGroupName: "/gantry/shop/staging/flow-logs", retentionDays: 90 },
        }),
    ),
  registry: () =>
    record(
      () =>
        new Registry("shop", {
          environment: "staging",
          repositories: { web: "shop-staging/web" },
          pulledBy: [{ accountId: otherAccountId, roleName: "shop-production-receive" }],
        }),
    ),
  volumes: () =>
    record(() => {
      const made = { mode: "create", vpcId: "vpc-1", subnetIds: ["subnet-1"] } as const;
      const fileSystem = new FileSystem("uploads", made);
      return new Service("web", web({ volumes: { uploads: { mountPath: "/data", fileSystem } } }));
    }),
  notifications: () =>
    record(
      () =>
        new Notifications(
          "shop",
          notifications({ slack: { workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" } }),
        ),
    ),
  messages: () =>
    record(() => {
      const { topicArn } = new Topic("orders", { topicName: "shop-orders" });
      return new Queue("orders", { queueName: "shop-orders", topic: { topicArn } });
    }),
  service: () => service(web({ secrets, repositoryArn, exec: true, cluster: withSessionKey })),
  auditTrail: () =>
    record(() => new AuditTrail("shop", { trailName: "shop", ofAccount: cluster.clusterArn })),
  logExport: () =>
    record(
      () =>
        new LogExport("shop", {
          ...{ exportName: "shop-logs", databaseName: "shop", logGroups: { web: "/shop/web" } },
          keyArn: stateKeyArn,
        }),
    ),
  shift: () => service(web({ deployment: { strategy: "blueGreen" } })),
  job: () =>
    record(
      () =>
        new Job(
          "report",
          job({ secrets, repositoryArn, schedule: { expression: "rate(1 hour)" } }),
        ),
    ),
  pullRequestRole: () =>
    record(() => new PullRequestRole("shop", pullRequestRole({ services: { web: { secrets } } }))),
  driftCheck: () => record(() => new DriftCheck("shop", driftCheck({ parts: optionalParts }))),
  pullRequestProject: () => record(() => new PullRequestProject("shop", pullRequestProject())),
  codestarProject: () =>
    record(
      () =>
        new PullRequestProject(
          "shop",
          pullRequestProject({ connectionArn: formerly(pullRequestProject().connectionArn) }),
        ),
    ),
};

/** Where resources have policies; those of a lifecycle are no policies of IAM. */
function policiesIn(example: string, { resources }: Recording<unknown>): MadePolicy[] {
  return resources.flatMap((resource): MadePolicy[] => {
    const { type, inputs } = resource;
    const isOfRole = type === "aws:iam/rolePolicy:RolePolicy" || type === "aws:iam/policy:Policy";
    return [
      ...policyIn(example, resource, inputs.policy, isOfRole ? "identity" : "resource"),
      ...policyIn(example, resource, inputs.assumeRolePolicy, "resource"),
    ];
  });
}

function policyIn(
  example: string,
  { type, name }: RecordedResource,
  text: unknown,
  kind: PolicyKind,
): MadePolicy[] {
  if (typeof text !== "string") return [];
  const document = JSON.parse(text) as PolicyDocument & { readonly rules?: unknown };
  return document.rules === undefined
    ? [{ name: `${example}, ${type} ${name}`, kind, document }]
    : [];
}
