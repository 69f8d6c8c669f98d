import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commitDetails, findCommit, requireUnchanged } from "../../delivery/commit";
import { DeliveryError } from "../../delivery/errors";

const one = "3f9c2a1b00000000000000000000000000000000";
const two = "4a0d3b2c11111111111111111111111111111111";
const project = join(__dirname, "../..");

describe("commit", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-commit-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const identity = { GIT_AUTHOR_NAME: "Ada", GIT_COMMITTER_NAME: "Ada" };
  const emails = { GIT_AUTHOR_EMAIL: "ada@example.com", GIT_COMMITTER_EMAIL: "ada@example.com" };

  function git(...args: string[]): string {
    const date = "2026-01-31T12:00:00Z";
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const env = { ...process.env, ...identity, ...emails, ...dates };
    return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", env }).trim();
  }

  function repository(): string {
    git("init", "--quiet");
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app/a"), "a");
    for (const name of ["COMMIT", ".gitattributes"]) {
      writeFileSync(join(folder, name), readFileSync(join(project, name)));
    }
    git("add", ".");
    git("commit", "--quiet", "--message", "feat: first\n\nbody");
    return git("rev-parse", "HEAD");
  }

  describe("findCommit", () => {
    it("takes GANTRY_COMMIT before all", async () => {
      repository();
      writeFileSync(join(folder, "COMMIT"), `${two}\n`);
      const found = await findCommit(folder, { GANTRY_COMMIT: one });
      assert.deepEqual(found, { id: one, origin: "GANTRY_COMMIT" });
    });

    it("takes a file COMMIT that was filled in before git", async () => {
      repository();
      writeFileSync(join(folder, "COMMIT"), `${two}\n`);
      assert.deepEqual(await findCommit(folder, {}), { id: two, origin: "COMMIT" });
    });

    it("does not take the file as it is in the repository for one", async () => {
      const head = repository();
      assert.deepEqual(await findCommit(folder, {}), { id: head, origin: "git" });
      assert.deepEqual(await findCommit(folder, { GANTRY_COMMIT: "" }), {
        id: head,
        origin: "git",
      });
    });

    it("is filled in by git archive, as this repository says", () => {
      const head = repository();
      const archived = execFileSync(
        "sh",
        ["-c", `git -C "${folder}" archive HEAD COMMIT | tar -xO COMMIT`],
        { encoding: "utf8" },
      );
      assert.equal(archived.trim(), head);
    });

    it("fails when GANTRY_COMMIT is no full commit", async () => {
      await assert.rejects(
        findCommit(folder, { GANTRY_COMMIT: "3f9c2a1b" }),
        /GANTRY_COMMIT is "3f9c2a1b"; set it to a full commit, 40 hexadecimal digits/,
      );
    });

    it("fails when nobody knows it, naming the three places", async () => {
      await assert.rejects(findCommit(folder, {}), /GANTRY_COMMIT is not set.*COMMIT.*no git/s);
    });
  });

  describe("requireUnchanged", () => {
    it("passes a clean folder, and changes elsewhere", async () => {
      const id = repository();
      writeFileSync(join(folder, "elsewhere"), "");
      await requireUnchanged(folder, ["app"], { id, origin: "git" }, () => true);
    });

    it("fails when files below the path were changed or added", async () => {
      const id = repository();
      writeFileSync(join(folder, "app/a"), "b");
      writeFileSync(join(folder, "app/new"), "");
      const refused = await requireUnchanged(
        folder,
        ["app"],
        { id, origin: "git" },
        () => true,
      ).catch((error: unknown) => error);
      assert.ok(refused instanceof DeliveryError);
      assert.match(refused.message, /^app differs from commit [0-9a-f]{8}; .*Commit the changes/);
      assert.deepEqual(refused.details, [" M app/a", "?? app/new"]);
      await requireUnchanged(folder, ["app"], { id, origin: "GANTRY_COMMIT" }, () => true);
    });
  });

  describe("commitDetails", () => {
    it("tells subject, author and time", async () => {
      const id = repository();
      assert.deepEqual(await commitDetails(folder, id), {
        subject: "feat: first",
        author: "Ada",
        committedAt: "2026-01-31T12:00:00.000Z",
      });
    });

    it("tells nothing of a commit that is not there, and without a repository", async () => {
      assert.equal(await commitDetails(folder, one), undefined);
      repository();
      assert.equal(await commitDetails(folder, one), undefined);
    });
  });
});
