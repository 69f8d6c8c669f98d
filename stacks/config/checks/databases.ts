import type { Check } from "../checks";

/** A database or a cache is in subnets of two zones at least; without private ones, in the public ones, without a public address. */
export const checkDatabases: Check = (config, report) => {
  const { network, databases, caches } = config;
  const names = Object.keys({ ...databases, ...caches }).join(", ");
  if (names === "" || network.mode !== "existing") return;
  if (network.privateSubnetIds?.length !== 1) return;
  report({
    path: ["network", "privateSubnetIds"],
    allowed: `two at least, in two zones, where ${names} are`,
    fix: "name another private subnet of the VPC, of another zone",
  });
};
