import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { deployedTag } from "../deployedTag";
import { releasedContainers } from "../../stacks/config/containers";
import { isNamed } from "../errors";
import type { LedgerView } from "../ledger";
import type { Target } from "../target";
import type { Release } from "../../contract/manifest";
import type { Ports } from "./ports";

/**
 * The number after which a deployment's own number comes. The history has it, unless it was lost, emptied, or restored from
 * an older backup: then images carry the tags of deployments that it does not know, which never move, and every next
 * deployment would fail at its tag after it was rolled out.
 * @returns 0 where the history knows what runs: then it knows the numbers, too, and the registry is not asked.
 */
export async function numbersSpent(
  { progress, ...ports }: Pick<Ports, "progress" | "highestTagged">,
  { records }: LedgerView,
  running: Release | undefined,
): Promise<number> {
  const knowsWhatRuns =
    running === undefined
      ? records.length > 0
      : records.some(({ release, restored }) => [release.id, restored].includes(running.id));
  if (knowsWhatRuns) return 0;
  const highest = await ports.highestTagged();
  const newest = records.at(0)?.number ?? 0;
  if (highest > newest) {
    progress.note(
      `the history ends at deployment ${newest}, and images carry the tag of deployment ${highest}: it was lost or ` +
        `restored from an older backup. Numbers go on from ${highest + 1}`,
    );
  }
  return highest;
}

/** The highest number in a tag of a deployed image, over the repositories of the environment; 0 where there is none. */
export async function highestTagged(ecr: ECRClient, target: Target): Promise<number> {
  const numbers = await Promise.all(
    Object.keys(releasedContainers(target.config.services)).map((service) =>
      highestIn(ecr, target.names.repository(service), deployedTag(target, 0).slice(0, -1)),
    ),
  );
  return Math.max(0, ...numbers);
}

/** @param prefix of the tags, before the number. */
async function highestIn(ecr: ECRClient, repositoryName: string, prefix: string): Promise<number> {
  let highest = 0;
  let nextToken: string | undefined;
  try {
    do {
      const page = await ecr.send(
        new DescribeImagesCommand({ repositoryName, filter: { tagStatus: "TAGGED" }, nextToken }),
      );
      const tags = (page.imageDetails ?? []).flatMap(({ imageTags = [] }) => imageTags);
      for (const tag of tags) {
        const number = tag.startsWith(prefix) ? tag.slice(prefix.length) : "";
        if (/^\d{1,8}$/.test(number)) highest = Math.max(highest, Number(number));
      }
      nextToken = page.nextToken;
    } while (nextToken);
  } catch (error) {
    // Preflight says what is missing.
    if (!isNamed(error, "RepositoryNotFoundException")) throw error;
  }
  return highest;
}
