import type { Check } from "../checks";

export const checkPipeline: Check = ({ pipeline, stack }, report) => {
  if (pipeline?.promoteTo?.stack === stack) {
    report({
      path: ["pipeline", "promoteTo", "stack"],
      allowed: "another stack than this one",
      mend: "name the stack that gets what was verified here, or remove promoteTo",
    });
  }
  if (pipeline && !pipeline.source && pipeline.promoteFrom.stack === stack) {
    report({
      path: ["pipeline", "source"],
      allowed: "where commits come from, or a promoteFrom.stack that promotes into this one",
      mend: "set source: { type: github, repository: acme/shop, connectionArn: ... }",
    });
  }
  if (pipeline?.source && pipeline.approval) {
    report({
      path: ["pipeline", "approval"],
      allowed: "false beside a source: approvals are for what another environment has verified",
      mend: "set approval: false, or remove source and promote into this environment",
    });
  }
};
