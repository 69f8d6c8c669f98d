import assert from "node:assert/strict";
import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { highestTagged } from "../../../delivery/deploy/numbers";
import { aTarget } from "../support/aTarget";
import { awsError } from "../support/fakeEcr";
import { web } from "../support/fakePorts";

const target = aTarget({ services: { web, jobs: { kind: "worker", build: "jobs" } } });

/** Registries of repositories with pages of tags. */
function ecrWith(repositories: Readonly<Record<string, readonly string[][]>>): ECRClient {
  const send = async (command: unknown) => {
    await Promise.resolve();
    assert.ok(command instanceof DescribeImagesCommand);
    const { repositoryName = "", nextToken } = command.input;
    if (!Object.hasOwn(repositories, repositoryName)) {
      throw awsError("RepositoryNotFoundException");
    }
    const pages = repositories[repositoryName];
    const page = Number(nextToken ?? 0);
    return {
      imageDetails: (pages[page] ?? []).map((tag) => ({ imageTags: [tag, "3f9c2a1b"] })),
      nextToken: page + 1 < pages.length ? String(page + 1) : undefined,
    };
  };
  return { send } as unknown as ECRClient;
}

describe("the highest number of a deployment that the registry knows (row F4)", () => {
  const highest = (web: readonly string[][], jobs: readonly string[][] = []) =>
    highestTagged(
      ecrWith({ [target.names.repository("web")]: web, [target.names.repository("jobs")]: jobs }),
      target,
    );

  it("is that of any page and any repository", async () => {
    assert.equal(await highest([["staging-3"], ["staging-12", "staging-9"]]), 12);
    assert.equal(await highest([["staging-3"]], [["staging-4"]]), 4);
  });

  it("is none of other tags: of other environments, or with more behind the number", async () => {
    const others = ["production-99", "staging-eu-98", "staging-97b", "staging-", "xstaging-96"];
    assert.equal(await highest([others]), 0);
  });

  it("is 0 where there is no image, or no repository", async () => {
    assert.equal(await highest([]), 0);
    assert.equal(await highestTagged(ecrWith({}), target), 0);
  });
});
