import type { BuildRequest } from "./builder";

/** The options of a build that docker, podman and buildah have alike. */
export function buildOptions({
  buildArgs,
  cached = true,
  dockerfile,
  fresh = false,
  platform,
  reference,
  secrets = {},
  target,
}: BuildRequest): string[] {
  return [
    ...["--file", dockerfile, "--platform", platform, "--tag", reference],
    ...(target === undefined ? [] : ["--target", target]),
    ...(fresh || !cached ? ["--no-cache"] : []),
    ...(fresh ? ["--pull"] : []),
    ...Object.keys(secrets).flatMap((id, index) => [
      "--secret",
      `id=${id},env=${variableOf(index)}`,
    ]),
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
  ];
}

/**
 * The variables in which a builder finds the values of secrets. Arguments are for all to see who may list processes, and a file
 * would outlive a build that is killed.
 */
export function secretVariables({
  secrets = {},
}: Pick<BuildRequest, "secrets">): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.values(secrets).map((value, index) => [variableOf(index), value]),
  );
}

function variableOf(index: number): string {
  return `GANTRY_BUILD_SECRET_${index}`;
}
