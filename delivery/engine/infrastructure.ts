import { DeliveryError } from "../errors";
import type { Target } from "../target";
import { shortType, type PlannedChange } from "./changes";
import { serviceTargets } from "./targets";

/**
 * Refuses a release whose program needs infrastructure that nobody has applied: a deployment changes task definitions and
 * services, and would leave all else out. New settings of those two are fine; an ECS service that is yet to be made, or
 * to be replaced, is not a release's to make.
 * @param changes of a preview of the whole stack with the release.
 * @throws DeliveryError naming each resource and what would change.
 */
export function refuseMissingInfrastructure(
  target: Target,
  releaseId: string,
  changes: readonly PlannedChange[],
): void {
  const missing = changes.filter((change) => !isDeployable(target, change));
  if (missing.length === 0) {
    return;
  }
  throw new DeliveryError(
    `release ${releaseId} needs infrastructure of ${target.stack} that nobody has applied: ${count(missing.length)}. ` +
      `Nothing was changed. Look at it and apply it, then run this again: pulumi up --stack ${target.stack}`,
    missing.map(describeChange),
  );
}

/** Such as `update aws:ec2:SecurityGroup shop-staging-web (ingress)`. */
export function describeChange({ op, type, name, properties }: PlannedChange): string {
  const which = properties.length > 0 ? ` (${properties.join(", ")})` : "";
  return `${op} ${shortType(type)} ${name}${which}`;
}

function isDeployable(target: Target, { urn, op }: PlannedChange): boolean {
  return Object.values(serviceTargets(target)).some(
    ({ taskDefinition, service }) =>
      (urn === taskDefinition && (op === "replace" || op === "update")) ||
      (urn === service && op === "update"),
  );
}

function count(resources: number): string {
  return resources === 1 ? "one resource" : `${resources} resources`;
}
