import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { originOf } from "../../cli/session";
import { releaseOf } from "./support/aTarget";

describe("where a release comes from", () => {
  let folder: string;
  const release = releaseOf({});

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gantry-origin-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  async function originBeside(evidence: object | string): Promise<unknown> {
    const text = typeof evidence === "string" ? evidence : JSON.stringify(evidence);
    writeFileSync(join(folder, "evidence.json"), text);
    return originOf("/nowhere", join(folder, "release.json"), release);
  }

  const verification = {
    ...{ release: release.id, passed: true, services: {}, at: "2026-01-31T12:30:00Z" },
  };

  it("is what the evidence beside it says: the time of its commit, and of its verification", async () => {
    const committedAt = "2026-01-31T10:00:00+01:00";
    assert.deepEqual(await originBeside({ release: release.id, committedAt, verification }), {
      committedAt: "2026-01-31T09:00:00.000Z",
      verifiedAt: "2026-01-31T12:30:00.000Z",
    });
  });

  it("is no verification that failed, and no time that is none", async () => {
    const failed = { ...verification, passed: false };
    const given = { release: release.id, committedAt: "soon", verification: failed };
    assert.deepEqual(await originBeside(given), {});
  });

  it("is not known, and fails nothing, where the evidence is missing, malformed or of another release", async () => {
    const missing = await originOf("/nowhere", join(folder, "release.json"), release);
    assert.equal(missing, undefined);
    assert.equal(await originBeside("{"), undefined);
    assert.equal(await originBeside({ release: 1 }), undefined);
    const other = { release: "11111111-1", committedAt: "2026-01-31T10:00:00Z" };
    assert.equal(await originBeside(other), undefined);
  });
});
