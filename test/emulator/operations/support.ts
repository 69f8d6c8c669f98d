import { aProject, gantry, stackFile, type Answer, type Project } from "../../cli/support";
import type { DeliveryBench } from "../delivery/support";

/** A person at a terminal of their own: a program in a folder, whose stack is on an emulator. */
export interface Person {
  readonly project: Project;
  /** What the person's shell has, beside what this process has. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command in this process. */
  gantry(...args: readonly string[]): Promise<Answer>;
}

/** @param services as config has them, of the stack `staging` of `shop`. */
export function personAt(bench: DeliveryBench, services: object): Person {
  const project = aProject();
  project.lay("Pulumi.staging.yaml", stackFile(services));
  const env = {
    ...{ AWS_ENDPOINT_URL: bench.emulator.url, TZ: "Etc/UTC" },
    ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    ...{ GANTRY_STACK: "staging", GANTRY_FOLDER: project.folder },
  };
  return { project, env, gantry: (...args) => gantry(args, env) };
}
