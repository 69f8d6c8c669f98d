import type { Check, Report } from "../checks";
import { nearest } from "../nearest";
import { parsePath } from "../path";
import { dangersOf, inWords, postureLine, type Danger } from "../posture";
import { isOver } from "../posture/schema";
import type { EnvironmentConfig } from "../types";

/** What is dangerous is safe or said aloud, and what is said is dangerous still. */
export const checkPosture: Check = (config, report, now) => {
  const { relaxed } = config.posture;
  const dangers = dangersOf(config, now);
  for (const danger of dangers) {
    const isSaid = Object.hasOwn(relaxed, danger.key) && !danger.rule.isFinal;
    if (danger.verdict === "refused" && !isSaid) refuse(danger, report);
  }
  checkSaid(config, dangers, report, now);
};

function refuse({ rule, path, key }: Danger, report: Report) {
  const { why, safe, isFinal, beside = [] } = rule;
  report({
    path,
    allowed: `in production, not ${inWords(rule)}: ${why} (rule ${rule.id})`,
    ...(isFinal ? {} : { sayable: key }),
    fix: isFinal ? safe : `${safe}; where it must be so, say why: ${postureLine(key)}`,
    reads: [
      ["kind"],
      ["posture", "relaxed", key],
      ...beside.map((each) => [...path.slice(0, -1), each]),
    ],
  });
}

/** Part by part: `services.web.exec` is no slip of `services.web.verify`, whatever they share. */
function isSlipOf(given: string, key: string): boolean {
  const [parts, meant] = [given.split("."), key.split(".")];
  return (
    parts.length === meant.length &&
    parts.every((part, index) => nearest(part, [meant[index]]) !== undefined)
  );
}

/** A slip in a key says nothing, what is safe by now needs nothing said, and a day that is over was the last. */
function checkSaid(
  { kind, posture }: EnvironmentConfig,
  dangers: readonly Danger[],
  report: Report,
  now: Date | undefined,
) {
  const sayable = dangers.filter(({ rule }) => !rule.isFinal);
  for (const [key, said] of Object.entries(posture.relaxed)) {
    const path = ["posture", "relaxed", key];
    const danger = sayable.find((each) => each.key === key);
    if (danger === undefined) {
      const unsaid = sayable.map((each) => each.key).filter((each) => !(each in posture.relaxed));
      const bare = key.replace(/^gantry:/, "");
      const meant = unsaid.find((each) => isSlipOf(bare, each));
      report({
        path,
        given: "a reason, where nothing is dangerous",
        allowed: `keys of what is dangerous in this stack, which is of kind ${kind} (docs/config/posture.md)`,
        fix: meant === undefined ? "remove it" : `did you mean ${meant}?`,
        reads: [["kind"], parsePath(bare)],
      });
    } else if (isOver(said, now)) {
      report({
        path: [...path, "until"],
        allowed: "a day that is not over",
        fix: `${danger.rule.safe}; where it must be so for longer, set a later day`,
      });
    }
  }
}
