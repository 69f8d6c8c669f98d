import { counted } from "../../contract/counted";
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
  return new DeliveryError(
    `release ${releaseId} cannot be deployed to ${stack} (${counted(faults.length, "fault")}); nothing was changed:`,
    faults.flatMap(({ where, fault, allowed, fix }) => [
      "",
      `  ${where}`,
      `    fault    ${fault}`,
      `    allowed  ${allowed}`,
      `    fix      ${fix}`,
    ]),
  );
}
