import { DeliveryError, messageOf } from "../../delivery/errors";
import { isDenied } from "../denied";
import type { Check, Diagnosis, Unchecked } from "./check";

/**
 * Why something could not be looked at, in one line.
 * @param rights what it needs, for a refusal that does not say.
 */
export function uncheckedBy(error: unknown, what: string, rights: readonly string[]): Unchecked {
  const message = messageOf(error).replace(/\s+/g, " ").trim();
  if (isDenied(error)) {
    const right = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? rights.join(", ");
    return { what, why: `these credentials may not call ${right}`, right };
  }
  if (!(error instanceof Error)) return { what, why: message };
  const isOfAws = "$metadata" in error;
  return { what, why: isOfAws && error.name !== "Error" ? `${error.name}: ${message}` : message };
}

/** What a check came to that threw: what delivery refuses is a finding, as it would meet a release; all else could not be looked at. */
export function diagnosisOf(error: unknown, { title, rights = [] }: Check): Diagnosis {
  if (error instanceof DeliveryError || isForPeople(error)) {
    const [what, ...fix] = messageOf(error).split("\n");
    const details = error instanceof DeliveryError ? error.details : [];
    const steps = [...fix, ...details].map((line) => line.trim()).filter((line) => line !== "");
    return {
      well: "",
      findings: [{ severity: "error", where: title, what, fix: steps.join("; ") }],
    };
  }
  return { well: "", unchecked: [uncheckedBy(error, title, rights)] };
}

/** Pulumi's RunError, which errors of config and of releases are, by its mark. */
function isForPeople(error: unknown): boolean {
  return error instanceof Error && "__pulumiRunError" in error;
}
