import { RunError } from "@pulumi/pulumi/errors";
import { describeFaults, type Fault } from "../config/fault";

/** Config and own resources do not fit together, or what these return is wrong. Told by its message alone. */
export class ResourcesError extends RunError {
  readonly faults: readonly Fault[];

  constructor(stack: string, faults: readonly Fault[]) {
    super(describeFaults(`the own resources of ${stack} have`, faults, "no service was changed"));
    this.name = "ResourcesError";
    this.faults = faults;
  }
}
