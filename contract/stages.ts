/** Stages of a pipeline that delivery knows by their names. */
export const stages = {
  /** Where a release that was promoted waits for a person. */
  approve: "Approve",
} as const;
