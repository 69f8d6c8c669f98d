import { meantHint } from "../../stacks/config/nearest";

/** The checks of `gantry doctor`, in the order of their worth. Without what they ask, so that help needs no AWS SDK. */
export const checkNames = [
  "account",
  "services",
  "secrets",
  "keys",
  "images",
  "certificates",
  "dns",
  "connection",
  "pipeline",
  "releases",
  "alarms",
  "quotas",
  "addresses",
  "parity",
  "tools",
] as const;

export type CheckName = (typeof checkNames)[number];

/** What is wrong with the name of a check, for whoever typed it; undefined where it is one. */
export function checkNameFault(given: string): string | undefined {
  if (checkNames.some((name) => name === given)) return undefined;
  return `${meantHint(given, checkNames)} There are ${checkNames.join(", ")}.`.trimStart();
}
