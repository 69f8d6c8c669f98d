import { everyIpv4, everyIpv6 } from "../../../components/service/clients";
import { tasksNeedPublicIp } from "../../../components/network/taskPlacement";
import { leastTlsVersion } from "../aws/sslPolicies";
import { networkBits } from "../clientNetworks";
import type { EnvironmentConfig } from "../types";
import { where, type Rule } from "./rule";

/** Days that logs are kept at least: whoever looks into something hears of it a while later. */
const leastLogDays = 14;

/** Requests of one address in five minutes, beyond which a limit limits nobody: more than 300 a second. */
const mostRequestsPerIp = 100_000;

/** Network, hosts, load balancer, and what holds for all of an environment. */
export const environmentRules: readonly Rule[] = [
  {
    id: "public-tasks",
    key: "network.nat",
    danger: "`none`, without the endpoints that tasks start by",
    why: "each task has a public address, and a security group alone stands before it",
    safe: "set nat: single or perZone, or add ecr.api, ecr.dkr and logs to interfaceEndpoints",
    production: "refused",
    find: where(
      ["network", "nat"],
      ({ network }) => network.mode === "create" && tasksNeedPublicIp(network),
    ),
  },
  {
    id: "public-tasks-existing",
    key: "network.privateSubnetIds",
    danger: "an existing VPC without private subnets",
    why: "each task has a public address, and a security group alone stands before it",
    safe: "name privateSubnetIds with a way out",
    production: "refused",
    beside: ["natAddresses"],
    find: where(
      ["network", "privateSubnetIds"],
      ({ network }) =>
        network.mode === "existing" &&
        network.privateSubnetIds === undefined &&
        network.natAddresses === undefined,
    ),
  },
  {
    id: "single-nat",
    key: "network.nat",
    danger: "`single`",
    why: "with its zone, the tasks of all zones lose their way out",
    safe: "set nat: perZone",
    production: "told",
    find: where(
      ["network", "nat"],
      ({ network }) => network.mode === "create" && network.nat === "single",
    ),
  },
  {
    id: "no-flow-logs",
    key: "network.flowLogs",
    danger: "`false`",
    why: "after a break-in nobody can tell what was connected to what",
    safe: "set flowLogs: true",
    production: "refused",
    find: where(
      ["network", "flowLogs"],
      ({ network }) => network.mode === "create" && !network.flowLogs,
    ),
  },
  {
    id: "no-container-insights",
    key: "cluster.containerInsights",
    danger: "`disabled`",
    why: "nothing counts tasks that are missing, nor the memory that they have left",
    safe: "set containerInsights: enabled or enhanced",
    production: "told",
    find: where(
      ["cluster", "containerInsights"],
      ({ cluster }) => cluster.containerInsights === "disabled",
    ),
  },
  {
    id: "cluster-on-spot",
    key: "cluster.onDemandBase",
    danger: "0, with `capacity: fargateSpot`",
    why: "AWS may take all tasks of a service at once, with two minutes' notice",
    safe: "set onDemandBase: 1 or more",
    production: "refused",
    find: where(
      ["cluster", "onDemandBase"],
      ({ cluster }) => cluster.capacity === "fargateSpot" && cluster.onDemandBase === 0,
    ),
  },
  {
    id: "one-host",
    key: "cluster.ec2.maxInstances",
    danger: "1",
    why: "all tasks are on one host, and gone with it",
    safe: "set maxInstances: 2 or more",
    production: "refused",
    find: where(
      ["cluster", "ec2", "maxInstances"],
      ({ cluster }) => cluster.capacity === "ec2" && cluster.ec2.maxInstances === 1,
    ),
  },
  {
    id: "plain-http",
    key: "loadBalancer.domain",
    danger: "plain HTTP (neither `domain` nor `certificateArn`)",
    why: "whoever is between can read and change what is sent",
    safe: "set domain: { name: shop.example.com, zone: example.com }, or certificateArn",
    production: "refused",
    beside: ["certificateArn"],
    find: where(["loadBalancer", "domain"], (config) => {
      const { certificateArn, domain } = config.loadBalancer;
      return isMade(config) && certificateArn === undefined && domain === undefined;
    }),
  },
  {
    id: "old-tls",
    key: "loadBalancer.sslPolicy",
    danger: "a policy that speaks TLS 1.0 or 1.1",
    why: "RFC 8996 forbids them, and connections can be weakened to them",
    safe: "remove sslPolicy, or name one of TLS 1.2 or 1.3",
    production: "refused",
    staging: "told",
    find: where(["loadBalancer", "sslPolicy"], (config) => {
      const { certificateArn, domain, sslPolicy } = config.loadBalancer;
      const hasTls = certificateArn !== undefined || domain !== undefined;
      return isMade(config) && hasTls && ["1.0", "1.1"].includes(leastTlsVersion(sslPolicy) ?? "");
    }),
  },
  {
    id: "open-clients",
    key: "loadBalancer.allowedCidrs",
    danger: "everybody with `internal`, or a large part of the internet",
    why: "it reads as if somebody were kept out, and hardly anybody is",
    safe: "name the networks that connect, or remove allowedCidrs",
    production: "refused",
    find: where(["loadBalancer", "allowedCidrs"], (config) => {
      const { allowedCidrs, internal } = config.loadBalancer;
      const everybody = [everyIpv4, everyIpv6];
      return (
        isMade(config) &&
        allowedCidrs.some((network) => (everybody.includes(network) ? internal : isWide(network)))
      );
    }),
  },
  {
    id: "no-access-logs",
    key: "loadBalancer.accessLogs",
    danger: "`false`",
    why: "nobody can tell afterwards who asked for what",
    safe: "remove accessLogs, or name a bucket",
    production: "refused",
    find: where(
      ["loadBalancer", "accessLogs"],
      (config) => isMade(config) && config.loadBalancer.accessLogs === false,
    ),
  },
  {
    id: "short-access-logs",
    key: "loadBalancer.accessLogs.retentionDays",
    danger: `less than ${leastLogDays}`,
    why: "they are gone before somebody looks for what happened",
    safe: `set retentionDays: ${leastLogDays} or more`,
    production: "refused",
    find: where(["loadBalancer", "accessLogs", "retentionDays"], (config) => {
      const { accessLogs } = config.loadBalancer;
      return (
        isMade(config) &&
        accessLogs !== false &&
        "retentionDays" in accessLogs &&
        accessLogs.retentionDays < leastLogDays
      );
    }),
  },
  {
    id: "no-rate-limit",
    key: "loadBalancer.waf.requestsPerIp",
    danger: `more than ${mostRequestsPerIp}`,
    why: "one address may ask more than 300 times a second: the limit limits nobody",
    safe: "set requestsPerIp to what a person with several tabs needs, such as 2000",
    production: "told",
    find: where(["loadBalancer", "waf", "requestsPerIp"], (config) => {
      const { waf } = config.loadBalancer;
      return (
        isMade(config) &&
        waf !== undefined &&
        "requestsPerIp" in waf &&
        waf.requestsPerIp > mostRequestsPerIp
      );
    }),
  },
  {
    id: "short-logs",
    key: "logs.retentionDays",
    danger: `less than ${leastLogDays}`,
    why: "they are gone before somebody looks for what happened",
    safe: `set retentionDays: ${leastLogDays} or more`,
    production: "refused",
    find: where(["logs", "retentionDays"], ({ logs }) => logs.retentionDays < leastLogDays),
  },
  {
    id: "few-releases",
    key: "registry.keepReleases",
    danger: "less than 5",
    why: "after some bad releases in a row, the image of the good one is deleted",
    safe: "set keepReleases: 5 or more",
    production: "refused",
    find: where(["registry", "keepReleases"], ({ registry }) => registry.keepReleases < 5),
  },
  {
    id: "no-protection",
    key: "protection",
    danger: "`false`",
    why: "pulumi destroy, or a name that changes, deletes data and addresses without asking",
    safe: "set protection: true",
    production: "refused",
    find: where(["protection"], ({ protection }) => !protection),
  },
];

/** Whether there is a load balancer of the environment's own; what somebody else's is, its owner decides. */
function isMade({ loadBalancer, services }: EnvironmentConfig): boolean {
  return !loadBalancer.existing && Object.values(services).some(({ kind }) => kind === "web");
}

/** Whether a network is a large part of the internet. Bits have the family in front. */
function isWide(network: string): boolean {
  const bits = networkBits(network) ?? "";
  return bits.length - 1 < (bits.startsWith("6") ? 16 : 8);
}
