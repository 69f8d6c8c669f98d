/** A buildspec for each command that a project of CodeBuild runs: actions of a pipeline, and previews of pull requests. */
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
] as const;

export type BuildspecName = (typeof buildspecs)[number];
