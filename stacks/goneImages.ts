import * as aws from "@pulumi/aws";
import { RunError } from "@pulumi/pulumi/errors";
import type { Release } from "../contract/manifest";
import { environmentNames } from "../contract/names";
import { variables } from "../contract/variables";
import type { EnvironmentConfig } from "./config";
import { releasedContainers } from "./config/containers";

/**
 * The pointer is delivery's, so it stays when an environment is destroyed; its images go with their repositories. Made again,
 * the environment would get services whose images nobody has, and which never start.
 *
 * A candidate is not looked at: what delivers it has found its images.
 * @throws RunError where no service of the release has its repository, before anything is registered.
 */
export async function refuseGoneImages(
  config: Pick<EnvironmentConfig, "name" | "stack" | "services">,
  release: Release | undefined,
): Promise<void> {
  if (!release || process.env[variables.release]) return;
  const names = environmentNames(config);
  const known = releasedContainers(config.services);
  const services = Object.keys(release.images).filter((name) => Object.hasOwn(known, name));
  if (services.length === 0) return;
  const { names: found } = await aws.ecr.getRepositories({});
  // The provider's empty set is null, whatever its type says.
  const there = (found as readonly string[] | null) ?? [];
  const repositories = services.map(names.repository);
  if (repositories.some((repository) => there.includes(repository))) return;
  throw new RunError(
    `the release pointer ${names.releasePointer} names ${release.id}, and ${repositories.join(", ")} ` +
      "are gone with its images: the environment was destroyed, and the pointer left. Nothing was made. " +
      `To begin anew, with the placeholder until the next release: aws ssm delete-parameter --name ` +
      `${names.releasePointer}, then run this again.`,
  );
}
