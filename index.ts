import { readConfig } from "./stacks/config";
import { createEnvironment, type EnvironmentOutputs } from "./stacks/environment";
import { environmentNames } from "./stacks/names";
import { readRelease } from "./stacks/release";
import { makeStackTracesCheap } from "./stacks/stackTraces";

makeStackTracesCheap();

export = async (): Promise<EnvironmentOutputs> => {
  const config = readConfig();
  const release = await readRelease(environmentNames(config));
  return createEnvironment(config, release);
};
