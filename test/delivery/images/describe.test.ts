import assert from "node:assert/strict";
import { imagetools, skopeo, type ImageRegistry } from "../../../delivery/images/registry";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const reference = "registry.example.com/shop/web:1";

describe("what a registry says of an image", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-describe-"));
    env = { PATH: [folder, process.env.PATH].join(delimiter), HOME: folder };
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Both tools, which answer the same manifest and configuration. */
  function tools(manifest: object, config: object): [name: string, registry: ImageRegistry][] {
    for (const [name, content] of Object.entries({ manifest, config })) {
      writeFileSync(join(folder, name), JSON.stringify(content));
    }
    for (const tool of ["skopeo", "docker"]) {
      writeFileSync(
        join(folder, tool),
        `#!/bin/sh\ncase "$*" in *--raw*) cat ${folder}/manifest;; *) cat ${folder}/config;; esac\n`,
      );
      chmodSync(join(folder, tool), 0o755);
    }
    return [
      ["skopeo", skopeo(env)],
      ["docker buildx", imagetools(env)],
    ];
  }

  const platform = { architecture: "amd64", os: "linux" };
  for (const [what, config, user] of [
    ["a user", { ...platform, config: { User: "1000:1000" } }, "1000:1000"],
    ["an empty user", { ...platform, config: { User: "" } }, ""],
    ["no user", { ...platform, config: {} }, ""],
    ["no configuration of a container", platform, ""],
  ] as const) {
    it(`has whom it runs as, where that says ${what}`, async () => {
      for (const [tool, registry] of tools({ config: {} }, config)) {
        assert.equal((await registry.inspect(reference)).user, user, tool);
      }
    });
  }

  it("does not have it of an index, whose images may differ", async () => {
    const manifests = [{ digest: `sha256:${"a".repeat(64)}`, platform }];
    for (const [tool, registry] of tools({ manifests }, {})) {
      assert.ok(!("user" in (await registry.inspect(reference))), tool);
    }
  });
});
