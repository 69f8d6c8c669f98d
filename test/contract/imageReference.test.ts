import assert from "node:assert/strict";
import {
  ecrRepositoryOf,
  hostsOfRegistry,
  parseImageReference,
} from "../../contract/imageReference";

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

  const ecr = (text: string) => {
    const reference = parseImageReference(text);
    return reference && ecrRepositoryOf(reference);
  };

  for (const [host, region] of [
    ["123456789012.dkr.ecr.eu-central-1.amazonaws.com", "eu-central-1"],
    ["123456789012.dkr-ecr.eu-central-1.on.aws", "eu-central-1"],
    ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
    ["123456789012.dkr-ecr-fips.us-east-2.on.aws", "us-east-2"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    ["123456789012.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn", "cn-northwest-1"],
  ]) {
    it(`is ECR's at ${host}, with account and region`, () => {
      const repository = { accountId: "123456789012", region, name: "tools/redis" };
      assert.deepEqual(ecr(`${host}/tools/redis:1`), repository);
    });

    it(`is in the registry of ${host} by each of its names`, () => {
      const hosts = hostsOfRegistry(host);
      assert.ok(hosts.includes(host), hosts.join());
      for (const each of hosts) {
        assert.deepEqual(hostsOfRegistry(each), hosts);
        assert.equal(ecr(`${each}/a:1`)?.region, region);
      }
    });
  }

  for (const text of [
    "redis:7",
    "public.ecr.aws/docker/library/redis:7",
    "ecr-public.aws.com/docker/library/redis:7",
    "example.com/123456789012.dkr.ecr.eu-central-1.amazonaws.com/redis:1",
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com.example.com/redis:1",
    "123456789012.dkr-ecr.eu-central-1.on.aws.example.com/redis:1",
    "123456789012.dkr-ecr.eu-central-1.amazonaws.com/redis:1",
    "123456789012.dkr.ecr.eu-central-1.on.aws/redis:1",
    "123456789012xdkr-ecr.eu-central-1.on.aws/redis:1",
    "12345.dkr-ecr.eu-central-1.on.aws/redis:1",
  ]) {
    it(`is not ECR's: ${text}`, () => {
      assert.ok(parseImageReference(text));
      assert.equal(ecr(text), undefined);
      const { registry } = parseImageReference(text) ?? { registry: "" };
      assert.deepEqual(hostsOfRegistry(registry), [registry]);
    });
  }
});
