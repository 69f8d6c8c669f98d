import { differences, type Difference } from "./differences";

/**
 * What CodeBuild itself gives to every build.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
 */
const ofCodeBuild = ["AWS_REGION", "AWS_DEFAULT_REGION", "CODEBUILD_*"];

/** The difference by which a build has a variable; undefined for one that no difference gives it. */
export function differenceOf(variable: string): Difference | undefined {
  return differences.find(({ variables = [] }) => isAmong(variables, variable));
}

/**
 * The variables of a build that nothing explains: they are neither CodeBuild's own, nor the pipeline's, nor of a difference.
 * @param given names of all that the build has.
 * @param ofPipeline names that project, action and buildspec give it.
 */
export function unexplained(given: readonly string[], ofPipeline: readonly string[]): string[] {
  const known = (name: string) =>
    ofPipeline.includes(name) || isAmong(ofCodeBuild, name) || differenceOf(name) !== undefined;
  return given.filter((name) => !known(name));
}

function isAmong(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}
