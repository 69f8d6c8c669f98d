import { containersOf } from "../../../stacks/config/containers";
import type { ServiceConfig } from "../../../stacks/config";
import type { Target } from "../../../delivery/target";
import type { Check, Finding } from "../check";

/** Whether the environment before this one, or behind it, has the same services, secrets and variables: by config alone. */
export const parityCheck: Check = {
  name: "parity",
  title: "the other environment's config",
  run: ({ target, others }) => {
    const partners = partnersOf(target, others);
    return Promise.resolve({
      well:
        partners.length === 0
          ? "releases go to and come from no other environment of this folder"
          : `the same services, secrets and variables as ${partners.map(({ stack }) => stack).join(", ")}`,
      findings: partners.flatMap((partner) => parityFindings(target, partner)),
    });
  },
};

type Side = Pick<Target, "stack" | "config">;

/** The environments that hand releases over to this one, or get them from it. */
export function partnersOf<T extends Side>(target: Side, others: readonly T[]): T[] {
  return others.filter(
    (other) =>
      other.config.name === target.config.name &&
      (other.config.pipeline?.promoteTo?.stack === target.stack ||
        target.config.pipeline?.promoteTo?.stack === other.stack),
  );
}

/** What the other environment has and this one lacks, or has otherwise, where a release of both would meet it. */
export function parityFindings({ stack, config }: Side, other: Side): Finding[] {
  const file = `Pulumi.${stack}.yaml`;
  const [own, theirs] = [config.services, other.config.services];
  const missing = Object.keys(theirs)
    .filter((name) => !Object.hasOwn(own, name))
    .map((name): Finding => ({
      severity: "warning",
      where: `services.${name}`,
      what: `${other.stack} has it, and ${stack} does not: a release of both is refused where its images are not those of the services`,
      fix: `add it to ${file}, or take it out of Pulumi.${other.stack}.yaml`,
    }));
  const both = Object.keys(theirs).filter((name) => Object.hasOwn(own, name));
  return [...missing, ...both.flatMap((name) => serviceFindings(name))];

  function serviceFindings(name: string): Finding[] {
    const [here, there] = [own[name], theirs[name]];
    const where = `services.${name}`;
    const findings: Finding[] = [];
    if (here.architecture !== there.architecture) {
      findings.push({
        severity: "error",
        where: `${where}.architecture`,
        what: `it is ${here.architecture} in ${stack} and ${there.architecture} in ${other.stack}: one image is built for both`,
        fix: "set the same architecture in both",
      });
    }
    for (const [path, keys] of Object.entries(keysOf(there))) {
      for (const key of keys.filter((one) => !keysOf(here)[path]?.includes(one))) {
        const isSecret = path.endsWith("secrets");
        findings.push({
          severity: isSecret ? "warning" : "note",
          where: `${where}.${path}.${key}`,
          what: `${other.stack} has it, and ${stack} does not`,
          fix: `add it to ${file}, where the service needs it there too`,
        });
      }
    }
    return findings;
  }
}

/** The names of a service's secrets and variables, by where config has them. A variable of one may be a secret of the other. */
function keysOf(service: ServiceConfig): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    containersOf(service).flatMap(({ path, secrets, environment }) => {
      const place = (last: string) => [...path, last].join(".");
      return [
        [place("secrets"), Object.keys(secrets)],
        [place("environment"), Object.keys(environment)],
      ] as const;
    }),
  );
}
