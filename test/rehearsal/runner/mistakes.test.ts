import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cutBehindStage } from "../../../rehearsal/runner/dockerfileStages";
import { imageSettings } from "../../../rehearsal/runner/standIn/dockerfile";
import {
  cannotStart,
  commitMistake,
  failsVerification,
  readSource,
} from "../../../rehearsal/runner/mistakes";
import { changedFiles, commit, copyRepository } from "../../../rehearsal/runner/repository";
import { Folders } from "./support";

const sample = readFileSync(join(__dirname, "../../../app/Dockerfile"), "utf8");

describe("a container that cannot start", () => {
  for (const [title, dockerfile] of [
    ["a command", 'FROM a\nCMD ["node", "a.js"]'],
    ["an entry point", 'FROM a\nENTRYPOINT ["node", "a.js"]\n'],
    ["both", 'FROM a\nENTRYPOINT ["node"]\nCMD ["a.js"]\n\n'],
    ["its base image's", "FROM a\n"],
    ["the sample's", sample],
  ] as const) {
    it(`is made of an image with ${title}`, () => {
      const broken = cannotStart.make(dockerfile) ?? "";
      const { Entrypoint = [] } = imageSettings(broken, {});
      assert.deepEqual(Entrypoint.slice(0, 2), ["sh", "-c"]);
      assert.match(Entrypoint[2], /exit 127/);
      assert.ok(broken.startsWith(dockerfile.trimEnd()), "what was there stays");
    });
  }
});

describe("of a Dockerfile with several stages", () => {
  const stages =
    "FROM a AS build\nRUN make\n\nFROM a AS Runtime\nCMD run\nFROM b AS tests\nRUN it\n";

  it("is made of the image of the stage that is built", () => {
    const broken = cannotStart.make(stages, "runtime") ?? "";
    const [built, rest] = cutBehindStage(broken, "runtime");
    assert.match(built, /^FROM a AS Runtime\nCMD run\nENTRYPOINT \["sh", .*exit 127"\]$/m);
    assert.equal(rest, "FROM b AS tests\nRUN it\n");
    assert.deepEqual(cutBehindStage(broken, "1"), [built, rest]);
  });

  it("is made of the last one, where that is built", () => {
    for (const target of [undefined, "tests", "2"]) {
      assert.match(cannotStart.make(stages, target) ?? "", /RUN it\nENTRYPOINT .*\n$/);
    }
  });

  it("fails when there is no such stage", () =>
    assert.throws(() => cannotStart.make(stages, "release"), /has no stage release/));
});

describe("a verification that fails", () => {
  it("is that of the sample without its commit, and nothing else changes", () => {
    const broken = failsVerification.make(sample) ?? "";
    const gone = sample.split("\n").filter((line) => !broken.split("\n").includes(line));
    assert.deepEqual(gone, ["ENV GANTRY_COMMIT=${GANTRY_COMMIT}"]);
  });

  it("is nothing for an image that does not tell its commit", () =>
    assert.equal(failsVerification.make("FROM a\n"), undefined));
});

describe("a commit with a mistake", () => {
  const folders = new Folders();
  after(() => folders.remove());

  it("changes the Dockerfile alone, and a later one is in place of it", async () => {
    const checkout = folders.make();
    const repository = await copyRepository(checkout, join(folders.make(), "r"));
    await commit(repository, "feat: a", { "services/api/Dockerfile": sample });
    const file = "services/api/Dockerfile";
    for (const mistake of [cannotStart, failsVerification]) {
      const { id, message } = await commitMistake(repository, mistake, file, sample);
      assert.equal(message, mistake.subject);
      assert.deepEqual(await changedFiles(repository, id), [file]);
      assert.equal(readSource(repository, file), mistake.make(sample));
    }
  });

  it("fails where the mistake does not suit the Dockerfile", async () => {
    const repository = await copyRepository(folders.make(), join(folders.make(), "r"));
    assert.throws(
      () => commitMistake(repository, failsVerification, "Dockerfile", "FROM a\n"),
      /Dockerfile: nothing there can be broken so/,
    );
  });
});
