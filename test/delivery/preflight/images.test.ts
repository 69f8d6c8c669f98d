import assert from "node:assert/strict";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { imageFindings } from "../../../delivery/preflight/images";
import { aTarget } from "../support/aTarget";

const [index, ofLinux] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);

describe("what preflight finds in an index of images", () => {
  const tag = "3f9c2a1b";
  const image = { uri: "registry.example.com/shop/staging/web", tag, digest: index };
  const ecr = {
    send: () => Promise.resolve({ imageDetails: [{ imageTags: [tag] }] }),
  } as unknown as ECRClient;

  /** Of an index that has an image for Linux of one architecture, and one for Windows of the other. */
  const findings = (architecture: string, inspected: string[] = []) =>
    imageFindings(
      ecr,
      {
        inspect: (reference) => {
          inspected.push(reference.split("@")[1]);
          const described = { architecture: "ARM64", os: "linux" };
          return Promise.resolve(
            reference.endsWith(index)
              ? {
                  ...{ ...described, digest: index, digests: { ARM64: ofLinux } },
                  architectures: ["ARM64", "X86_64"],
                }
              : {
                  ...described,
                  digest: ofLinux,
                  architectures: ["ARM64"],
                  digests: { ARM64: ofLinux },
                  user: "0",
                },
          );
        },
      },
      aTarget({ services: { web: { build: "app", port: 3000, architecture } } }),
      "web",
      image,
    );

  it("is whom the image runs as that its tasks run", async () => {
    const inspected: string[] = [];
    const { faults, dangers } = await findings("ARM64", inspected);
    assert.deepEqual(faults, []);
    assert.deepEqual(
      dangers.map(({ path }) => path),
      ["gantry:services.web.user"],
    );
    assert.deepEqual(inspected, [index, ofLinux]);
  });

  it("is a fault where the image for its architecture is another system's", async () => {
    const { faults, dangers } = await findings("X86_64");
    assert.deepEqual(
      faults.map(({ allowed }) => allowed),
      ["linux on X86_64"],
    );
    assert.deepEqual(dangers, []);
  });
});
