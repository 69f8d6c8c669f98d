/** What actions of a pipeline hand on, by CodePipeline's names: letters, digits, `_` and `-`, up to 100 characters. */
export const artifacts = {
  /** The program at one commit. Promoted, it has the release in the folder `.release`. */
  source: "Source",
  /** The stack's file, where config names a bucket in which it is kept. */
  config: "Config",
  /** The release, and what is known of it. */
  release: "Release",
  /** The plan that a person approved, and its evidence. */
  plan: "Plan",
  /** With `deploy: ecs`: what CodePipeline's ECS actions read. */
  images: "Images",
  /** What the verification found. */
  verification: "Verification",
} as const;

export type ArtifactName = (typeof artifacts)[keyof typeof artifacts];

/**
 * The folder of an artifact that CodePipeline handed over beside the source; of `Config`, CodeBuild has it for previews as well.
 * @returns undefined outside of CodeBuild, and where the action gets none of that name.
 */
export function artifactFolder(
  artifact: ArtifactName,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  return env[`CODEBUILD_SRC_DIR_${artifact}`] || undefined;
}

/** The folder of a promoted source that says which release it is. */
export const releaseFolder = ".release";

/** Files of the artifact `Release`, and of `.release`. */
export const releaseFiles = {
  /** The release manifest. */
  release: "release.json",
  /** What is known about it besides its images. */
  evidence: "evidence.json",
} as const;

/** Files of the artifact `Plan`. */
export const planFiles = {
  /** Pulumi's plan, to which the deployment is held. */
  plan: "plan.json",
  /** What the plan was made on: where that has changed, it is stale. */
  basis: "basis.json",
  evidence: "evidence.json",
  /** The evidence for people. */
  evidenceText: "evidence.md",
} as const;

/** The file of the artifact `Verification`. */
export const verificationFile = "verification.json";

/** The file of the artifact `Images` that the ECS action of a service reads. */
export function imageDefinitionsFile(service: string): string {
  return `imagedefinitions-${service}.json`;
}
