import type { Stack } from "@pulumi/pulumi/automation";
import type { Log } from "./progress";
import type { EnvironmentReport } from "./report";
import { destroy, emptyPreview, plainOutputs, up, type Phase } from "./update";
import type { StackConfig } from "./stackFile";
import { stackNames, type StackName, type Workspace } from "./workspace";

export interface BroughtUp {
  readonly environments: readonly EnvironmentReport[];
  /** What stopped it, if anything did. */
  readonly error?: Error;
}

/** Brings the environments up side by side, then previews each again, which must change nothing. */
export async function bringUp(workspace: Workspace, log: Log): Promise<BroughtUp> {
  const phases = new Map<StackName, Phase[]>(stackNames.map((name) => [name, []]));
  const work = async () => {
    // Most of it is waiting for AWS.
    await everyStack(async (name) => {
      phases.get(name)?.push(await up(await workspace.stack(name), log));
    });
    await everyStack(async (name) => {
      phases.get(name)?.push(await emptyPreview(await workspace.stack(name), log));
    });
  };
  const error = await failureOf(work);
  const environments = await Promise.all(
    [...phases]
      .filter(([, done]) => done.length > 0)
      .map(async ([name, done]) => ({ phases: done, ...(await describe(workspace, name)) })),
  );
  return { environments, error };
}

/**
 * Previews the environments after they were delivered to, and reads their outputs again.
 * @throws UpdateError where a person's preview would change anything.
 */
export async function lookAgain(
  workspace: Workspace,
  before: readonly EnvironmentReport[],
  log: Log,
): Promise<EnvironmentReport[]> {
  const after = new Map<string, EnvironmentReport>();
  await everyStack(async (name) => {
    const preview = await emptyPreview(await workspace.stack(name), log);
    const earlier = before.find(({ stack }) => stack === name)?.phases ?? [];
    const phases = [...earlier, { ...preview, name: "preview after delivery" as const }];
    after.set(name, { phases, ...(await describe(workspace, name)) });
  });
  return stackNames.flatMap((name) => after.get(name) ?? []);
}

/** Destroys every environment, the last first. Protection, which would refuse it, is lifted on purpose. */
export async function tearDown(workspace: Workspace, log: Log): Promise<void> {
  for (const name of [...stackNames].reverse()) {
    const stack = await workspace.stack(name, unprotected(workspace.kindOf(name)));
    // One that gantry teardown has destroyed would be made again.
    if ((await resourcesOf(stack)).some(({ custom }) => custom)) await up(stack, log);
    await destroy(stack, log);
    await stack.workspace.removeStack(name);
  }
}

/** Production wants to hear why. */
export function unprotected(kind: string): StackConfig {
  const relaxed = { protection: "the rehearsal takes everything down" };
  return {
    "gantry:protection": false,
    ...(kind === "production" ? { "gantry:posture": { relaxed } } : {}),
  };
}

/** Waits for all of them, so that none is cut off half-way by the failure of another, which is then thrown. */
async function everyStack(work: (name: StackName) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(stackNames.map(work));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) {
    throw failed.reason;
  }
}

async function failureOf(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function describe(workspace: Workspace, name: StackName) {
  const stack = await workspace.stack(name);
  const outputs = plainOutputs(await stack.outputs());
  return { stack: name, outputs, resources: (await resourcesOf(stack)).length };
}

/** Without the providers that Pulumi itself has. */
async function resourcesOf(stack: Stack) {
  const { resources = [] } = ((await stack.exportStack()).deployment ?? {}) as {
    readonly resources?: readonly { readonly type: string; readonly custom?: boolean }[];
  };
  return resources.filter(({ type }) => !type.startsWith("pulumi:providers:"));
}
