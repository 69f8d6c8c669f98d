/** Ids of executions are UUIDs; whoever else does something is called otherwise. */
const executionId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether the owner of a deployment is an execution of the pipeline, and not a person. */
export function isExecution(owner: string): boolean {
  return executionId.test(owner);
}

/** Where the console of a region is, without a slash at the end: each partition has a domain of its own. */
export function consoleOf(region: string): string {
  if (region.startsWith("cn-")) return "https://console.amazonaws.cn";
  if (region.startsWith("us-gov-")) return "https://console.amazonaws-us-gov.com";
  return `https://${region}.console.aws.amazon.com`;
}

/**
 * Where AWS's console shows a pipeline.
 * @param execution the id of one, to show that; anything else shows the pipeline.
 */
export function pipelinePage(region: string, pipeline: string, execution = ""): string {
  const page = isExecution(execution) ? `executions/${execution}/timeline` : "view";
  return `${consoleOf(region)}/codesuite/codepipeline/pipelines/${pipeline}/${page}?region=${region}`;
}

/** Where it shows a run of a state machine. @param executionArn of the run. */
export function runPage(region: string, executionArn: string): string {
  return `${consoleOf(region)}/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** Where it shows the tasks of a service. @param ecsName as ECS calls it. */
export function servicePage(region: string, cluster: string, ecsName: string): string {
  return `${consoleOf(region)}/ecs/v2/clusters/${cluster}/services/${ecsName}/tasks?region=${region}`;
}

/** Where it lists the log groups whose names have a text in them. */
export function logGroupsPage(region: string, part: string): string {
  const filter = encodeURIComponent(encodeURIComponent(part)).replaceAll("%", "$");
  return `${consoleOf(region)}/cloudwatch/home?region=${region}#logsV2:log-groups$3FlogGroupNameFilter$3D${filter}`;
}

export function dashboardPage(region: string, dashboard: string): string {
  return `${consoleOf(region)}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard}`;
}
