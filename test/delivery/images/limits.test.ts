import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findBuilder, type BuilderName } from "../../../delivery/images/builder";
import type { ToolLimits } from "../../../delivery/images/limits";
import { findRegistry } from "../../../delivery/images/registry";

/** Short enough for a test, and long enough for a shell to start. */
const limits: ToolLimits = { askMs: 2000, inspectMs: 300, transferMs: 300, buildMs: 300 };
const request = {
  ...{ context: ".", dockerfile: "Dockerfile", buildArgs: {}, platform: "linux/amd64" },
  reference: "registry.example.com/shop/web:1",
};

describe("tools of images that never answer (row F7)", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-tools-"));
    env = { PATH: [folder, process.env.PATH].join(delimiter), HOME: folder };
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A tool that answers what it is asked about itself, and hangs on everything else. */
  function tool(name: string, ...answers: readonly string[]): void {
    const cases = answers.map((pattern) => `*"${pattern}"*) exit 0;;`).join("\n");
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\ncase "$*" in\n${cases}\nesac\nsleep 600 &\necho waiting\nwait\n`,
    );
    chmodSync(join(folder, name), 0o755);
  }

  const noTool = (name: string) =>
    writeFileSync(join(folder, name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });

  const builders: readonly (readonly [BuilderName, ...string[]])[] = [
    ["docker", "version"],
    ["podman", "info"],
    ["buildah", "info"],
  ];
  for (const [name, ...answers] of builders) {
    it(`${name}: build and push fail in time, with its last lines`, async () => {
      tool(name, ...answers);
      noTool("crun");
      noTool("runc");
      const options = { env: { ...env, GANTRY_BUILDER: name }, onOutput: () => undefined, limits };
      const builder = await findBuilder(options);
      for (const work of [() => builder.build(request), () => builder.push(request.reference)]) {
        await assert.rejects(work(), (error: Error & { details?: string[] }) => {
          assert.match(error.message, /took too long and was ended after 0 s/);
          assert.deepEqual(error.details, ["waiting"]);
          return true;
        });
      }
    });
  }

  it("docker: an engine that does not answer is no builder, and is told", async () => {
    tool("docker");
    const options = { env: { ...env, GANTRY_BUILDER: "docker" }, onOutput: () => undefined };
    await assert.rejects(
      findBuilder({ ...options, limits: { ...limits, askMs: 300 } }),
      (error: Error & { details?: string[] }) => {
        assert.match(String(error.details), /docker: version took too long and was ended/);
        return true;
      },
    );
  });

  for (const [name, answer] of [
    ["skopeo", "--version"],
    ["docker", "buildx version"],
  ]) {
    it(`${name}: an inspection and a copy fail in time`, async () => {
      if (name === "docker") noTool("skopeo");
      tool(name, answer);
      const registry = await findRegistry(env, limits);
      const { reference } = request;
      await assert.rejects(registry.inspect(reference), /reading the image .* took too long/);
      await assert.rejects(registry.copy(reference, reference), /copying .* took too long/);
    });
  }
});
