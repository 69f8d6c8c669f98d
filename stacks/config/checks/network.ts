import { overlaps } from "../../../components/network/cidr";
import { secretStoreEndpoints, tasksNeedPublicIp } from "../../../components/network/taskPlacement";
import { secretStore } from "../../../components/service/secretReference";
import type { Check, Report } from "../checks";
import { readCidr } from "../cidrText";
import { networkBits } from "../clientNetworks";
import { cited, quotas as starting } from "../limits";
import { containersOf } from "../containers";
import { literals } from "../own";
import type { Path } from "../path";
import { regionOf } from "./secretPlaces";
import { reaching } from "../uses";
import type { CreatedNetworkConfig, EnvironmentConfig, ExistingNetworkConfig } from "../types";

export const checkNetwork: Check = (config, report) => {
  const { network, quotas } = config;
  if (network.mode === "create") {
    checkCreated(network, report);
    checkEndpointCount(network, quotas, report);
    checkSecretsReachable(network, config, report);
    return;
  }
  checkExisting(network, report);
};

function checkCreated(
  { cidr, peerCidrs, interfaceEndpoints }: CreatedNetworkConfig,
  report: Report,
) {
  const vpc = readCidr(cidr);
  const peersPath = ["network", "peerCidrs"];
  peerCidrs.forEach((text, index) => {
    const peer = readCidr(text);
    if (vpc && peer && overlaps(vpc, peer)) {
      report({
        path: [...peersPath, index],
        allowed: `a network that does not overlap the VPC's ${cidr}`,
        fix: "set network.cidr to one that no peer has; two networks that overlap cannot be connected",
        reads: [["network", "cidr"]],
      });
    }
  });
  reportOverlaps(peerCidrs, peersPath, report);
  interfaceEndpoints.forEach((endpoint, index) => {
    if (interfaceEndpoints.indexOf(endpoint) === index) return;
    const path = ["network", "interfaceEndpoints", index];
    report({ path, allowed: "each service once", fix: `remove one ${endpoint}` });
  });
}

function checkEndpointCount(
  { interfaceEndpoints }: CreatedNetworkConfig,
  { interfaceEndpointsPerVpc: most }: EnvironmentConfig["quotas"],
  report: Report,
) {
  if (interfaceEndpoints.length <= most) return;
  report({
    path: ["network", "interfaceEndpoints"],
    given: `${interfaceEndpoints.length} services`,
    allowed: `at most ${most} interface endpoints of a VPC ${cited(starting.interfaceEndpointsPerVpc)}`,
    fix: "leave out what tasks seldom call, or set quotas.interfaceEndpointsPerVpc to what AWS has granted",
    reads: [["quotas", "interfaceEndpointsPerVpc"]],
  });
}

/** Tasks that stay private without a gateway start only where they can read their secrets. */
function checkSecretsReachable(
  network: CreatedNetworkConfig,
  config: EnvironmentConfig,
  report: Report,
) {
  if (network.nat !== "none" || tasksNeedPublicIp(network)) return;
  const { region, services } = config;
  const reaches = reaching(config);
  const containers = Object.entries(services).flatMap(([service, config]) =>
    containersOf(config).map((container) => ({ service, ...container })),
  );
  for (const { service, path, secrets } of containers) {
    for (const [variable, reference] of Object.entries(literals(secrets))) {
      const place = regionOf(reference);
      if (place !== undefined && region !== undefined && place !== region) {
        report({
          path: ["services", service, ...path, "secrets", variable],
          given: `a secret in ${place}`,
          allowed: `secrets in ${region}: endpoints of the VPC lead to no other region, and tasks have no gateway`,
          fix: `replicate it to ${region}, or set network.nat: single`,
          reads: [["network", "nat"]],
        });
        continue;
      }
      const endpoint = secretStoreEndpoints[secretStore(reference)];
      if (network.interfaceEndpoints.includes(endpoint)) continue;
      report({
        path: ["services", service, ...path, "secrets", variable],
        given: "a secret that tasks without a gateway cannot read",
        allowed: `secrets whose store has an interface endpoint; ${endpoint} has none`,
        fix: `add ${endpoint} to network.interfaceEndpoints, or set network.nat: single`,
        reads: [["network", "interfaceEndpoints"]],
      });
    }
  }
  // Passwords of databases and caches, which no service names.
  const { secretsManager } = secretStoreEndpoints;
  if (network.interfaceEndpoints.includes(secretsManager)) return;
  for (const [service, { uses }] of Object.entries(services).filter(([, each]) => reaches(each))) {
    report({
      path: ["services", service, "uses"],
      given: uses.join(", "),
      allowed: `nothing with a password that tasks without a gateway cannot read; ${secretsManager} has no interface endpoint`,
      fix: `add ${secretsManager} to network.interfaceEndpoints, or set network.nat: single`,
      reads: [["network", "interfaceEndpoints"]],
    });
  }
}

/** Reports each network of a list that overlaps one before it, which means that one contains the other. */
export function reportOverlaps(texts: readonly string[], path: Path, report: Report): void {
  const networks = texts.map(networkBits);
  networks.forEach((network, index) => {
    if (network === undefined) return;
    const earlier = networks.findIndex(
      (other, before) =>
        before < index &&
        other !== undefined &&
        (network.startsWith(other) || other.startsWith(network)),
    );
    if (earlier < 0) return;
    const inner = network.length < (networks[earlier] ?? "").length ? earlier : index;
    report({
      path: [...path, index],
      allowed: `networks that do not overlap; ${texts[earlier]} does`,
      fix: `remove ${texts[inner]}, which the other contains`,
    });
  });
}

function checkExisting(network: ExistingNetworkConfig, report: Report) {
  const lists = ["publicSubnetIds", "privateSubnetIds"] as const;
  const publicIds = network.publicSubnetIds ?? [];
  const privateIds = network.privateSubnetIds ?? [];
  for (const key of lists) {
    if (network.vpcId !== undefined || network[key] === undefined) continue;
    report({
      path: ["network", key],
      allowed: "nothing without vpcId: the default VPC's subnets are used",
      fix: `add the vpcId of these subnets, or remove ${key}`,
      reads: [["network", "vpcId"]],
    });
  }
  [...publicIds, ...privateIds].forEach((id, index, ids) => {
    if (ids.indexOf(id) === index) return;
    const isPublic = index < publicIds.length;
    const path = ["network", isPublic ? lists[0] : lists[1]];
    report({
      path: [...path, isPublic ? index : index - publicIds.length],
      allowed: "each subnet once, public or private",
      fix: `remove one ${id}`,
    });
  });
}
