import type { StackConfig } from "./stackFile";
import type { StackName } from "./workspace";

/** What a rehearsal's pipelines are made of beside what the stack files say. */
export interface PipelineParts {
  /** The connection to the repository that stands for GitHub's. */
  readonly connectionArn: string;
  /** Build arguments of the sample service. Default: none. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Command of the sample service's unit tests, where it is not the stack file's own. */
  readonly test?: string;
}

/** The repository that a rehearsal's staging follows. */
export const sourceRepository = "acme/shop";

/**
 * Pipelines for both environments, whatever the stack files say of theirs: real connections, accounts and states are none
 * of the emulator's. The state is overridden again in each build, which works on the rehearsal's own.
 */
export function pipelineConfig(name: StackName, parts: PipelineParts): StackConfig {
  const state = { backendUrl: "s3://acme-pulumi-state" };
  if (name === "production") {
    return {
      "gantry:pipeline": { approval: true, state },
      ...serviceConfig({ buildArgs: parts.buildArgs }),
    };
  }
  const { connectionArn } = parts;
  return {
    "gantry:pipeline": {
      source: { type: "github", repository: sourceRepository, branch: "main", connectionArn },
      promoteTo: { stack: "production" },
      notify: ["dev@example.com"],
      state,
    },
    ...serviceConfig(parts),
  };
}

function serviceConfig({
  buildArgs,
  test,
}: Pick<PipelineParts, "buildArgs" | "test">): StackConfig {
  return {
    ...(buildArgs ? { "gantry:services.web.buildArgs": buildArgs } : {}),
    ...(test ? { "gantry:services.web.test": test } : {}),
  };
}
