import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { DeliveryError } from "../../delivery/errors";
import { readEngineConfig } from "../../stacks/config/engineYaml";
import { previewWorkflow, roleVariable, workflowPath } from "./previewWorkflow";
import type { ProjectPlan } from "./projectFiles";
import type { Origin } from "./repository";
import { stackNames } from "./stackFile";
import { writeProject } from "./writeProject";

/** What became of the previews of pull requests by GitHub Actions. */
export interface GitHubPreviews {
  /** The workflow: written, there as it would be, or there with another content. */
  readonly workflow: "made" | "same" | "kept";
  /** Stack files that were there, and name no role yet. */
  readonly withoutRole: readonly string[];
  readonly repository: string;
}

/** @throws DeliveryError where commits come from elsewhere: workflows run at GitHub, and roles trust its repositories by name. */
export function gitHubRepository({ source }: Origin): string {
  if (source?.type === "github") return source.repository;
  throw new DeliveryError(
    "--github is for a repository at GitHub, and this one has no remote there: git remote add origin " +
      "git@github.com:<owner>/<name>.git, or leave --github out. Nothing was written",
  );
}

/**
 * Writes the workflow of a project whose files are there.
 * @param root of the repository, and `folder` of the project: full paths.
 */
export function writePreviews(
  { name, region, pullRequestsOf: repository }: ProjectPlan,
  root: string,
  folder: string,
): GitHubPreviews | undefined {
  if (repository === undefined) return undefined;
  const stacks = stackNames.map((stack) => {
    const file = `Pulumi.${stack}.yaml`;
    const { values } = readEngineConfig(readFileSync(join(folder, file), "utf8"));
    return { stack, file, values };
  });
  const content = previewWorkflow({
    name,
    folder: relative(root, folder) || ".",
    stacks: stacks.map(({ stack, values }) => ({ stack, region: values["aws:region"] ?? region })),
  });
  const { made, same } = writeProject(root, { [workflowPath]: content });
  return {
    workflow: made.length > 0 ? "made" : same.length > 0 ? "same" : "kept",
    withoutRole: stacks
      .filter(({ values }) => values["gantry:pullRequests"] === undefined)
      .map(({ file }) => file),
    repository,
  };
}

/** What was done, for a person. */
export function previewsDone({ workflow, withoutRole, repository }: GitHubPreviews): string[] {
  return [
    ...(workflow === "made"
      ? [`Wrote ${workflowPath}: what each pull request would change, as a comment.`]
      : []),
    ...(workflow === "kept" ? [`Kept as it is: ${workflowPath}.`] : []),
    ...(withoutRole.length > 0
      ? [
          `Yours: add gantry:pullRequests: { repository: ${repository} } to ${withoutRole.join(", ")}.`,
        ]
      : []),
  ];
}

/** What the workflow needs of the repository, once `pulumi up` has made the roles. */
export function previewsNext(): string[] {
  return [
    "Pull requests are previewed once the repository knows the roles that pulumi up makes:",
    ...stackNames.map(
      (stack) =>
        `  gh variable set ${roleVariable(stack)} --body "$(pulumi stack output pullRequestRoleArn --stack ${stack})"`,
    ),
    "  gh secret set PULUMI_ACCESS_TOKEN",
    "With the state in a bucket, and for who can use the roles: docs/pull-requests.md of Gantry.",
  ];
}
