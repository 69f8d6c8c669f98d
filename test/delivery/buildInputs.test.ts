import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildInputs } from "../../delivery/buildInputs";
import { DeliveryError } from "../../delivery/errors";
import type { Values } from "../stacks/config/support";
import { aTarget } from "./support/aTarget";

describe("what an image is built from", () => {
  let place: string;
  let folder: string;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "gantry-inputs-"));
    folder = join(place, "repository");
  });

  afterEach(() => rmSync(place, { recursive: true }));

  function lay(path: string, content = ""): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  function git(...args: string[]): string {
    const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    return execFileSync("git", ["-C", folder, ...identity, ...args], { encoding: "utf8" }).trim();
  }

  /** A monorepo with a commit, of which `api` copies one package. */
  function repository(): string {
    lay("services/api/Dockerfile", "FROM scratch\n");
    lay("services/api/Dockerfile.dockerignore", "*\n!packages/shared\n");
    lay("packages/shared/a.js");
    lay("packages/other/b.js");
    lay(".gitignore", "*.log\n");
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "feat: first");
    return git("rev-parse", "HEAD");
  }

  const monorepo = { context: ".", dockerfile: "services/api/Dockerfile" };

  const inputs = (id: string, build: Values[string] = monorepo) => {
    const target = aTarget({ services: { api: { build } } }, folder);
    const { build: given, architecture } = target.config.services.api;
    assert.ok(given);
    return buildInputs(target, { build: given, architecture }, { id, origin: "git" });
  };

  async function refusal(promise: Promise<unknown>): Promise<DeliveryError> {
    const refused = await promise.catch((error: unknown) => error);
    assert.ok(refused instanceof DeliveryError, String(refused));
    return refused;
  }

  it("are full paths, the stage, the arguments and the architecture", async () => {
    const build = { ...monorepo, target: "runtime", args: { EDITION: "full" } };
    const secrets = { NPM_TOKEN: "shop/npm:token" };
    assert.deepEqual(await inputs(repository(), { ...build, secrets }), {
      context: folder,
      dockerfile: join(folder, "services/api/Dockerfile"),
      target: "runtime",
      buildArgs: { EDITION: "full" },
      secrets,
      architecture: "X86_64",
    });
  });

  it("are the commit's where only files differ that the builder does not see, or git ignores", async () => {
    const id = repository();
    lay("packages/other/b.js", "changed");
    lay("packages/other/new.js");
    lay("packages/shared/a.log");
    await inputs(id);
  });

  for (const [title, path] of [
    ["a file that is copied", "packages/shared/a.js"],
    ["a new file that is copied", "packages/shared/new file.js"],
    ["the Dockerfile, which is not", "services/api/Dockerfile"],
    ["the ignore file beside it", "services/api/Dockerfile.dockerignore"],
  ] as const) {
    it(`fail when the work tree differs from the commit in ${title}`, async () => {
      const id = repository();
      lay(path, "*\n!packages/shared\n# changed\n");
      const { message, details } = await refusal(inputs(id));
      assert.match(message, /differs from commit [0-9a-f]{8}; .*Commit the changes/);
      assert.deepEqual(
        details.map((line) => line.slice(3)),
        [path],
      );
    });
  }

  it("fail when the context or the Dockerfile is a link out of the repository", async () => {
    const id = repository();
    mkdirSync(join(place, "elsewhere"));
    writeFileSync(join(place, "elsewhere/Dockerfile"), "FROM scratch\n");
    symlinkSync(join(place, "elsewhere"), join(folder, "api"));
    symlinkSync("../../elsewhere/Dockerfile", join(folder, "services/Dockerfile"));
    assert.match((await refusal(inputs(id, "api"))).message, /^api is a link out of the rep/);
    const { message } = await refusal(inputs(id, { dockerfile: "services/Dockerfile" }));
    assert.match(message, /^services\/Dockerfile is a link out of the repository, to .*elsewhere/);
  });

  it("may be links within it", async () => {
    repository();
    symlinkSync("services/api", join(folder, "api"));
    git("add", "api");
    git("commit", "--quiet", "--message", "feat: a link");
    const id = git("rev-parse", "HEAD");
    const { context } = await inputs(id, "api");
    assert.equal(context, join(folder, "api"));
    lay("services/api/Dockerfile", "FROM scratch AS changed\n");
    const { message, details } = await refusal(inputs(id, "api"));
    assert.match(message, /^services\/api differs from commit/);
    assert.deepEqual(details, [" M services/api/Dockerfile"]);
  });
});
