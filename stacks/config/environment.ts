import { z } from "zod";
import { bucketsSchema } from "./buckets";
import { cachesSchema } from "./caches";
import { clusterSchema } from "./cluster";
import { databasesSchema } from "./databases";
import { driftSchema } from "./drift";
import { encryptionKeySchema } from "./encryptionKey";
import { kinds, type Kind, type StackDefaults } from "./defaults";
import { trailSchema } from "./audit";
import { choice, flag, section, text, unlimited, wholeNumber } from "./fields";
import { loadBalancerSchema } from "./loadBalancer";
import { logExportSchema } from "./logExport";
import { networkSchema } from "./network";
import { notifySchema } from "./notify";
import { environmentAlarmsSchema } from "./observability";
import { postureSchema } from "./posture/schema";
import { pipelineSchema } from "./pipeline";
import { pullRequestsSchema } from "./pullRequests";
import { quotasSchema } from "./quotas";
import { pullThroughSchema } from "./registry";
import { servicesSchema } from "./service";
import type { Capacity } from "./size";
import { tagsSchema } from "./tags";

/** What CloudWatch Logs takes as a retention, in days. Source: PutRetentionPolicy. */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** Everything under `gantry:`. */
export function environmentSchema(
  kind: Kind,
  defaults: StackDefaults,
  project: string,
  capacity: Capacity,
) {
  return section({
    /** Whose defaults the stack has. Default: its name, where that is one of them. */
    kind: choice(kinds).default(kind),
    /** The product; with the stack it begins every name. Default: the Pulumi project's name. */
    name: text(allowedName, nameFault).default(project),
    network: networkSchema(defaults.network).prefault({}),
    cluster: clusterSchema(defaults.cluster).prefault({}),
    loadBalancer: loadBalancerSchema().prefault({}),
    logs: section({
      /** How long logs are kept. Default: 14; in production 365. */
      retentionDays: retention().default(defaults.logs.retentionDays),
      /** Whether and for how long everything that is logged is also kept in S3. Default: `false`. */
      export: logExportSchema().default(false),
    }).prefault({}),
    audit: section({
      /** Whether CloudTrail records who does what: where nothing else does so already, or `always`. Default: no. */
      trail: trailSchema().default(false),
      /** Whether each access to objects of the environment's buckets is recorded, too; with `trail`. Default: no. */
      dataEvents: flag().default(false),
      /** Days after which a record of the trail expires, 1 or more. Default: 365. */
      retentionDays: wholeNumber(1, unlimited).default(365),
    }).prefault({}),
    registry: section({
      /** Images of releases kept in each repository, 1 to 500. Default: 20; in production 50. */
      keepReleases: wholeNumber(1, 500).default(defaults.registry.keepReleases),
      /** Whether builds of the pipeline keep their layers in the repositories for those after them. Default: yes. */
      layerCache: flag().default(true),
      /** Prefixes of pull through cache rules of the account and region, from which builds may pull. Default: none. */
      pullThrough: pullThroughSchema().default([]),
    }).prefault({}),
    /** Whether data and names are protected against deletion. Default: no; in production yes. */
    protection: flag().default(defaults.protection),
    /** What everything is tagged with, as `{ team: shop }`, beside `gantry:name` and `gantry:stack`. Default: nothing else. */
    tags: tagsSchema().default({}),
    /** ARN of the managed policy that bounds every role of the environment, also own resources'. Default: none. */
    permissionsBoundary: text(
      "the ARN of a managed policy such as arn:aws:iam::123456789012:policy/boundary",
      /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/,
      "write it as arn:aws:iam::123456789012:policy/boundary",
    ).optional(),
    /** Alarms of everything, and who is told of the budget; `false` for none. Default: none; in production some of each. */
    alarms: environmentAlarmsSchema(defaults.alarms),
    /** Whether CloudWatch has a dashboard of it. Default: no; in production yes. */
    dashboard: flag().default(defaults.dashboard),
    /** ARN of the KMS key that encrypts logs, images, messages and data, but the pipeline's; `aws` for AWS's own. Default: one is made. */
    encryptionKeyArn: encryptionKeySchema().optional(),
    /** What services keep in S3, by name. Default: none. */
    buckets: bucketsSchema().default({}),
    /** Caches that services use, by name. Default: none. */
    caches: cachesSchema(defaults.cache).default({}),
    /** Databases that services use, by name. Default: none. */
    databases: databasesSchema(defaults.database).default({}),
    services: servicesSchema(defaults.service, capacity).prefault({}),
    quotas: quotasSchema().prefault({}),
    /** What is dangerous and wanted, with the reason. Default: nothing. */
    posture: postureSchema().prefault({}),
    /** Who is told what happens. Default: nobody. */
    notify: notifySchema().optional(),
    /** Default: no pipeline. */
    pipeline: pipelineSchema(defaults.pipeline).optional(),
    /** Default: no role for pull requests. */
    pullRequests: pullRequestsSchema().optional(),
    /** When it is compared with what was applied. Default: not; in production with a pipeline every day. */
    drift: driftSchema().optional(),
  });
}

export const allowedName = "lower-case letters, digits and single hyphens, a letter first";

export const plainName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The nearest name that fits. */
export function plain(given: string): string {
  const words = given
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  return words.replace(/^[^a-z]+|-$/g, "");
}

export function nameFault(given: string): string | undefined {
  if (plainName.test(given)) return undefined;
  const fixed = plain(given);
  return plainName.test(fixed) ? `write ${fixed}` : "write it as shop or web-shop";
}

function retention() {
  const error = "a retention that CloudWatch Logs has";
  return z.int({ error }).superRefine((given, context) => {
    if (retentionDays.includes(given)) return;
    const longer = retentionDays.find((days) => days > given) ?? retentionDays.at(-1);
    context.addIssue({
      code: "custom",
      message: `${retentionDays.slice(0, -1).join(", ")} or ${retentionDays.at(-1)}`,
      params: { fix: `set retentionDays: ${longer}` },
    });
  });
}
