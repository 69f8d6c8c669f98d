import { choice, flag } from "./fields";
import { either } from "./own";
import type { Check } from "./checks";

/** `true` where nothing else records it, `always`, or `false`. */
export function trailSchema() {
  return either((given) => typeof given === "string", choice(["always"]), flag());
}

/** Without a trail there is nothing that could record objects. */
export const checkAudit: Check = ({ audit }, report) => {
  if (audit.trail !== false || !audit.dataEvents) return;
  report({
    path: ["audit", "dataEvents"],
    given: "true, without a trail",
    allowed: "true where audit.trail is true or always",
    fix: "set audit.trail: true, or remove dataEvents",
  });
};
