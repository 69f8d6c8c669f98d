import { DeliveryError } from "../errors";

/** One thing that keeps a release from being deployed. */
export interface PreflightFault {
  /** What it is about, such as `services.web`. */
  readonly where: string;
  /** What is wrong there. */
  readonly fault: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** What to do. */
  readonly fix: string;
}

/** Every fault at once, each with what to do. */
export function refusal(
  releaseId: string,
  stack: string,
  faults: readonly PreflightFault[],
): DeliveryError {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return new DeliveryError(
    `release ${releaseId} cannot be deployed to ${stack} (${count}); nothing was changed:`,
    faults.flatMap(({ where, fault, allowed, fix }) => [
      "",
      `  ${where}`,
      `    fault    ${fault}`,
      `    allowed  ${allowed}`,
      `    fix      ${fix}`,
    ]),
  );
}
