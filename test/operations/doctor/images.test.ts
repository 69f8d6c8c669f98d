import assert from "node:assert/strict";
import { DeliveryError } from "../../../delivery/errors";
import { imagesCheck } from "../../../operations/doctor/checks/images";
import { aContext, account, awsError, diagnose, region, told } from "./support";

const digest = `sha256:${"a".repeat(64)}`;
const release = {
  id: "3f9c2a1b-17",
  commit: "3f9c2a1b".repeat(5),
  createdAt: "2026-01-31T12:00:00Z",
  images: {
    web: {
      ...{ tag: "3f9c2a1b", digest },
      uri: `${account}.dkr.ecr.${region}.amazonaws.com/shop/staging/web`,
    },
  },
};

describe("the check of images", () => {
  const there = { imageDetails: [{ imageDigest: digest, imageTags: ["3f9c2a1b"] }] };
  const built =
    (architecture: string, user = "node") =>
    () =>
      Promise.resolve({
        ...{ digest, architecture, architectures: [architecture], os: "linux", user },
        digests: { [architecture]: digest },
      });
  const found = (image: unknown, inspect = built("X86_64")) =>
    diagnose(
      imagesCheck,
      aContext({
        release: () => Promise.resolve(release),
        registry: { inspect },
        answers: { ecr: { DescribeImages: image } },
      }),
    );

  it("is well where they are there, and before the first release", async () => {
    const result = await found(there);
    assert.deepEqual(told(result), []);
    assert.match(result.well, /^1 image of 3f9c2a1b-17 in ECR/);
    const none = aContext({ release: () => Promise.resolve(undefined) });
    assert.equal((await diagnose(imagesCheck, none)).well, "there is no release yet");
  });

  it("finds one that a lifecycle policy has taken, and one for another processor", async () => {
    const gone = await found(awsError("ImageNotFoundException"));
    assert.match(told(gone).join(), /^error services\.web, image .*: the image is missing/);
    const other = await found(there, built("ARM64"));
    assert.match(told(other).join(), /^error services\.web, .* built for linux on ARM64/);
  });

  it("warns of one that makes its tasks root, which config does not name", async () => {
    const root = await found(there, built("X86_64", ""));
    assert.match(told(root).join(), /^warning gantry:services\.web\.user: .*root/);
    assert.match(root.findings?.[0].fix ?? "", /USER in its Dockerfile/);
  });

  it("looks for it in ECR where nothing here reads images", async () => {
    const without = () => Promise.reject(new DeliveryError("nothing here can inspect images"));
    assert.deepEqual(told(await found(there, without)), [
      "unchecked what the image of web is built for: nothing here can inspect images",
    ]);
    const gone = await found(awsError("ImageNotFoundException"), without);
    assert.match(told(gone)[0], /^error services\.web/);
  });
});
