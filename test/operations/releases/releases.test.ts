import assert from "node:assert/strict";
import type { Release } from "../../../contract/manifest";
import type { DeploymentRecord, LedgerNote, LedgerView } from "../../../delivery/ledger";
import { knownReleases, type ReleasesOptions } from "../../../operations/releases/releases";
import { releasesText } from "../../../operations/releases/text";

const at = (minute: number) => `2026-11-30T12:${String(minute).padStart(2, "0")}:00.000Z`;

function release(number: number): Release {
  const tag = String(number).repeat(8);
  const digest = `sha256:${String(number).repeat(64)}`;
  return {
    ...{ id: `${tag}-${number}`, commit: tag.repeat(5), createdAt: at(number) },
    images: { web: { uri: "example.com/web", tag, digest } },
  };
}

function deployed(
  number: number,
  of: number,
  more: Partial<DeploymentRecord> = {},
): DeploymentRecord {
  return {
    ...{ number, kind: "deploy", release: release(of), owner: `e-${number}`, actor: "ada" },
    ...{ begunAt: at(number + 10), status: "verified", releaseCommandDone: false },
    ...{ history: ["begun"], times: {} },
    ...more,
  };
}

const known = (
  records: readonly DeploymentRecord[],
  desired: number | undefined,
  more: Partial<ReleasesOptions> & Partial<LedgerView> = {},
) =>
  knownReleases({
    ...{ stack: "production", limit: 20, others: {} },
    view: { records, notes: more.notes, standing: more.standing },
    desired: desired === undefined ? undefined : release(desired),
    details: () => Promise.resolve(undefined),
    ...more,
  });

const states = async (...args: Parameters<typeof known>) =>
  (await known(...args)).releases.map(({ id, state }) => `${id.at(-1)} ${state}`);

describe("the releases that an environment knows", () => {
  it("have those that wait in the pipeline, or were promoted and are in none", async () => {
    const found = await known([deployed(1, 1)], 1, {
      underWay: [
        { release: release(3).id, execution: "e-3", stage: "Plan", waitsFor: "turn" },
        { release: release(2).id, execution: "e-2", stage: "Approve", waitsFor: "approval" },
        { release: release(1).id, execution: "e-1", stage: "Deploy" },
      ],
      promoted: { id: release(4).id, version: "v", createdAt: at(4), commit: release(4).commit },
      gaps: ["something is not known"],
    });
    const text = releasesText(found, { now: new Date(at(59)), timezone: "Etc/UTC" });
    assert.match(text, /^33333333-3 .* not deployed yet, waits for the stage Plan$/m);
    assert.match(
      text,
      /^22222222-2 .* not deployed yet, waits for an approval in the stage Approve$/m,
    );
    assert.match(text, /^11111111-1 .* should run, verified, in the stage Deploy$/m);
    assert.match(text, /^44444444-4 +44444444 +2026-11-30 12:04 .* not deployed yet$/m);
    assert.match(text, /^gantry deploy --stack production 44444444-4 has the pipeline take/m);
    assert.match(text, /^gantry approve --stack production 22222222-2 answers/m);
    assert.equal(text.match(/^gantry deploy/gm)?.length, 1);
    assert.match(text, /^something is not known$/m);
    const older = { id: "older", version: "v", createdAt: at(0) };
    assert.deepEqual(
      (await known([], 1, { promoted: older })).releases.map(({ id }) => id),
      [release(1).id],
    );
    assert.deepEqual(found.releases.at(-1)?.pipeline, { execution: "e-1", stage: "Deploy" });
  });

  const failed = { status: "failed", reason: "no answer\nat all" } as const;
  const table: readonly [string, DeploymentRecord[], number | undefined, string[]][] = [
    ["none", [], undefined, []],
    [
      "what should run, and what ran before",
      [deployed(2, 2), deployed(1, 1)],
      2,
      ["2 desired", "1 earlier"],
    ],
    ["one that failed", [deployed(2, 2, failed), deployed(1, 1)], 1, ["2 failed", "1 desired"]],
    [
      "one that was gone back from",
      [deployed(3, 1, { kind: "rollback", previous: release(2) }), deployed(2, 2), deployed(1, 1)],
      1,
      ["1 desired", "2 rolledBack"],
    ],
    [
      "one that was gone back from, and failed to come again",
      [
        deployed(4, 2, failed),
        deployed(3, 1, { kind: "rollback", previous: release(2) }),
        ...[deployed(2, 2), deployed(1, 1)],
      ],
      1,
      ["2 rolledBack", "1 desired"],
    ],
    [
      "one whose place a newer one took",
      [deployed(2, 3), deployed(1, 2, { ...failed, failedStage: "superseded" })],
      3,
      ["3 desired", "2 superseded"],
    ],
    ["one on its way", [deployed(1, 1, { status: "inProgress" })], undefined, ["1 inProgress"]],
    [
      "one that waits, to which the pointer leads already",
      [deployed(1, 1, { status: "held" })],
      1,
      ["1 held"],
    ],
    ["what should run, of which the history knows nothing", [], 4, ["4 desired"]],
  ];
  for (const [name, records, desired, wanted] of table) {
    it(`has ${name}`, async () => assert.deepEqual(await states(records, desired), wanted));
  }

  it("has what was refused last, until another is deployed", async () => {
    const refused: LedgerNote = {
      ...{
        note: "refused",
        by: "e-9",
        reason: "a window\nis closed",
        at: at(50),
        gates: ["window"],
      },
      ...{ release: release(9).id, number: 2, version: 1 },
    };
    const records = [deployed(2, 2), deployed(1, 1)];
    const [first] = (await known(records, 2, { notes: [refused] })).releases;
    assert.deepEqual(first, {
      ...{ id: "99999999-9", state: "refused", reason: "a window", isVerified: false, runsIn: [] },
    });
    assert.deepEqual(await states([deployed(3, 3), ...records], 3, { notes: [refused] }), [
      ...["3 desired", "2 earlier", "1 earlier"],
    ]);
  });

  it("says what a rollback takes, and where it goes by itself", async () => {
    const { releases } = await known([deployed(3, 3), deployed(2, 2), deployed(1, 1)], 3);
    assert.deepEqual(
      releases.map(({ rollback }) => rollback),
      [undefined, "default", "named"],
    );
  });

  it("tells commits that git knows, other stacks, and what could not be read of them", async () => {
    const found = await known([deployed(2, 2), deployed(1, 1)], 2, {
      others: { staging: release(1), preview: "no credentials" },
      details: (commit) =>
        Promise.resolve(
          commit.startsWith("2")
            ? { subject: "Take cards", author: "Ada", committedAt: at(1) }
            : undefined,
        ),
    });
    const text = releasesText(found, { now: new Date(at(59)), timezone: "UTC" });
    const [head, second, first] = text.split("\n");
    assert.match(head, /^RELEASE +COMMIT +BUILT +DEPLOYED +BY +IMAGES +ALSO IN +STATE$/);
    assert.match(
      second,
      /^22222222-2 {2}22222222 Take cards .*ago\).* ada {2}web 222222222222 {2}- +should run, verified$/,
    );
    assert.match(first, /^11111111-1 {2}11111111 .* staging +ran before, verified$/);
    assert.match(text, /gantry rollback --stack production goes to 11111111-1/);
    assert.match(text, /whether preview runs one of them is not known: no credentials/);
  });

  it("has as many as are asked for", async () => {
    const { releases } = await known([deployed(2, 2), deployed(1, 1)], 2, { limit: 1 });
    assert.deepEqual(
      releases.map(({ id }) => id),
      ["22222222-2"],
    );
  });

  it("counts images that a line has no place for, and says that there is none at all", async () => {
    const images = Object.fromEntries(
      ["a", "b", "c", "d"].map((name) => [name, release(2).images.web]),
    );
    const found = await known([deployed(2, 2, { release: { ...release(2), images } })], 2);
    const reader = { now: new Date(at(59)), timezone: "UTC" };
    assert.match(releasesText(found, reader), /a 222222222222, b 2+, c 2+ and 1 more/);
    assert.match(releasesText(await known([], undefined), reader), /knows no release yet/);
  });
});
