import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Registry } from "../../../components";
import { contextHash } from "../../../contract/build/contextHash";
import { builtImage, type BuiltImageArgs } from "../../../components/service/builtImage";
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

describe("builtImage", () => {
  const repositoryUrl = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-staging/web";
  const imageType = "docker:index/image:Image";

  const hashOf = (context: string, buildArgs: Files = {}) =>
    contextHash({
      ...{ context, dockerfile: join(context, "Dockerfile"), buildArgs },
      architecture: "X86_64",
    });

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
    assert.equal(inputs.imageName, `${repositoryUrl}:bootstrap-${hashOf(value.context)}`);
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

  it("is built with the arguments that config gives the image", async () => {
    const buildArgs = { NODE_VERSION: "22" };
    const { one, value } = await built({ buildArgs });
    const { inputs } = one(imageType);
    assert.deepEqual((inputs.build as Record<string, unknown>).args, buildArgs);
    assert.equal(
      inputs.imageName,
      `${repositoryUrl}:bootstrap-${hashOf(value.context, buildArgs)}`,
    );
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

  it("is built anew for any file that the builder copies, and for none that it leaves out", async () => {
    const files = {
      Dockerfile: "FROM scratch",
      ".dockerignore": "node_modules\n",
      "dist/a.js": "1",
    };
    const tagOf = async (more: Files) => {
      const { one } = await built({ context: folderOf({ ...files, ...more }) });
      return one(imageType).inputs.imageName;
    };
    const tag = await tagOf({});
    assert.notEqual(await tagOf({ "dist/a.js": "2" }), tag);
    assert.equal(await tagOf({ "node_modules/express/index.js": "x" }), tag);
  });

  it("fails when there is no Dockerfile or no folder, before Docker is asked", async () => {
    const context = folderOf({ "main.ts": "" });
    for (const [args, what] of [
      [{ context }, `there is no ${context}/Dockerfile to build`],
      [{ context: join(context, "no") }, `there is no folder ${join(context, "no")}`],
    ] as const) {
      await assert.rejects(built(args), (error) => {
        assert.ok(error instanceof pulumi.RunError);
        assert.ok(
          error.message.startsWith(`bootstrap: build cannot begin: ${what}`),
          error.message,
        );
        assert.match(
          error.message,
          /correct the service's build.*; or set bootstrap: placeholder$/,
        );
        return true;
      });
    }
  });
});
