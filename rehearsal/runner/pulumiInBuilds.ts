import { variables } from "../../contract/variables";

/** What a build needs of this machine's Pulumi. */
export interface NeededPulumi {
  /** The CLI and its plugins, in place of a download: what follows the build has them of it. */
  readonly cli: boolean;
  /** What stands behind the plugin for AWS. */
  readonly provider: boolean;
}

/**
 * What a build needs of this machine's Pulumi: where a release keeps it for later actions, that one alone downloads it on AWS.
 * With a builder image of one's own nothing is kept, and what runs Pulumi has it of this machine.
 * @param names of the variables that project and action give it.
 */
export function neededPulumi(names: readonly string[]): NeededPulumi {
  const isKept = names.includes(variables.installations);
  const keeps = isKept && names.includes(variables.results);
  const runs = names.includes("PULUMI_BACKEND_URL");
  return { cli: keeps || (runs && !isKept), provider: keeps || runs };
}
