/** What decides where tasks of a created network can run. */
export interface TaskPlacement {
  readonly nat: "none" | "single" | "perZone";
  readonly interfaceEndpoints?: readonly string[];
}

/** What a task without a gateway must reach to start: its image, and its log group. S3 has an endpoint always. */
export const endpointsToStartTask = ["ecr.api", "ecr.dkr", "logs"];

/** Whether nothing but a public address leads tasks to AWS, so that they run in the public subnets. */
export function tasksNeedPublicIp({ nat, interfaceEndpoints = [] }: TaskPlacement): boolean {
  return nat === "none" && !endpointsToStartTask.every((name) => interfaceEndpoints.includes(name));
}

/** The endpoints with which tasks in private subnets reach the stores of their secrets, where no gateway leads there. */
export const secretStoreEndpoints = {
  secretsManager: "secretsmanager",
  parameterStore: "ssm",
} as const;
