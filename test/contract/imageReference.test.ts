import assert from "node:assert/strict";
import { ecrRepositoryOf, parseImageReference } from "../../contract/imageReference";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an image's address", () => {
  for (const [text, registry, path, tag, of] of [
    ["redis", "docker.io", "library/redis"],
    ["redis:7.4", "docker.io", "library/redis", "7.4"],
    ["acme/shop:1", "docker.io", "acme/shop", "1"],
    ["docker.io/redis:1", "docker.io", "library/redis", "1"],
    ["index.docker.io/acme/shop:1", "docker.io", "acme/shop", "1"],
    ["localhost/shop:1", "localhost", "shop", "1"],
    ["127.0.0.1:5000/a/b:1", "127.0.0.1:5000", "a/b", "1"],
    [`redis@${digest}`, "docker.io", "library/redis", undefined, digest],
    [`ghcr.io/acme/shop:1@${digest}`, "ghcr.io", "acme/shop", "1", digest],
  ] as const) {
    it(`is read of ${text.slice(0, 40)}`, () => {
      assert.deepEqual(parseImageReference(text), {
        ...{ registry, path },
        ...(tag === undefined ? {} : { tag }),
        ...(of === undefined ? {} : { digest: of }),
      });
    });
  }

  it("is ECR's where its host is, with account and region", () => {
    const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    const ecr = (text: string) => {
      const reference = parseImageReference(text);
      return reference && ecrRepositoryOf(reference);
    };
    assert.deepEqual(ecr(`${host}/tools/redis:1`), {
      ...{ accountId: "123456789012", region: "eu-central-1", name: "tools/redis" },
    });
    assert.equal(ecr("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1")?.region, "cn-north-1");
    assert.equal(ecr("public.ecr.aws/docker/library/redis:7"), undefined);
    assert.equal(ecr(`example.com/${host}/redis:1`), undefined);
    assert.equal(ecr("redis:7"), undefined);
  });
});
