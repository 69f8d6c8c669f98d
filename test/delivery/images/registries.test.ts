import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findRegistry } from "../../../delivery/images/registry";

describe("registries that skopeo is told of", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-registries-"));
    const asked = join(folder, "asked");
    writeFileSync(join(folder, "skopeo"), `#!/bin/sh\necho "$*" >> ${asked}\n`, { mode: 0o755 });
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function asked(more: NodeJS.ProcessEnv): Promise<string[]> {
    const PATH = [folder, process.env.PATH].join(delimiter);
    const registry = await findRegistry({ PATH, HOME: folder, ...more });
    await registry.copy("registry.example.com/shop/web:1", "registry.example.com/shop/api:1");
    return readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
  }

  it("are those that the variable of buildah and podman names", async () => {
    const file = join(folder, "registries.conf");
    const [, copy] = await asked({ CONTAINERS_REGISTRIES_CONF: file });
    assert.match(copy, new RegExp(`^copy --registries-conf ${file} --all `));
  });

  it("are the machine's where it names none", async () => {
    const [, copy] = await asked({});
    assert.match(copy, /^copy --all /);
  });
});
