import type { StackConfig } from "./stackFile";
import { stateBackend, stateBucket } from "./stateBucket";
import type { StackName } from "./workspace";

/** What a rehearsal's pipelines are made of beside what the stack files say. */
export interface PipelineParts {
  /** The product's name. */
  readonly product: string;
  /** The connection to the repository that stands for GitHub's. */
  readonly connectionArn: string;
  /** `gantry:pipeline` of the stack's own file. Default: it has none, and the rehearsal gives it one. */
  readonly own?: unknown;
}

/** The repository that a rehearsal's staging follows where the stack file names none of GitHub's. */
export const sourceRepository = "acme/shop";

/** The secret with the passphrase of the state, which the actions' roles read as on AWS. */
export function passphraseSecret(product: string, stack: string): string {
  return `gantry/${product}/${stack}/passphrase`;
}

/**
 * The pipeline of an environment: the stack file's own, with what is elsewhere replaced (source, state, other accounts),
 * or one with nothing but that. `differences.ts` says why.
 */
export function pipelineConfig(name: StackName, parts: PipelineParts): StackConfig {
  const own = {
    ...asObject(parts.own),
    ...(isKept(parts.own) ? { config: { bucket: stateBucket } } : {}),
  };
  const state = {
    backendUrl: stateBackend,
    passphraseSecret: passphraseSecret(parts.product, name),
  };
  return {
    "gantry:pipeline":
      name === "production"
        ? { ...without(own, "source"), ...received(own), state }
        : { ...own, ...followed(own, parts.connectionArn), state },
  };
}

/** Whether the stack's file is kept in a bucket, and does not come with the source. */
export function isKept(pipeline: unknown): boolean {
  return asObject(pipeline).config !== undefined;
}

/** Commits come from the repository that stands for the team's, and go on to production. */
function followed(own: Fields, connectionArn: string): Fields {
  const source = asObject(own.source);
  const isGithub = source.type === "github";
  return {
    approval: false,
    source: {
      type: "github",
      repository: isGithub ? source.repository : sourceRepository,
      branch: "main",
      connectionArn,
      ...(source.filePaths === undefined ? {} : { filePaths: source.filePaths }),
    },
    promoteTo: { stack: "production" },
  };
}

function received(own: Fields): Fields {
  return { approval: own.approval ?? true, promoteFrom: { stack: "staging" } };
}

type Fields = Readonly<Record<string, unknown>>;

function asObject(value: unknown): Fields {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : {};
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}
