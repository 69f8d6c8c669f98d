import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importCopilot } from "../../importers/copilot/import";
import type { Imported } from "../../importers/imported";
import { createEnvironment, type EnvironmentOutputs } from "../../stacks/environment";
import { readTarget } from "../../delivery/target";
import { container, types } from "../components/service/support";
import { record, type RecordedResource, type Recording } from "../support/record";
import { checked } from "../importers/support";
import { aRelease } from "../stacks/support";

export const examples = join(__dirname, "../../examples");
export const stacks = ["staging", "production"] as const;
export type Stack = (typeof stacks)[number];

/** The products that stand beside the Copilot manifests that they were imported from. */
export const importedExamples = readdirSync(examples).filter((name) =>
  existsSync(join(examples, name, "copilot")),
);

/** The connection that no manifest has. */
const connection = "connection/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
const connectionArn = `arn:aws:codeconnections:eu-west-1:123456789012:${connection}`;

/** Imports a product as if it were a repository of its own, which it stands for. */
export function importExample(name: string): Imported {
  const folder = mkdtempSync(join(tmpdir(), "gantry-example-"));
  try {
    cpSync(join(examples, name), folder, { recursive: true });
    execFileSync("git", ["init", "--quiet", folder]);
    return checked(importCopilot(folder, { connectionArn }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A stack's file without the lines that a person added after the import. */
export function withoutAdditions(name: string, stack: string): string {
  const lines = readFileSync(join(examples, name, `Pulumi.${stack}.yaml`), "utf8").split("\n");
  return lines.filter((line) => !line.endsWith("# added")).join("\n");
}

/**
 * The whole program of a stack, against mocks.
 * @param released containers of a release that is there. Default: there is none yet.
 */
export async function runExample(
  name: string,
  stack: Stack,
  released: readonly string[] = [],
): Promise<Recording<EnvironmentOutputs>> {
  const { config } = await readTarget(join(examples, name), stack);
  const release = released.length === 0 ? undefined : aRelease(released);
  return record(() => createEnvironment(config, release), { stack });
}

/** The task definition of a service, as it was made. */
export function taskOf({ all }: Recording<unknown>, service: string): RecordedResource {
  const found = all(types.taskDefinition).find(({ name }) => name.includes(`--${service}-`));
  if (found === undefined) throw new Error(`${service} has no task definition`);
  return found;
}

/** The variables of a service's own container. */
export function variablesOf(made: Recording<unknown>, service: string): Record<string, string> {
  const { environment = [] } = container(taskOf(made, service)) as {
    readonly environment?: readonly { readonly name: string; readonly value: string }[];
  };
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}
