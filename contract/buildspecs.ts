/** A buildspec for each command that a project of CodeBuild runs: actions of a pipeline, previews of pull requests, checks for drift, and what explains failures. */
export const buildspecs = [
  "build",
  "release",
  "plan",
  "deploy",
  "prepare",
  "settle",
  "verify",
  "confirm",
  "conclude",
  "promote",
  "preview",
  "explain",
  "drift",
] as const;

export type BuildspecName = (typeof buildspecs)[number];
