import { lost, otherWay, type Outcome } from "../outcome";
import { isLost, type Rule, type Table } from "../rules";
import { below } from "../source";
import { isOnlyTls } from "./bucketAddon";

const toResources =
  "make the resource in resources.ts, and give its outputs to services by { from: name }; data that is in it stays where it is";

const cache = lost(
  "addons are CloudFormation",
  "write it below gantry:caches, with uses: [name] of the service, which gets NAME_HOST and more; it begins empty",
);

const database = lost(
  "addons are CloudFormation, and its data stays in the database that is there",
  "write it below gantry:databases, with uses: [name] of the service, which gets NAME_HOST and more; restore it from a dump",
);

const bucket = (events = "") =>
  lost(
    "addons are CloudFormation, and its objects stay in the bucket that is there",
    `write gantry:buckets: { name: {} } and uses: [name] of the service, which gets NAME_BUCKET${events}; copy with aws s3 sync`,
  );

const notifying = bucket(
  ", and subscribes: { name: { bucket: name } } of the one that takes its events, which gets a queue",
);

/** What of an addon config has a word for, by the type that CloudFormation knows it by. */
const known: Readonly<Record<string, Outcome>> = {
  "AWS::S3::Bucket": bucket(),
  "AWS::ElastiCache::CacheCluster": cache,
  "AWS::ElastiCache::ReplicationGroup": cache,
  "AWS::ElastiCache::ServerlessCache": cache,
  "AWS::ElastiCache::SubnetGroup": otherWay("a cache of gantry:caches is in private subnets"),
  "AWS::RDS::DBCluster": database,
  "AWS::RDS::DBInstance": database,
  "AWS::RDS::DBSubnetGroup": otherWay("a database of gantry:databases is in private subnets"),
  "AWS::RDS::DBClusterParameterGroup": otherWay("a database of gantry:databases has its own"),
};

/** What a resource is made of is lost, or done another way, with the resource. */
const byType: Rule = ({ node }) => {
  const type = String(below(node, "Type")?.value);
  if (type === "AWS::S3::Bucket" && below(node, "Properties", "NotificationConfiguration")) {
    return notifying;
  }
  if (Object.hasOwn(known, type)) return known[type];
  if (type === "AWS::S3::BucketPolicy" && isOnlyTls(node)) {
    return otherWay("a bucket of gantry:buckets talks TLS alone, by its policy");
  }
  const resources = [...(node.children?.values() ?? [])];
  const holdsKnown = resources.some((each) =>
    Object.hasOwn(known, String(below(each, "Type")?.value)),
  );
  return holdsKnown ? undefined : lost("addons are CloudFormation", toResources);
};

/** A CloudFormation template of an addon, and its parameters. */
export const addonTable: Table = {
  "**": byType,
};

/** Patches of the CloudFormation that Copilot makes. */
export const patchTable: Table = {
  "**": isLost(
    "patches change CloudFormation that is no more",
    "write environment({ transform }) in index.ts, where config has no key",
  ),
};

export const workspaceTable: Table = {
  application: ({ draft, node, value }) => {
    draft.set(["name"], value, node);
    return { became: "same", to: "name" };
  },
  "**": isLost("not known", "look up what it does"),
};
