import { appContainer } from "../../../contract/containers";
import type { Check, Report } from "../checks";
import { containersOf } from "../containers";
import { literals } from "../own";
import type { Path } from "../path";

/** The six characters that AWS puts behind the name of a secret in its ARN. */
const wholeArn = /:secret:[^:]+-[A-Za-z0-9]{6}(:|$)/;

/**
 * ARNs of secrets that tasks and builds could not read. ECS reads them in whatever region they are; builds ask their own. Which
 * account they may be of, only AWS knows: `foreignArns.ts`.
 */
export const checkSecretPlaces: Check = ({ pipeline, region, services }, report) => {
  const containers = Object.entries(services).flatMap(([service, config]) =>
    containersOf(config).map((container) => ({
      ...container,
      path: ["services", service, ...container.path],
      // Another service's are told of that one.
      isOthers: container.name === appContainer && config.imageOf !== undefined,
    })),
  );
  for (const { secrets, build, path: place, isOthers } of containers) {
    for (const [variable, reference] of Object.entries(literals(secrets))) {
      const path = [...place, "secrets", variable];
      checkArn(reference, path, report);
    }
    for (const [id, reference] of Object.entries(isOthers ? {} : (build?.secrets ?? {}))) {
      checkPlace(reference, [...place, "build", "secrets", id], region, report);
    }
  }
  for (const key of ["accessTokenSecret", "passphraseSecret"] as const) {
    const reference = pipeline?.state[key];
    if (reference === undefined) continue;
    checkPlace(reference, ["pipeline", "state", key], region, report);
  }
};

function checkPlace(reference: string, path: Path, region: string | undefined, report: Report) {
  const place = regionOf(reference);
  if (place !== undefined && region !== undefined && place !== region) {
    report({
      path,
      given: `a secret in ${place}`,
      allowed: `secrets in ${region}, where the builds are`,
      fix: `replicate it to ${region}, or name one that is there`,
    });
  }
  checkArn(reference, path, report);
}

/** The region that a secret's ARN says; undefined for a name, which is one of the stack's own region. */
export function regionOf(reference: string): string | undefined {
  const [arn, , , place] = reference.split(":");
  return arn === "arn" ? place : undefined;
}

function checkArn(reference: string, path: Path, report: Report) {
  if (/^arn:[^:]+:secretsmanager:/.test(reference) && !wholeArn.test(reference)) {
    const name = /:secret:([^:]+)/.exec(reference)?.[1] ?? "its name";
    report({
      path,
      given: "a part of an ARN",
      allowed:
        "the whole ARN, with the six characters that AWS puts behind the name: roles match no part of it",
      fix: `name it ${name}, or copy its ARN from Secrets Manager`,
    });
  }
}
