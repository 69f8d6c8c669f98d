import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { Registry } from "../../../components";
import {
  builtImage,
  contentHash,
  type BuiltImageArgs,
} from "../../../components/service/builtImage";
import { record, valueOf, type RecordingOptions } from "../../support/record";

type Files = Readonly<Record<string, string>>;

const folders: string[] = [];

function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), "gantry-image-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) write(folder, path, content);
  return folder;
}

function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Files of a few folders; no name is both a file and a folder. */
const files = fc.dictionary(
  fc
    .tuple(fc.constantFrom("", "src/", "src/routes/"), fc.stringMatching(/^[a-e]{1,2}\.ts$/))
    .map(([folder, name]) => `${folder}${name}`),
  fc.string({ maxLength: 20 }),
  { minKeys: 1, maxKeys: 5 },
);

const few = { numRuns: 40 };

describe("contentHash", () => {
  it("is twelve hexadecimal digits, which a tag may hold", () => {
    assert.match(contentHash(folderOf({ Dockerfile: "FROM scratch" })), /^[0-9a-f]{12}$/);
  });

  it("of the same content is the same, in another folder and in another order of writing", () => {
    const property = fc.property(files, (content) => {
      const reversed = Object.fromEntries(Object.entries(content).reverse());
      assert.equal(contentHash(folderOf(content)), contentHash(folderOf(reversed)));
    });
    fc.assert(property, few);
  });

  it("changes with the content of any file", () => {
    const property = fc.property(files, fc.nat(), (content, choice) => {
      const folder = folderOf(content);
      const before = contentHash(folder);
      const path = Object.keys(content)[choice % Object.keys(content).length];
      write(folder, path, `${content[path]}+`);
      assert.notEqual(contentHash(folder), before);
    });
    fc.assert(property, few);
  });

  it("changes with the name of any file, and with the folder it is in", () => {
    const property = fc.property(files, fc.nat(), (content, choice) => {
      const path = Object.keys(content)[choice % Object.keys(content).length];
      const { [path]: moved, ...rest } = content;
      const before = contentHash(folderOf(content));
      assert.notEqual(contentHash(folderOf({ ...rest, [`${path}x`]: moved })), before);
      assert.notEqual(contentHash(folderOf({ ...rest, [`lib/${path}`]: moved })), before);
    });
    fc.assert(property, few);
  });

  it("changes with a file that comes or goes, an empty one too", () => {
    const property = fc.property(files, (content) => {
      const folder = folderOf(content);
      const before = contentHash(folder);
      write(folder, "empty.txt", "");
      assert.notEqual(contentHash(folder), before);
    });
    fc.assert(property, few);
  });

  it("tells where one file ends and the next begins", () => {
    const alike: Files[] = [{ a: "1", b: "2" }, { a: "12", b: "" }, { a: "1b\0" + "2" }];
    assert.equal(new Set(alike.map((content) => contentHash(folderOf(content)))).size, 3);
  });

  for (const ignored of ["node_modules", ".git", "dist", "packages/api/node_modules"]) {
    it(`ignores ${ignored}, which no image is made of`, () => {
      const folder = folderOf({ Dockerfile: "FROM scratch" });
      const before = contentHash(folder);
      write(folder, `${ignored}/express/index.js`, "module.exports = 1;");
      assert.equal(contentHash(folder), before);
    });
  }

  it("heeds a file that is only called like an ignored folder", () => {
    const folder = folderOf({ Dockerfile: "FROM scratch" });
    const before = contentHash(folder);
    write(folder, "dist", "a file");
    assert.notEqual(contentHash(folder), before);
  });

  it("follows no link, which could lead round and round", () => {
    const folder = folderOf({ Dockerfile: "FROM scratch" });
    symlinkSync(".", join(folder, "self"));
    assert.match(contentHash(folder), /^[0-9a-f]{12}$/);
  });
});

describe("builtImage", () => {
  const repositoryUrl = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-staging/web";
  const imageType = "docker:index/image:Image";

  function built(more: Partial<BuiltImageArgs> = {}, options?: RecordingOptions) {
    const context = folderOf({ Dockerfile: "FROM scratch" });
    const args = { context, repositoryUrl, architecture: "X86_64", ...more } as const;
    return record(() => {
      const registry = new Registry(
        "shop",
        { environment: "staging", repositories: {} },
        { protect: true },
      );
      return { image: builtImage("shop-web", args, registry), context };
    }, options);
  }

  it("builds the folder, tags it by its content, and pushes with a token of ECR", async () => {
    const { one, value } = await built();
    const { inputs, name } = one(imageType);
    assert.equal(name, "shop-web-bootstrap");
    assert.equal(inputs.imageName, `${repositoryUrl}:bootstrap-${contentHash(value.context)}`);
    const { context, platform } = inputs.build as Record<string, unknown>;
    assert.deepEqual([context, platform], [value.context, "linux/amd64"]);
    assert.deepEqual(pulumi.runtime.unwrapRpcSecret(inputs.registry), {
      server: repositoryUrl,
      username: "AWS",
      password: "registry-password",
    });
  });

  it("keeps the registry's password a secret", async () => {
    const { one } = await built();
    assert.ok(pulumi.runtime.isRpcSecret(one(imageType).inputs.registry));
  });

  it("builds for the architecture that the task runs on", async () => {
    const { one } = await built({ architecture: "ARM64" });
    const { platform } = one(imageType).inputs.build as Record<string, unknown>;
    assert.equal(platform, "linux/arm64");
  });

  it("runs by digest, though it was pushed by tag", async () => {
    const { value } = await built();
    assert.equal(await valueOf(value.image.uri), `${repositoryUrl}@sha256:${"b".repeat(64)}`);
  });

  it("goes when the first release takes its place, though the registry is protected", async () => {
    const { one } = await built();
    assert.equal(one("gantry:index:Registry").options.protect, true);
    assert.equal(one(imageType).options.protect, false);
  });

  it("previews while the repository is not there yet", async () => {
    const repositoryUrl = pulumi.output(pulumi.unknown as unknown as string);
    const { one } = await built({ repositoryUrl }, { preview: true });
    assert.ok(pulumi.isUnknown(one(imageType).inputs.imageName));
  });

  it("fails when the folder has no Dockerfile, before Docker is asked", async () => {
    const context = folderOf({ "main.ts": "" });
    await assert.rejects(built({ context }), (error) => {
      assert.ok(error instanceof pulumi.RunError);
      assert.equal(
        error.message,
        `There is no Dockerfile in ${context}, which bootstrap: build needs. ` +
          "Correct the service's path, or set bootstrap: placeholder.",
      );
      return true;
    });
  });
});
