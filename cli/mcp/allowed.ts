/**
 * What assistants may do with each command: it looks; it acts, where a person allows that and then each time agrees; or it is no tool, and why.
 * Subcommands are named with theirs.
 */
export const allowed: Readonly<Record<string, "looks" | "acts" | { readonly not: string }>> = {
  init: { not: "asks a person about a repository" },
  import: { not: "writes files of a repository" },
  rehearse: { not: "takes minutes, and this machine's builder" },
  preview: "looks",
  status: "looks",
  drift: "looks",
  history: "looks",
  metrics: "looks",
  audit: "looks",
  rollback: "acts",
  override: "acts",
  resume: "acts",
  restore: "acts",
  run: "acts",
  maintenance: "acts",
  unlock: "acts",
  mcp: { not: "is this" },
  build: { not: "is the pipeline's" },
  release: { not: "is the pipeline's" },
  plan: { not: "is the pipeline's" },
  deploy: { not: "is the pipeline's" },
  prepare: { not: "is the pipeline's" },
  settle: { not: "is the pipeline's" },
  verify: { not: "is the pipeline's" },
  confirm: { not: "is the pipeline's" },
  conclude: { not: "is the pipeline's" },
  promote: { not: "is the pipeline's" },
  explain: { not: "is the pipeline's" },
};
