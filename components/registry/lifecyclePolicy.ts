export interface LifecycleArgs {
  /** Each deployment has an image index of its own, with a tag `<environment>-<n>` that never moves. */
  readonly environment: string;
  /** How many deployments to keep beside the newest, 1 to 500. */
  readonly keepReleases: number;
}

/** Days after which an image that was never deployed expires: well past the longest wait for an approval, seven days. */
export const undeployedImageDays = 30;

/** Bootstrap images to keep: one runs until the first release. */
const keepBootstrapImages = 5;

/** Of layers that builds keep for the builds after them: the newest is read, and one may be read while two more are written. */
const keepLayerCaches = 3;

/**
 * The lifecycle policy of a repository. Three of ECR's rules make it safe ("Lifecycle policy evaluation rules", Amazon ECR
 * user guide): an image is judged by the first rule that matches its tags; age counts from the first push; and an image
 * that an index refers to does not expire before the index. A deployment pushes an index, so what counts as old is the
 * deployment and not the image: the newest, and `keepReleases` before it, keep their images however old these are.
 */
export function lifecyclePolicy({ environment, keepReleases }: LifecycleArgs): string {
  return JSON.stringify({
    rules: [
      keepLast(1, `${environment}-*`, keepReleases + 1, "deployments"),
      keepLast(2, "bootstrap-*", keepBootstrapImages, "bootstrap images"),
      keepLast(3, "cache.*", keepLayerCaches, "layer caches"),
      {
        rulePriority: 4,
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
