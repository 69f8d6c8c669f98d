import assert from "node:assert/strict";
import { BatchGetImageCommand, DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { tagDeployed } from "../../../delivery/deployedTag";
import { pushImage, releaseOf, targetOf, type DeliveryBench } from "./support";
import { useBench } from "./useBench";

const target = targetOf({ web: {}, jobs: { kind: "worker" } });

describe("the tags of deployed images on the emulator", () => {
  let bench: DeliveryBench;

  useBench((started) => (bench = started));

  const push = async (tag: string) =>
    releaseOf({
      web: await pushImage(bench.clients, target, "web", tag),
      jobs: await pushImage(bench.clients, target, "jobs", tag, `jobs ${tag}`),
    });

  async function tags(service: string): Promise<Record<string, string[]>> {
    const { imageDetails = [] } = await bench.clients.ecr.send(
      new DescribeImagesCommand({ repositoryName: target.names.repository(service) }),
    );
    return Object.fromEntries(
      imageDetails.map(({ imageDigest = "", imageTags = [] }) => [imageDigest, imageTags.sort()]),
    );
  }

  /** By tag: the digest of what the index under it refers to. */
  async function deployed(service: string, ...wanted: string[]): Promise<Record<string, string>> {
    const { images = [] } = await bench.clients.ecr.send(
      new BatchGetImageCommand({
        repositoryName: target.names.repository(service),
        imageIds: wanted.map((imageTag) => ({ imageTag })),
      }),
    );
    return Object.fromEntries(
      images.map(({ imageId, imageManifest = "{}" }) => {
        const index = JSON.parse(imageManifest) as { manifests: { digest: string }[] };
        return [imageId?.imageTag ?? "", index.manifests[0].digest];
      }),
    );
  }

  it("are put on an index for each deployment, which keeps the image of each service", async () => {
    const first = await push("aaaaaaaa");
    const second = await push("bbbbbbbb");
    await tagDeployed(bench.clients.ecr, target, first, 1);
    await tagDeployed(bench.clients.ecr, target, second, 2);
    // A rollback.
    await tagDeployed(bench.clients.ecr, target, first, 3);
    for (const service of ["web", "jobs"]) {
      assert.deepEqual(await deployed(service, "staging-1", "staging-2", "staging-3"), {
        "staging-1": first.images[service].digest,
        "staging-2": second.images[service].digest,
        "staging-3": first.images[service].digest,
      });
    }
  });

  it("never pile up on an image, however often it is deployed: it takes 1000", async () => {
    const release = await push("aaaaaaaa");
    for (let number = 1; number <= 12; number++) {
      await tagDeployed(bench.clients.ecr, target, release, number);
    }
    const all = await tags("web");
    assert.deepEqual(all[release.images.web.digest], ["aaaaaaaa"]);
    assert.equal(Object.keys(all).length, 13);
  });

  it("are put again without a change", async () => {
    const release = await push("aaaaaaaa");
    await tagDeployed(bench.clients.ecr, target, release, 1);
    const once = await tags("web");
    await tagDeployed(bench.clients.ecr, target, release, 1);
    assert.deepEqual(await tags("web"), once);
  });

  it("leave out a service that the environment has not any more", async () => {
    const release = await push("aaaaaaaa");
    const images = { ...release.images, gone: release.images.web };
    await tagDeployed(bench.clients.ecr, target, { ...release, images }, 1);
    assert.deepEqual(await deployed("jobs", "staging-1"), {
      "staging-1": release.images.jobs.digest,
    });
  });

  it("fail where the tag names another image", async () => {
    await tagDeployed(bench.clients.ecr, target, await push("aaaaaaaa"), 1);
    await assert.rejects(
      tagDeployed(bench.clients.ecr, target, await push("bbbbbbbb"), 1),
      /cannot be tagged staging-1: the tag names another image/,
    );
  });

  it("fail where the image is gone", async () => {
    const release = await push("aaaaaaaa");
    const digest = `sha256:${"e".repeat(64)}`;
    const images = { web: { ...release.images.web, digest } };
    await assert.rejects(
      tagDeployed(bench.clients.ecr, target, { ...release, images }, 1),
      /shop\/staging\/web@sha256:e{64} cannot be tagged staging-1: the image is not in the repository/,
    );
  });
});
