import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-ecr";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { region, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

const oci = "application/vnd.oci.image";

/** A registry that anybody may read, with one image for two architectures, under `tools/cache:7.4`. */
class PublicRegistry {
  readonly server: Server;
  readonly digest: string;
  private readonly blobs = new Map<string, readonly [type: string, content: string]>();

  constructor() {
    const manifests = ["amd64", "arm64"].map((architecture) => {
      const layer = this.add(`the files for ${architecture}`, `${oci}.layer.v1.tar`);
      const config = this.add(
        JSON.stringify({
          ...{ architecture, os: "linux", config: {} },
          rootfs: { type: "layers", diff_ids: [layer.digest] },
        }),
        `${oci}.config.v1+json`,
      );
      const type = `${oci}.manifest.v1+json`;
      const text = JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers: [layer] });
      return { ...this.add(text, type), platform: { architecture, os: "linux" } };
    });
    const type = `${oci}.index.v1+json`;
    const index = this.add(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests }), type);
    this.digest = index.digest;
    this.server = createServer((request, response) => {
      const [, reference = ""] = /\/(?:manifests|blobs)\/([^/]+)$/.exec(request.url ?? "") ?? [];
      const isTag = request.url?.startsWith("/v2/tools/cache/") && reference === "7.4";
      const found = this.blobs.get(isTag ? this.digest : reference);
      if (request.url === "/v2/") response.end("{}");
      else if (found === undefined) {
        response.writeHead(404).end(`{"errors":[{"code":"MANIFEST_UNKNOWN"}]}`);
      } else {
        const [type, content] = found;
        response.writeHead(200, { "Content-Type": type, "Content-Length": content.length });
        response.end(request.method === "HEAD" ? undefined : content);
      }
    });
  }

  private add(content: string, mediaType: string) {
    const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
    this.blobs.set(digest, [mediaType, content]);
    return { mediaType, digest, size: content.length };
  }
}

describe("gantry mirror on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;
  let registry: PublicRegistry;
  let host: string;

  useBench((started) => (bench = started));

  beforeEach(async () => {
    registry = new PublicRegistry();
    await new Promise<void>((done) => registry.server.listen(0, "127.0.0.1", done));
    host = `127.0.0.1:${(registry.server.address() as AddressInfo).port}`;
    person = personAt(bench, { web: { build: "app" } });
    const plain = [host, new URL(bench.emulator.url).host].map(
      (location) => `[[registry]]\nlocation = "${location}"\ninsecure = true\n`,
    );
    // The commands of a person run in this process, whose environment the tools get.
    Object.assign(person.env, {
      CONTAINERS_REGISTRIES_CONF: person.project.lay("registries.conf", plain.join("\n")),
    });
  });

  afterEach(() => {
    registry.server.close();
    person.project.remove();
  });

  const mirror = (...args: string[]) => person.gantry("mirror", ...args);

  it("copies an image with its platforms into a repository that it makes, and again nothing", async () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const kms = new KMSClient({ region, credentials, endpoint: bench.emulator.url });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    await kms.send(
      new CreateAliasCommand({ AliasName: "alias/shop--staging", TargetKeyId: KeyMetadata?.KeyId }),
    );
    const made = await mirror(`${host}/tools/cache:7.4`, "--yes");
    assert.equal(made.code, 0, made.stderr);
    const tag = `cache-7.4-${registry.digest.slice(7, 19)}`;
    assert.match(
      made.stderr,
      /the repository shop\/staging\.mirror is made in account 123456789012, eu-west-1: .*environment's key arn:/,
    );
    assert.match(
      made.stderr,
      new RegExp(`is copied: shop/staging\\.mirror:${tag}, X86_64 .* MB, ARM64`),
    );

    const { repositories = [] } = await bench.clients.ecr.send(new DescribeRepositoriesCommand({}));
    const [{ repositoryUri, repositoryArn, ...repository }] = repositories;
    assert.equal(made.stdout, `${repositoryUri}@${registry.digest}\n`);
    assert.deepEqual(
      [
        repository.imageTagMutability,
        repository.imageScanningConfiguration,
        repository.encryptionConfiguration,
      ],
      ["IMMUTABLE", { scanOnPush: true }, { encryptionType: "KMS", kmsKey: KeyMetadata?.Arn }],
    );
    const { tags = [] } = await bench.clients.ecr.send(
      new ListTagsForResourceCommand({ resourceArn: repositoryArn }),
    );
    assert.deepEqual(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])), {
      ...{ "gantry:name": "shop", "gantry:stack": "staging" },
    });
    const { imageDetails = [] } = await bench.clients.ecr.send(
      new DescribeImagesCommand({ repositoryName: "shop/staging.mirror" }),
    );
    assert.equal(imageDetails.length, 3, "the index, and the image of each platform");

    const calls = await bench.callsOf(async () => {
      const again = await mirror(`${host}/tools/cache:7.4`);
      assert.deepEqual([again.code, again.stdout], [0, made.stdout]);
      assert.match(again.stderr, /is there already/);
    });
    assert.deepEqual(
      Object.keys(calls).filter((call) => !/:(Describe|List|Get)/.test(call)),
      [],
    );
  });

  it("does nothing before somebody agrees", async () => {
    const { code, stderr } = await mirror(
      `${host}/tools/cache@${registry.digest}`,
      "--as",
      "store",
    );
    assert.equal(code, 1);
    assert.match(
      stderr,
      /is copied with all of its platforms to shop\/staging\.mirror:store-[0-9a-f]{12} /,
    );
    assert.match(stderr, /give --yes/);
    const { repositories } = await bench.clients.ecr.send(new DescribeRepositoriesCommand({}));
    assert.deepEqual(repositories, []);
  });

  const faults: readonly (readonly [what: string, args: readonly string[], told: RegExp])[] = [
    ["no version", ["redis"], /redis has no version: name one, such as redis:1\.2\.3/],
    ["no image", ["Redis:7 4"], /is no image: name one as redis:7\.4/],
    [
      "ECR",
      ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1"],
      /in a repository of ECR already/,
    ],
    ["its name", ["redis:7.4", "--as", "Redis"], /Redis is no name for a copy/],
  ];
  for (const [what, args, told] of faults) {
    it(`refuses before anything is asked: ${what}`, async () => {
      const { code, stdout, stderr } = await mirror(...args, "--yes");
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, told);
    });
  }

  it("says that there is none", async () => {
    const { code, stdout, stderr } = await mirror(`${host}/tools/cache:7.5`, "--yes");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /tools\/cache:7\.5 cannot be read; nothing was copied\. There is none/);
  });
});
