import { matchesAny } from "./glob";
import type { Pipeline } from "./pipelines";

/** What a push to a repository brings. */
export interface Push {
  readonly branch: string;
  /** Changed by it, relative to the repository's root. */
  readonly files: readonly string[];
}

interface Filter {
  readonly includes?: readonly string[];
  readonly excludes?: readonly string[];
}

/**
 * Whether a push starts a pipeline, and by what: its triggers decide, and where it has none for its source, CodePipeline's
 * own detection of changes on the branch of the source action.
 */
export function startedByPush(
  { triggers, stages }: Pick<Pipeline, "triggers" | "stages">,
  push: Push,
): string | undefined {
  const sources = stages[0].actions.filter(
    ({ provider }) => provider === "CodeStarSourceConnection",
  );
  for (const { name, configuration } of sources) {
    const own = triggers.filter(
      ({ gitConfiguration }) => gitConfiguration?.sourceActionName === name,
    );
    const filters = own.flatMap(({ gitConfiguration }) => gitConfiguration?.push ?? []);
    if (filters.some((filter) => matchesPush(filter, push)))
      return `Trigger: push to ${push.branch}`;
    const detects = own.length === 0 && configuration.DetectChanges !== "false";
    if (detects && configuration.BranchName === push.branch) return `Push to ${push.branch}`;
  }
  return undefined;
}

/** A filter for tags alone is not for pushes to branches. */
function matchesPush(
  filter: { readonly branches?: Filter; readonly filePaths?: Filter; readonly tags?: Filter },
  { branch, files }: Push,
): boolean {
  if (filter.tags && !filter.branches) return false;
  const includes = (names: Filter | undefined, name: string) =>
    !names?.includes?.length || matchesAny(name, names.includes);
  const excludes = (names: Filter | undefined, name: string) =>
    matchesAny(name, names?.excludes ?? []);
  if (!includes(filter.branches, branch) || excludes(filter.branches, branch)) return false;
  if (!filter.filePaths) return true;
  // One file that counts is enough; excluded ones do not, even where they are included as well.
  return files.some(
    (file) => includes(filter.filePaths, file) && !excludes(filter.filePaths, file),
  );
}
