import { otherWay, same } from "../outcome";
import { isLost, isOtherWay, type At, type Table } from "../rules";

const inResources = "make it in resources.ts, or outside of Gantry";

/** An environment's manifest. */
export const environmentTable: Table = {
  name: isOtherWay("the stack's name"),
  type: isOtherWay("a stack file"),
  "network.vpc.id": (at) => {
    top(at, ["network", "mode"], "existing");
    return top(at, ["network", "vpcId"], at.value);
  },
  "network.vpc.cidr": (at) => top(at, ["network", "cidr"], at.value),
  "network.vpc.subnets.public": subnets("publicSubnetIds"),
  "network.vpc.subnets.private": subnets("privateSubnetIds"),
  "network.vpc.security_group.**": isLost(
    "security groups are closed but for what a service needs",
    inResources,
  ),
  "network.vpc.flow_logs": (at) =>
    typeof at.value === "boolean" ? top(at, ["network", "flowLogs"], at.value) : undefined,
  "network.vpc.flow_logs.retention": isLost(
    "flow logs are kept as long as other logs",
    "set gantry:logs.retentionDays",
  ),
  "cdn.**": isLost("there is no CloudFront", inResources),
  "http.public.certificates": certificates,
  "http.public.access_logs": (at) =>
    typeof at.value === "boolean" ? top(at, ["loadBalancer", "accessLogs"], at.value) : undefined,
  "http.public.access_logs.bucket_name": (at) =>
    top(at, ["loadBalancer", "accessLogs", "bucket"], at.value),
  "http.public.access_logs.prefix": (at) =>
    at.beside("http", "public", "access_logs", "bucket_name") === undefined
      ? otherWay("the environment's own bucket has nothing but its logs")
      : top(at, ["loadBalancer", "accessLogs", "prefix"], at.value),
  "http.public.ssl_policy": (at) => top(at, ["loadBalancer", "sslPolicy"], at.value),
  "http.public.ingress.cdn": isLost(
    "there is no CloudFront",
    "set gantry:loadBalancer.allowedPrefixLists to the region's id of com.amazonaws.global.cloudfront.origin-facing",
  ),
  "http.public.ingress.source_ips": (at) => top(at, ["loadBalancer", "allowedCidrs"], at.value),
  "http.public.security_groups.**": isLost(
    "the load balancer has a group of its own",
    "set gantry:loadBalancer.allowedCidrs",
  ),
  "http.private.certificates": certificates,
  "http.private.ingress.vpc": isOtherWay("whoever is in the network reaches it, always"),
  "http.private.ssl_policy": (at) => top(at, ["loadBalancer", "sslPolicy"], at.value),
  "http.private.subnets.**": isLost(
    "it is in the network's private subnets",
    "name these as gantry:network: { mode: existing, privateSubnetIds }",
  ),
  "observability.container_insights": (at) =>
    top(at, ["cluster", "containerInsights"], at.value === true ? "enabled" : "disabled"),
};

/** Of both load balancers, which have the same ones here: the first for clients that ask for no name. */
function certificates({ draft, node, value }: At) {
  const given: unknown[] = Array.isArray(value) ? value : [value];
  const [own, others] = [
    ["loadBalancer", "certificateArn"],
    ["loadBalancer", "certificateArns"],
  ];
  if (draft.get(own) === undefined) draft.set(own, given.at(0), node);
  const known = [draft.get(own), ...((draft.get(others) ?? []) as unknown[])];
  const further = given.filter(
    (arn, index) => !known.includes(arn) && given.indexOf(arn) === index,
  );
  if (further.length === 0) return same(own.join("."));
  draft.extend(others, [...known.slice(1), ...further], node);
  return same(others.join("."));
}

/** Writes beside the services. */
export function top({ draft, node }: At, path: readonly string[], value: unknown) {
  draft.set(path, value, node);
  return same(path.join("."));
}

function subnets(key: string) {
  return (at: At) => {
    const ids = Array.isArray(at.value)
      ? at.value.map((each: unknown) =>
          typeof each === "object" && each !== null && "id" in each ? each.id : undefined,
        )
      : [];
    if (ids.length > 0 && !ids.includes(undefined)) {
      top(at, ["network", "mode"], "existing");
      return top(at, ["network", key], ids);
    }
    return otherWay("Gantry divides network.cidr itself, by network.zones");
  };
}
