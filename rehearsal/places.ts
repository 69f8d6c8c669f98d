import { join } from "node:path";
import { repositoryRoot } from "../contract/repositoryRoot";

/** Where a rehearsal of a project reads and writes; full paths. */
export interface Places {
  /** The Pulumi project: where Pulumi.yaml is. */
  readonly project: string;
  /** The root of the repository that it lies in. */
  readonly root: string;
  /** All that a rehearsal makes: state, logs, report. Git ignores it. */
  readonly own: string;
  /** The Pulumi project that runs the same program on the emulator. */
  readonly workspace: string;
  /** Logs of actions, the repository that is followed. */
  readonly rehearsal: string;
  /** Where images are stored while they are built and run: large, and of use to one emulator alone. */
  readonly tools: string;
  /** Where an emulator that outlives its command is found again. */
  readonly emulatorRecord: string;
  readonly emulatorLog: string;
  /** The same of the services that outlive it. */
  readonly servicesRecord: string;
  readonly servicesLog: string;
}

/** @param project its folder, a full path. */
export function placesOf(project: string): Places {
  const own = join(project, ".gantry");
  const rehearsal = join(own, "rehearsal");
  return {
    ...{ project, own, rehearsal },
    root: repositoryRoot(project),
    workspace: join(own, "local"),
    tools: join(rehearsal, "tools"),
    emulatorRecord: join(own, "emulator.json"),
    emulatorLog: join(own, "emulator.log"),
    servicesRecord: join(own, "services.json"),
    servicesLog: join(own, "services.log"),
  };
}
