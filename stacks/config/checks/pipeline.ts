import type { Check } from "../checks";

export const checkPipeline: Check = ({ pipeline, stack }, report) => {
  if (pipeline?.promoteTo?.stack === stack) {
    report({
      path: ["pipeline", "promoteTo", "stack"],
      allowed: "another stack than this one",
      mend: "name the stack that gets what was verified here, or remove promoteTo",
    });
  }
};
