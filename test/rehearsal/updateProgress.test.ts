import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { UpdateProgress } from "../../rehearsal/updateProgress";

const event = (
  kind: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent",
  name: string,
): EngineEvent => ({ sequence: 0, timestamp: 0, [kind]: { metadata: { urn: `urn:${name}` } } });
const begins = (name: string) => event("resourcePreEvent", name);
const ends = (name: string) => event("resOutputsEvent", name);

describe("how far a run of the engine has come", () => {
  for (const [title, events, text] of [
    ["is nothing before the first resource", [], ""],
    [
      "is what is done, and what is under way",
      [begins("a"), begins("b"), ends("a")],
      "1 resource done, 1 under way",
    ],
    ["is what stays the same, which never begins", [ends("a"), ends("b")], "2 resources done"],
    [
      "counts a component once, whose outputs come later",
      [begins("a"), ends("a"), ends("a")],
      "1 resource done",
    ],
    [
      "counts one that is replaced once",
      [begins("a"), ends("a"), begins("a")],
      "0 resources done, 1 under way",
    ],
    [
      "has what failed neither done nor under way",
      [begins("a"), begins("b"), event("resOpFailedEvent", "a")],
      "0 resources done, 1 under way",
    ],
  ] as const) {
    it(title, () => {
      const progress = new UpdateProgress();
      for (const one of events) progress.take(one);
      assert.equal(progress.text(), text);
    });
  }
});
