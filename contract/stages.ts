/** Stages of a pipeline that delivery knows by their names. */
export const stages = {
  /** Where a release that was promoted waits for a person. */
  approve: "Approve",
  /** Where one that was verified here waits for a person, before it gets its first request. */
  confirm: "Confirm",
  /** Where it is concluded after that. */
  conclude: "Conclude",
} as const;

/** The action in which a person is asked, in either of them. */
export const approvalAction = "Approve";

/** The action that takes a commit, or what was promoted; whoever starts the pipeline may say which. */
export const sourceAction = "Source";
