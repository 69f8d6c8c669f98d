import { parse } from "yaml";
import { z } from "zod";
import { ActionError } from "./errors";

const texts = z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String));

const phaseSchema = z.strictObject({
  "run-as": z.string().optional(),
  "on-failure": z.enum(["ABORT", "CONTINUE"]).optional(),
  "runtime-versions": z.unknown().optional(),
  commands: texts.default([]),
  finally: texts.default([]),
});

const artifactsSchema = z.looseObject({
  files: texts.default([]),
  "base-directory": z.string().optional(),
  "discard-paths": z.union([z.literal("yes"), z.literal("no"), z.boolean()]).default(false),
  "exclude-paths": z
    .never({ error: "cannot be rehearsed: name under files what is wanted" })
    .optional(),
});

const buildspecSchema = z.looseObject({
  version: z.union([z.literal(0.2), z.literal("0.2")]),
  env: z
    .looseObject({
      shell: z.string().optional(),
      variables: z.record(z.string(), z.coerce.string()).default({}),
      "parameter-store": z.record(z.string(), z.string()).default({}),
      "secrets-manager": z.record(z.string(), z.string()).default({}),
      "exported-variables": texts.default([]),
    })
    .optional(),
  phases: z
    .strictObject({
      install: phaseSchema.optional(),
      pre_build: phaseSchema.optional(),
      build: phaseSchema.optional(),
      post_build: phaseSchema.optional(),
    })
    .default({}),
  artifacts: artifactsSchema
    .extend({ "secondary-artifacts": z.record(z.string(), artifactsSchema).default({}) })
    .optional(),
});

export const phaseNames = ["install", "pre_build", "build", "post_build"] as const;
export type PhaseName = (typeof phaseNames)[number];

export interface Phase {
  readonly name: PhaseName;
  readonly commands: readonly string[];
  /** Run after the commands, also where one failed. */
  readonly finally: readonly string[];
  /** Whether the next phase runs where this one failed. Default: after `build` only. */
  readonly continuesOnFailure: boolean;
}

export interface ArtifactFiles {
  readonly files: readonly string[];
  /** Relative to the source; what the files are relative to. */
  readonly baseDirectory: string;
  readonly discardPaths: boolean;
}

/** A variable's value and where it is to be looked up. */
export interface BuildVariable {
  readonly name: string;
  readonly value: string;
  readonly type: "PLAINTEXT" | "PARAMETER_STORE" | "SECRETS_MANAGER";
}

/** What a buildspec says, as far as a pipeline needs it: caches and reports are passed over. */
export interface Buildspec {
  readonly variables: readonly BuildVariable[];
  readonly exportedVariables: readonly string[];
  readonly phases: readonly Phase[];
  /** By the name of the output artifact; the primary one, which has none, under the empty name. */
  readonly artifacts: ReadonlyMap<string, ArtifactFiles>;
}

/**
 * Reads a buildspec of version 0.2.
 * @param origin where it came from, for the error.
 * @throws ActionError with every fault.
 */
export function parseBuildspec(text: string, origin: string): Buildspec {
  const given = parsedYaml(text, origin);
  const result = buildspecSchema.safeParse(given);
  if (!result.success) {
    const faults = result.error.issues.map(
      ({ path, message }) => `  ${path.join(".") || "it"}: ${message}`,
    );
    throw new ActionError(`the buildspec ${origin} is not valid:\n${faults.join("\n")}`);
  }
  const { env, phases, artifacts } = result.data;
  if (env?.shell !== undefined && env.shell !== "bash") {
    throw new ActionError(
      `the buildspec ${origin} wants the shell ${env.shell}; bash is rehearsed`,
    );
  }
  return {
    variables: [
      ...variables(env?.variables, "PLAINTEXT"),
      ...variables(env?.["parameter-store"], "PARAMETER_STORE"),
      ...variables(env?.["secrets-manager"], "SECRETS_MANAGER"),
    ],
    exportedVariables: env?.["exported-variables"] ?? [],
    phases: phaseNames.flatMap((name) => {
      const phase = phases[name];
      if (phase === undefined) return [];
      return {
        name,
        commands: phase.commands,
        finally: phase.finally,
        continuesOnFailure:
          (phase["on-failure"] ?? (name === "build" ? "CONTINUE" : "ABORT")) === "CONTINUE",
      };
    }),
    artifacts: new Map([
      ...(artifacts ? ([["", artifactFiles(artifacts)]] as const) : []),
      ...Object.entries(artifacts?.["secondary-artifacts"] ?? {}).map(
        ([name, files]) => [name, artifactFiles(files)] as const,
      ),
    ]),
  };
}

function parsedYaml(text: string, origin: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ActionError(`the buildspec ${origin} is no YAML: ${String(error)}`);
  }
}

function variables(
  values: Readonly<Record<string, string>> = {},
  type: BuildVariable["type"],
): BuildVariable[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, type }));
}

function artifactFiles(artifacts: z.output<typeof artifactsSchema>): ArtifactFiles {
  const discard = artifacts["discard-paths"];
  return {
    files: artifacts.files,
    baseDirectory: artifacts["base-directory"] ?? ".",
    discardPaths: discard === true || discard === "yes",
  };
}
