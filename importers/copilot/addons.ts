import { isRecord } from "../../contract/record";
import { isVolumeName } from "../../stacks/config/volumes";
import { plain } from "../../stacks/config/environment";
import { usedVariable } from "../../stacks/config/uses";
import type { Addon } from "../addon";
import type { Draft } from "../draft";
import { lost, otherWay, type Outcome } from "../outcome";
import { isOtherWay, type At, type Rule } from "../rules";
import type { SourceNode } from "../source";
import { number } from "../values";
import { isUnsaid } from "./addonProperties";
import { isOfBucket, isSaidOfBucket, keepVersionDays } from "./bucketAddon";
import { Template, type Resource } from "./template";

const groups = ["AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"];

/** Each form: the resource that says what it is, those beside it that Gantry makes by itself, and what to read. */
const forms: readonly {
  readonly main: RegExp;
  readonly beside: readonly string[];
  readonly read: (
    template: Template,
    main: Resource,
  ) => Omit<Addon, "root" | "exports"> | undefined;
}[] = [
  {
    main: /^AWS::RDS::DBCluster$/,
    beside: [
      ...["AWS::RDS::DBSubnetGroup", "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBInstance"],
      ...["AWS::SecretsManager::Secret", "AWS::SecretsManager::SecretTargetAttachment"],
    ],
    read: database,
  },
  {
    main: /^AWS::ElastiCache::(?:ReplicationGroup|CacheCluster|ServerlessCache)$/,
    beside: ["AWS::ElastiCache::SubnetGroup"],
    read: cache,
  },
  {
    main: /^AWS::EFS::FileSystem$/,
    beside: ["AWS::EFS::MountTarget", "AWS::EFS::AccessPoint"],
    read: files,
  },
  {
    main: /^AWS::S3::Bucket$/,
    beside: ["AWS::S3::BucketPolicy", "AWS::IAM::ManagedPolicy"],
    read: bucket,
  },
];

/**
 * Reads the template of an addon: Aurora Serverless v2 as `copilot storage init` writes it, a cache of ElastiCache, a file system
 * of EFS, or a bucket of S3, with nothing beside it but what they need.
 * @returns undefined where it is of another form, or leaves out what config asks for.
 */
export function readAddon(
  root: SourceNode,
  given: Readonly<Record<string, string | undefined>>,
): Addon | undefined {
  const template = new Template(root, given);
  for (const { main, beside, read } of forms) {
    const [found, another] = template.resources.filter(({ type }) => main.test(type));
    if (found === undefined || another !== undefined) continue;
    const others = template.resources.filter((resource) => resource !== found);
    if (!others.every(({ type }) => [...beside, ...groups].includes(type))) return undefined;
    const addon = read(template, found);
    return addon && { ...addon, root, exports: template.exports };
  }
  return undefined;
}

function nameOf({ name }: Resource, ends: RegExp): string {
  return plain(name.replace(ends, "")) || plain(name);
}

function database(template: Template, cluster: Resource) {
  const of = (...keys: string[]) => template.property(cluster, ...keys);
  const [, engine] = /^aurora-(mysql|postgres)(?:ql)?$/.exec(String(of("Engine"))) ?? [];
  const scaling = "ServerlessV2ScalingConfiguration";
  const [min, max] = [number(of(scaling, "MinCapacity")), number(of(scaling, "MaxCapacity"))];
  // Of MySQL AWS names the version of MySQL, and behind it Aurora's own.
  const [version] = /^\d+(?:\.\d+)?/.exec(String(of("EngineVersion"))) ?? [];
  const instances = template.resources.filter(({ type }) => type === "AWS::RDS::DBInstance");
  const classes = instances.map((each) => template.property(each, "DBInstanceClass"));
  if (engine === undefined || version === undefined || min === undefined || max === undefined) {
    return undefined;
  }
  if (classes.some((each) => each !== "db.serverless")) return undefined;
  const databaseName = of("DatabaseName");
  const backupDays = number(of("BackupRetentionPeriod"));
  return {
    section: "databases" as const,
    name: nameOf(cluster, /(?:DB)?Cluster$/),
    value: {
      ...{ engine, version, serverless: { min, max }, standby: instances.length > 1 },
      ...(typeof databaseName === "string" ? { databaseName } : {}),
      ...(backupDays === undefined ? {} : { backupDays }),
    },
  };
}

function cache(template: Template, main: Resource) {
  const of = (key: string) => template.property(main, key);
  const isServerless = main.type.endsWith("ServerlessCache");
  const version = textOf(of(isServerless ? "MajorEngineVersion" : "EngineVersion"));
  const node = of("CacheNodeType");
  if (version === undefined || (!isServerless && typeof node !== "string")) return undefined;
  const standby = (number(of("NumCacheClusters")) ?? 1) > 1;
  return {
    section: "caches" as const,
    name: nameOf(main, /(?:ReplicationGroup|ServerlessCache|CacheCluster|Cluster|Cache)$/),
    value: {
      ...{ engine: of("Engine") ?? "redis", version },
      ...(isServerless ? { serverless: {} } : { node, ...(standby ? { standby } : {}) }),
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function files(template: Template, main: Resource) {
  const points = template.resources.filter(({ type }) => type === "AWS::EFS::AccessPoint");
  const name = nameOf(main, /(?:FileSystem|EFS)$/i);
  if (points.length > 1 || !isVolumeName(name)) return undefined;
  const [uid, gid] = ["Uid", "Gid"].map((key) =>
    points.length === 0 ? 0 : number(template.property(points[0], "PosixUser", key)),
  );
  return {
    section: "volumes" as const,
    name,
    value: { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) },
  };
}

function bucket(template: Template, main: Resource) {
  const policies = template.resources.filter(({ type }) => type === "AWS::IAM::ManagedPolicy");
  // Of `uses` a role may do nothing beside.
  if (!policies.every((policy) => isOfBucket(main, policy))) return undefined;
  const days = keepVersionDays(template, main);
  return {
    section: "buckets" as const,
    name: nameOf(main, /Bucket$/),
    value: days === undefined ? {} : { keepVersionDays: days },
  };
}

/** Writes what an addon becomes, and says so of its whole template. */
export function addonRule({ section, name, value, root }: Addon, owner: string | undefined): Rule {
  return ({ draft, node }) => {
    // Every value has a row of its own: some are of what config has no word for.
    if (node.children?.size) return undefined;
    if (isUnsaid(node, root) && !(section === "buckets" && isSaidOfBucket(node, root))) {
      return section === "buckets" ? bucketLost(node, name) : settingLost(section);
    }
    if (section === "volumes") {
      return draft.assignments.some(({ path }) => path[2] === section && path[3] === name)
        ? otherWay(`the volume ${name}, which services share: new and empty, copy the files`)
        : lost("no service mounts it by its export", `write volumes.${name} of those that do`);
    }
    draft.set([section, name], value, root);
    if (owner !== undefined) use(draft, owner, name, root);
    return otherWay(becomes[section](name));
  };
}

function settingLost(section: Addon["section"]): Outcome {
  return lost(
    `gantry:${section} has no such setting`,
    "look whether the program needs it: all others are Gantry's",
  );
}

function bucketLost({ path }: SourceNode, name: string): Outcome {
  if (path.includes(".Properties.NotificationConfiguration.")) {
    return lost(
      "a bucket tells queues of services alone",
      `write subscribes: { ${name}: { bucket: ${name} } } of the service that takes its events, with events, prefix and suffix: it gets a queue`,
    );
  }
  return path.includes(".PolicyDocument.")
    ? lost(
        "services that use a bucket read, write and delete its objects, and nobody else reaches it",
        "write permissions of the service for more, or make the bucket in resources.ts with a policy of its own",
      )
    : lost(
        "of buckets it is not read",
        `look whether it is needed: gantry:buckets.${name} may say keepVersionDays, expireDays and cors`,
      );
}

/** By section, what an addon is from now on. */
const becomes = {
  buckets: (name: string) =>
    `gantry:buckets.${name}, new and empty: copy with aws s3 sync. Services that use it read ${usedVariable(name, "BUCKET")}, and may use its objects by themselves`,
  caches: (name: string) =>
    `gantry:caches.${name}, new and empty, with TLS and a password: services that use it read ${usedVariable(name, "HOST")} and more`,
  databases: (name: string) =>
    `gantry:databases.${name}, new and empty: restore a dump. Services that use it read ${usedVariable(name, "HOST")} and more, in place of one secret in JSON`,
};

/** What Copilot hands to the templates beside it, where each of these became something. */
export function parametersRule({ file }: SourceNode, { addons }: Draft): Rule | undefined {
  const [, folder] = /^(.*\/)addons\.parameters\.ya?ml$/.exec(file) ?? [];
  return folder !== undefined && addons.some(({ root }) => root.file.startsWith(folder))
    ? isOtherWay("network and names, which Gantry knows")
    : undefined;
}

function use(draft: Draft, service: string, name: string, from: SourceNode): void {
  const path = ["services", service, "uses"];
  const before = draft.get(path);
  const names = Array.isArray(before) ? (before as string[]) : [];
  if (!names.includes(name)) draft.extend(path, [...names, name], from);
}

/** What an addon of this import has exported by the name that a field says; undefined where it is no such name. */
export function exportedTo({ draft }: Pick<At, "draft">, name: unknown): Addon | undefined {
  return typeof name === "string"
    ? draft.addons.find(({ exports }) => exports.includes(name))
    : undefined;
}

/** A variable, secret or group that comes of an addon: its service uses what it has. */
export function fromAddon(otherwise: Rule): Rule {
  return (at): Outcome | undefined => {
    const addon = exportedTo(at, at.value);
    if (addon === undefined) return otherwise(at);
    if (addon.section === "volumes") return isOtherWay("tasks that mount a volume reach it")(at);
    use(at.draft, at.service, addon.name, at.node);
    return otherWay(`uses ${addon.name}, which says where it is and lets the service in`);
  };
}

/** The addon whose file system a volume is on; undefined where it is none of this import. */
export function fileSystemOf(at: At, id: unknown): Addon | undefined {
  const addon = isRecord(id) ? exportedTo(at, id.from_cfn) : undefined;
  return addon?.section === "volumes" ? addon : undefined;
}
