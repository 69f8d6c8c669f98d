import assert from "node:assert/strict";
import fc from "fast-check";
import { noteItem, readNote, readStanding, standingItem } from "../../../delivery/ledger/noteItems";
import { eventItem, readEvent } from "../../../delivery/ledger/items";
import {
  applyNote,
  foldNotes,
  isNoted,
  nothingNoted,
  overrideOf,
  type LedgerNote,
  type NewNote,
  type Note,
  type Standing,
} from "../../../delivery/ledger/notes";
import { begun, inPlace, minute } from "./events";

const hold = { by: "ada", reason: "500 on /pay", release: "33333333-3" };
const other = { by: "grace", reason: "slow" };
const override = { by: "ada", reason: "hotfix", until: minute(30), gates: ["window", "freeze"] };
const held = (count: number, given = hold): Note => ({ note: "hold", ...given, at: minute(count) });
const resumed = (count: number, since: number): Note => ({
  ...{ note: "resumed", by: "grace" },
  ...{ at: minute(count), since: minute(since) },
});
const overridden = (count: number, more = {}): Note => ({
  ...{ note: "override", ...override, at: minute(count) },
  ...more,
});
const sleep = { by: "ada", reason: "the night", services: ["web 2", "mail 0"], schedules: ["x"] };
const asleep = (count: number, more = {}): Note => ({
  ...{ note: "asleep", ...sleep, at: minute(count) },
  ...more,
});
const awake = (count: number, since: number): Note => ({
  ...{ note: "awake", by: "grace", at: minute(count), since: minute(since) },
});
const newer = { note: "paused", at: minute(9) } as unknown as Note;

describe("what is noted about an environment", () => {
  const table: [string, Note[], Standing][] = [
    ["nothing", [], nothingNoted],
    ["a hold", [held(1)], { version: 1, hold: { ...hold, at: minute(1) }, overrides: [] }],
    [
      "a second hold: the newer one",
      [held(1), { note: "hold", ...other, at: minute(2) }],
      { version: 2, hold: { ...other, at: minute(2) }, overrides: [] },
    ],
    ["a hold that was ended", [held(1), resumed(2, 1)], { version: 2, overrides: [] }],
    [
      "a hold that was set while another one was being ended",
      [held(1), held(2, { ...hold, by: "grace" }), resumed(3, 1)],
      { version: 3, hold: { ...hold, by: "grace", at: minute(2) }, overrides: [] },
    ],
    ["an end without a hold", [resumed(2, 1)], { version: 1, overrides: [] }],
    [
      "a hold after one that was ended",
      [held(1), resumed(2, 1), held(3)],
      { version: 3, hold: { ...hold, at: minute(3) }, overrides: [] },
    ],
    [
      "overrides, without those that have ended",
      [
        overridden(1, { until: minute(5) }),
        overridden(2),
        overridden(5, { release: "44444444-4" }),
      ],
      {
        version: 3,
        overrides: [
          { ...override, at: minute(2) },
          { ...override, at: minute(5), release: "44444444-4" },
        ],
      },
    ],
    [
      "an override beside a hold",
      [held(1), overridden(2)],
      {
        version: 2,
        hold: { ...hold, at: minute(1) },
        overrides: [{ ...override, at: minute(2) }],
      },
    ],
    ["a sleep", [asleep(1)], { version: 1, sleep: { ...sleep, at: minute(1) }, overrides: [] }],
    [
      "a sleep that was gone on with: since its beginning, with the numbers from before, and what came since",
      [
        asleep(1),
        asleep(2, {
          by: "grace",
          reason: undefined,
          services: ["web 0", "new 1"],
          schedules: ["x", "y"],
        }),
      ],
      {
        version: 2,
        sleep: {
          ...{ ...sleep, at: minute(1) },
          ...{ services: ["web 2", "mail 0", "new 1"], schedules: ["x", "y"] },
        },
        overrides: [],
      },
    ],
    ["a sleep that was ended", [asleep(1), awake(2, 1)], { version: 2, overrides: [] }],
    [
      "a sleep since which an earlier one was ended",
      [asleep(2), awake(3, 1)],
      { version: 2, sleep: { ...sleep, at: minute(2) }, overrides: [] },
    ],
    [
      "a sleep beside a hold and an override, of which each ends by itself",
      [held(1), asleep(2), overridden(3), resumed(4, 1)],
      {
        version: 4,
        sleep: { ...sleep, at: minute(2) },
        overrides: [{ ...override, at: minute(3) }],
      },
    ],
    [
      "a hold that a sleep leaves",
      [held(1), asleep(2), awake(3, 2), newer],
      { version: 4, hold: { ...hold, at: minute(1) }, overrides: [] },
    ],
    [
      "a note of a newer version",
      [held(1), newer],
      { version: 2, hold: { ...hold, at: minute(1) }, overrides: [] },
    ],
  ];
  for (const [what, notes, expected] of table) {
    it(`comes to ${what}`, () => {
      assert.deepEqual(foldNotes(notes), expected);
      assert.deepEqual(readStanding(standingItem(foldNotes(notes))), expected);
    });
  }

  it("is a hold exactly as long as the newest one is not ended, whatever came before", () => {
    const notes = fc.array(
      fc.record({ kind: fc.constantFrom("hold", "resumed", "override"), ends: fc.nat(20) }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(notes, (given) => {
        const made = given.map(({ kind, ends }, count) =>
          kind === "hold"
            ? held(count)
            : kind === "resumed"
              ? resumed(count, ends)
              : overridden(count),
        );
        const last = given.map(({ kind }) => kind).lastIndexOf("hold");
        const isEnded = given
          .slice(last + 1)
          .some(({ kind, ends }) => kind === "resumed" && ends === last);
        const expected = last < 0 || isEnded ? undefined : minute(last);
        assert.equal(foldNotes(made).hold?.at, expected);
      }),
    );
  });

  const standing = foldNotes([held(1), overridden(2), asleep(3)]);
  const again: [string, NewNote, boolean][] = [
    ["the same hold", { note: "hold", ...hold }, true],
    ["a hold for another reason", { note: "hold", ...hold, reason: "slow" }, false],
    ["another's hold", { note: "hold", ...hold, by: "grace" }, false],
    ["the hold of another release", { note: "hold", ...hold, release: "22222222-2" }, false],
    ["the end of this hold", { note: "resumed", by: "ada", since: minute(1) }, false],
    ["the end of an earlier hold", { note: "resumed", by: "ada", since: minute(0) }, true],
    ["the same sleep", { note: "asleep", ...sleep }, true],
    [
      "another's who finds no task any more",
      { note: "asleep", by: "grace", services: ["web 0"], schedules: [] },
      true,
    ],
    ["a sleep of more services", { note: "asleep", ...sleep, services: ["new 1"] }, false],
    ["a sleep of more schedules", { note: "asleep", ...sleep, schedules: ["y"] }, false],
    ["the end of this sleep", { note: "awake", by: "ada", since: minute(3) }, false],
    ["the end of an earlier sleep", { note: "awake", by: "ada", since: minute(1) }, true],
    ["the same override", { note: "override", ...override }, true],
    ["a longer override", { note: "override", ...override, until: minute(31) }, false],
    ["an override of less", { note: "override", ...override, gates: ["window"] }, false],
  ];
  for (const [what, wanted, expected] of again) {
    it(`${expected ? "is not told" : "is told"} again by ${what}`, () => {
      assert.equal(isNoted(standing, wanted), expected);
    });
  }

  describe("lets a release past a gate", () => {
    const forOne = foldNotes([overridden(1), overridden(2, { until: minute(40), release: "4-4" })]);
    const asked: [string, string, string, number, number | undefined][] = [
      ["of those that are named, every release", "window", "5-5", 29, 30],
      ["for the release that is named, longer", "freeze", "4-4", 29, 40],
      ["and no other one", "freeze", "5-5", 31, undefined],
      ["until its end, and not at it", "window", "4-4", 40, undefined],
      ["and past no other gate", "soak", "4-4", 29, undefined],
    ];
    for (const [what, gate, release, now, until] of asked) {
      it(what, () => {
        const found = overrideOf(forOne, { gate, release, now: new Date(minute(now)) });
        assert.equal(found?.until, until === undefined ? undefined : minute(until));
      });
    }
  });

  describe("is kept", () => {
    const notes: LedgerNote[] = [
      ...[held(1), resumed(2, 1), overridden(3), asleep(4), awake(5, 4)],
    ].map((note, index) => ({
      ...note,
      number: 9,
      version: index + 1,
    }));

    it("whole, and is no event of a deployment", () => {
      for (const note of notes) {
        assert.deepEqual(readNote(noteItem(note)), note);
        assert.equal(readEvent(noteItem(note)), undefined);
      }
      assert.equal(readNote(eventItem(inPlace([begun])[0])), undefined);
      assert.equal(readNote(standingItem(standing)), undefined);
      assert.equal(readEvent(standingItem(standing)), undefined);
      assert.equal(readStanding(noteItem(notes[0])), undefined);
    });

    it("after the events of the deployment that was the newest, and what it comes to after all of them", () => {
      const items = [
        ...inPlace([begun, { event: "verified" }], 9).map(eventItem),
        ...notes.map(noteItem),
        ...inPlace([begun], 10).map(eventItem),
        standingItem(standing),
      ];
      const keys = items.map(({ sk }) => sk.S ?? "");
      assert.deepEqual([...keys].sort(), keys);
      assert.deepEqual([...new Set(items.map(({ pk }) => pk.S))], ["deployments"]);
    });
  });

  it("never loses count", () => {
    const all = [held(1), resumed(2, 1), newer, overridden(4)];
    assert.equal(all.reduce(applyNote, nothingNoted).version, 4);
  });
});
