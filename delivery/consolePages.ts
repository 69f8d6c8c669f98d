/** Ids of executions are UUIDs; whoever else does something is called otherwise. */
const executionId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Where AWS's console shows a pipeline.
 * @param execution the id of one, to show that; anything else shows the pipeline.
 */
export function pipelinePage(region: string, pipeline: string, execution = ""): string {
  const { host, suffix } = region.startsWith("cn-")
    ? { host: "console.amazonaws.cn", suffix: `region=${region}` }
    : { host: `${region}.console.aws.amazon.com`, suffix: `region=${region}` };
  const page = executionId.test(execution) ? `executions/${execution}/timeline` : "view";
  return `https://${host}/codesuite/codepipeline/pipelines/${pipeline}/${page}?${suffix}`;
}
