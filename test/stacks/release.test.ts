import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import { log, RunError } from "@pulumi/pulumi";
import { environmentNames } from "../../contract/names";
import { parseRelease, ReleaseError } from "../../contract/manifest";
import { variables } from "../../contract/variables";
import { readRelease } from "../../stacks/release";
import { record } from "../support/record";
import { aRelease, pointer } from "./support";

const release = aRelease(["web"]);
const [image] = Object.values(release.images);
const origin = "the release pointer /gantry/shop/staging/release in SSM";

function malformed(given: unknown): string {
  return typeof given === "string" ? given : JSON.stringify(given);
}

describe("parseRelease", () => {
  it("reads what delivery wrote", () => {
    assert.deepEqual(parseRelease(JSON.stringify(release), origin), release);
  });

  it("reads a release of several services", () => {
    const several = aRelease(["web", "jobs", "order-mailer"]);
    assert.deepEqual(parseRelease(JSON.stringify(several), origin), several);
  });

  describe("failures", () => {
    const withImage = (more: object) => ({ ...release, images: { web: { ...image, ...more } } });
    const without = (key: keyof typeof release) => ({ ...release, [key]: undefined });
    const table: [string, unknown, RegExp][] = [
      ["it is no JSON", "3f9c2a1b-17", /it is not JSON: "3f9c2a1b-17"/],
      ["it is empty", "", /it is not JSON: ""/],
      ["it is cut off", '{"id": "3f9c2a1b-17", ', /it is not JSON: "\{\\"id\\"/],
      ["it is a list", [], /it: Invalid input: expected object, received array/],
      ["it is null", null, /it: Invalid input: expected object, received null/],
      ["there is no id", without("id"), /^ {2}id: /m],
      ["there is no commit", without("commit"), /^ {2}commit: /m],
      ["there are no images", without("images"), /^ {2}images: /m],
      ["the id has no build number", { ...release, id: "3f9c2a1b" }, /id: such as 3f9c2a1b-17/],
      [
        "the id is of another commit",
        { ...release, id: "00000000-17" },
        /id: 00000000-17 does not begin as the commit 3f9c2a1b/,
      ],
      [
        "the commit is cut short",
        { ...release, commit: "3f9c2a1b" },
        /commit: a full commit, 40 hexadecimal digits/,
      ],
      [
        "the time is in no zone",
        { ...release, createdAt: "2026-01-31T12:00:00" },
        /createdAt: a time in UTC, such as 2026-01-31T12:00:00Z/,
      ],
      [
        "the digest is too short",
        withImage({ digest: "sha256:abc" }),
        /images\.web\.digest: sha256: and 64 hexadecimal digits/,
      ],
      [
        "the digest is of another kind",
        withImage({ digest: `sha512:${"a".repeat(64)}` }),
        /images\.web\.digest: sha256: and/,
      ],
      ["the tag is none", withImage({ tag: "-1" }), /images\.web\.tag: an image tag/],
      [
        "the repository carries a digest already",
        withImage({ uri: `${image.uri}@${image.digest}` }),
        /images\.web\.uri: a repository, without tag or digest/,
      ],
      ["an image has no tag", withImage({ tag: undefined }), /images\.web\.tag: /],
      [
        "an image says more than it should",
        withImage({ command: ["sh"] }),
        /images\.web: Unrecognized key: "command"/,
      ],
      [
        "it says more than it should",
        { ...release, approvedBy: "me" },
        /it: Unrecognized key: "approvedBy"/,
      ],
    ];
    for (const [fault, given, message] of table) {
      it(`fails when ${fault}`, () => {
        assert.throws(
          () => parseRelease(malformed(given), origin),
          (error) => {
            assert.ok(error instanceof ReleaseError);
            assert.match(error.message, message);
            return true;
          },
        );
      });
    }

    it("names the origin and every fault, and what to do", () => {
      const given = { ...release, id: "17", commit: "main" };
      assert.throws(() => parseRelease(JSON.stringify(given), origin), {
        message:
          `${origin} is malformed; nothing was changed:\n` +
          "  id: such as 3f9c2a1b-17\n" +
          "  commit: a full commit, 40 hexadecimal digits\n" +
          "A release names id, commit, createdAt and, for each service, an image with uri, tag and digest.\n" +
          "Put back the manifest of the last good release.",
      });
    });

    it("repeats no more of a text than a line", () => {
      assert.throws(
        () => parseRelease("x".repeat(10_000), origin),
        ({ message }: Error) => message.length < 500,
      );
    });

    it("are errors that Pulumi prints without a stack trace", () => {
      assert.ok(RunError.isInstance(new ReleaseError("malformed")));
    });
  });
});

describe("readRelease", () => {
  const names = environmentNames({ name: "shop", stack: "staging" });
  const text = JSON.stringify(release);
  const read = (calls = {}) => record(() => readRelease(names), { calls });
  let folder: string;

  function manifest(content: string): string {
    const path = join(folder, "release.json");
    writeFileSync(path, content);
    return path;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-release-"));
    delete process.env[variables.release];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    delete process.env[variables.release];
  });

  it("is undefined before the first release, and asks by path so that this is no error, decrypting nothing", async () => {
    const { value, calls } = await read();
    assert.equal(value, undefined);
    assert.deepEqual(calls, [
      {
        token: "aws:ssm/getParametersByPath:getParametersByPath",
        inputs: { path: "/gantry/shop/staging", withDecryption: false },
      },
    ]);
  });

  it("is what the pointer says", async () => {
    assert.deepEqual((await read(pointer({ [names.releasePointer]: text }))).value, release);
  });

  it("is one that awaits its verification where the pointer says so", async () => {
    const awaited = { ...release, awaitsVerification: true };
    const given = pointer({ [names.releasePointer]: JSON.stringify(awaited) });
    assert.deepEqual((await read(given)).value, awaited);
  });

  describe("of an environment that sleeps", () => {
    const since = "asleep since 2026-01-31T12:00:00.000Z, by ada: the night";
    const found = pointer({ [names.sleepMarker]: since, [names.releasePointer]: text });
    const why = new RegExp(
      `^staging is ${since.replace(/[()]/g, "\\$&")}: an update would start tasks of some services, .* gantry wake --stack staging\\. `,
    );

    it("is refused where it would be changed, as an error that Pulumi prints without a trace", async () => {
      await assert.rejects(read(found), (error: Error) => {
        assert.ok(RunError.isInstance(error));
        assert.match(error.message, why);
        assert.match(error.message, /Nothing was changed\.$/);
        return true;
      });
    });

    it("is read in a preview, which warns", async () => {
      const warned = mock.method(log, "warn", () => Promise.resolve());
      try {
        const previewed = await record(() => readRelease(names), { calls: found, preview: true });
        assert.deepEqual(previewed.value, release);
        const [told] = warned.mock.calls[0].arguments as [string];
        assert.match(told, why);
        assert.match(told, /Until then pulumi up is refused\.$/);
      } finally {
        warned.mock.restore();
      }
    });

    it("is deployed by whoever was let through, which asks the ledger", async () => {
      process.env[variables.release] = manifest(text);
      assert.deepEqual((await read(found)).value, release);
    });
  });

  it("takes no other parameter below the path for the pointer", async () => {
    const others = { [`${names.releasePointerPath}/releases`]: "other" };
    assert.equal((await read(pointer(others))).value, undefined);
    const all = { ...others, [names.releasePointer]: text, [`${names.releasePointerPath}/z`]: "z" };
    assert.deepEqual((await read(pointer(all))).value, release);
  });

  it("is the candidate that GANTRY_RELEASE names, and then SSM is not asked", async () => {
    process.env[variables.release] = manifest(text);
    const { value, calls } = await read(pointer({ [names.releasePointer]: "malformed" }));
    assert.deepEqual([value, calls], [release, []]);
  });

  it("is the pointer's where GANTRY_RELEASE is empty", async () => {
    process.env[variables.release] = "";
    assert.deepEqual((await read(pointer({ [names.releasePointer]: text }))).value, release);
  });

  it("fails when the pointer is malformed, naming it", async () => {
    await assert.rejects(
      read(pointer({ [names.releasePointer]: "{}" })),
      /^ReleaseError|the release pointer \/gantry\/shop\/staging\/release in SSM is malformed/,
    );
  });

  it("fails when the candidate is malformed, naming its file", async () => {
    const path = manifest("{}");
    process.env[variables.release] = path;
    await assert.rejects(read(), ({ message }: Error) =>
      message.startsWith(`the release manifest ${path} is malformed; nothing was changed:`),
    );
  });

  it("fails when the candidate cannot be read, and does not fall back on the pointer", async () => {
    process.env[variables.release] = join(folder, "absent.json");
    await assert.rejects(read(pointer({ [names.releasePointer]: text })), (error) => {
      assert.ok(error instanceof ReleaseError);
      assert.match(
        error.message,
        /^GANTRY_RELEASE names a release manifest that cannot be read: ENOENT.*absent\.json/,
      );
      assert.match(error.message, /unset GANTRY_RELEASE to keep the running release\.$/);
      return true;
    });
  });
});
