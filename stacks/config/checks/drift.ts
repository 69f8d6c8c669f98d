import type { Check } from "../checks";

/** The check runs the pipeline's command on the pipeline's state, and notes what it found in the pipeline's ledger. */
export const checkDrift: Check = ({ drift, pipeline }, report) => {
  if (!drift || pipeline) return;
  report({
    path: ["drift"],
    given: "set, without gantry:pipeline",
    allowed: "only in a stack that has a pipeline, whose command and state it takes",
    fix: "add gantry:pipeline, or remove drift and run gantry drift by hand",
    reads: [["pipeline"]],
  });
};
