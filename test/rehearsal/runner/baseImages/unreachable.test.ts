import assert from "node:assert/strict";
import { DeliveryError } from "../../../../delivery/errors";
import { refuseUnreachable } from "../../../../rehearsal/runner/baseImages";

describe("images that services run and that are built elsewhere", () => {
  const refused = (images: readonly string[], answering: readonly string[]) => {
    const asked: string[] = [];
    const answers = (image: string) => {
      asked.push(image);
      return Promise.resolve(answering.some((registry) => image.startsWith(registry)));
    };
    return refuseUnreachable(images, { env: {} }, answers).then(
      () => ({ asked, error: undefined }),
      (error: unknown) => ({ asked, error }),
    );
  };

  it("are taken where their registries answer, each of which is asked once", async () => {
    const images = ["ghcr.io/acme/a:1", "ghcr.io/acme/b:1", "public.ecr.aws/c:1"];
    const { asked, error } = await refused(images, ["ghcr.io", "public.ecr.aws"]);
    assert.equal(error, undefined);
    assert.deepEqual(asked, ["ghcr.io/acme/a:1", "public.ecr.aws/c:1"]);
  });

  it("are all named where theirs does not, and nothing stands in for them", async () => {
    const { error } = await refused(["node:22", "ghcr.io/a:1", "ghcr.io/b:1"], []);
    assert.ok(error instanceof DeliveryError);
    assert.match(error.message, /no registry answers.*gantry:services\.<name>\.image/);
    assert.deepEqual(error.details, ["node:22", "ghcr.io/a:1", "ghcr.io/b:1"]);
  });

  it("are nothing to a product that has none", async () => {
    assert.deepEqual(await refused([], []), { asked: [], error: undefined });
  });
});
