export interface LifecycleArgs {
  /** Deployed images carry a tag `<environment>-<n>` that never moves. */
  readonly environment: string;
  /** How many deployed images to keep, 1 to 500. */
  readonly keepReleases: number;
}

/** Days after which an image that was never deployed expires: well past the longest wait for an approval, seven days. */
export const undeployedImageDays = 30;

/** Bootstrap images to keep: one runs until the first release. */
const keepBootstrapImages = 5;

/**
 * The lifecycle policy of a repository. ECR judges an image by the first rule that matches its tags and by no later
 * one, so a deployed image can only ever expire by being older than the last `keepReleases` deployed ones.
 */
export function lifecyclePolicy({ environment, keepReleases }: LifecycleArgs): string {
  return JSON.stringify({
    rules: [
      keepLast(1, `${environment}-*`, keepReleases, "deployed images"),
      keepLast(2, "bootstrap-*", keepBootstrapImages, "bootstrap images"),
      {
        rulePriority: 3,
        description: `Images that were not deployed within ${undeployedImageDays} days`,
        selection: {
          tagStatus: "any",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: undeployedImageDays,
        },
        action: { type: "expire" },
      },
    ],
  });
}

function keepLast(rulePriority: number, pattern: string, count: number, what: string): object {
  return {
    rulePriority,
    description: `All but the last ${count} ${what}`,
    selection: {
      tagStatus: "tagged",
      tagPatternList: [pattern],
      countType: "imageCountMoreThan",
      countNumber: count,
    },
    action: { type: "expire" },
  };
}
