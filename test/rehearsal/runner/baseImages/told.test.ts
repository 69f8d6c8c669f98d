import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { DeliveryError } from "../../../../delivery/errors";
import { prepareBaseImages } from "../../../../rehearsal/runner/baseImages";

describe("a base image that can neither be had nor made", function () {
  if (process.platform !== "linux") return;
  let folder: string;
  const before = { path: process.env.PATH, fetch: globalThis.fetch };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-told-"));
    const bin = join(folder, "bin");
    mkdirSync(bin);
    process.env.PATH = [bin, before.path].join(delimiter);
    const builder =
      '#!/bin/sh\n[ "$1" = build ] || exit 0\necho "no space left on device" >&2; exit 125\n';
    writeFileSync(join(bin, "buildah"), builder, { mode: 0o755 });
    for (const tool of ["skopeo", "docker", "podman"]) {
      writeFileSync(join(bin, tool), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    }
    globalThis.fetch = () => Promise.reject(new Error("no network"));
  });

  afterEach(() => {
    process.env.PATH = before.path;
    globalThis.fetch = before.fetch;
    rmSync(folder, { recursive: true, force: true });
  });

  it("is told with what the builder said, and with who is built on it", async () => {
    const dockerfile = join(folder, "Dockerfile");
    writeFileSync(dockerfile, "FROM busybox:1.37\n");
    const services = [{ name: "site", dockerfile, buildArgs: {} }];
    const tools = { builder: "buildah", env: {}, simulated: [] } as const;
    await assert.rejects(prepareBaseImages(services, tools), (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.match(error.message, /no stand-in for it can be made: .*exit code 125/);
      const [said, where] = error.details;
      assert.deepEqual(
        [said, where],
        ["| no space left on device", "busybox:1.37 (services.site)"],
      );
      return true;
    });
  });
});
