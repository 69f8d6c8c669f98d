/**
 * Family of the task definitions in which a service's release command runs. Two hyphens part what no service's own
 * name holds, so that a service called `web-release` never shares revisions with the release command of `web`.
 */
export function releaseCommandFamily(taskFamily: string): string {
  return `${taskFamily}--release`;
}
