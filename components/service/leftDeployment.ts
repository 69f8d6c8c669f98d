import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { shiftMinutes, shifts } from "../../contract/deploymentStrategy";
import { failUpdate } from "../shared/mustSucceed";
import type { DeploymentArgs } from "./deployment";
import { isOpen, taskDefinitionOf } from "./serviceDeployments";
import { inAws, settle, type SettlingPorts } from "./settling";
import { shiftTimes } from "./strategies";
import type { ServiceTasks } from "./taskProtection";

/** What taking a deployment up needs of the world, so that a test can stand in for it. */
export interface LeftPorts extends SettlingPorts {
  readonly taskDefinition: typeof taskDefinitionOf;
}

export const leftInAws: LeftPorts = { ...inAws, taskDefinition: taskDefinitionOf };

/** A service, as an update leaves it. */
export interface LeftService {
  /** As people call it, for errors. */
  readonly name: string;
  readonly of: ServiceTasks;
  /** The ARN of what the program says that it runs. */
  readonly taskDefinition: string;
  /** For which a deployment goes on once it was let. */
  readonly minutes: number;
}

/** Stages in which an answer is waited for, or will be ("Lifecycle stages", ECS developer guide). */
const unanswered = [
  ...["RECONCILE_SERVICE", "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"],
  ...["TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"],
];

/**
 * Answers a deployment that a `pulumi up` has left which was killed, and waits for its end: ECS would wait for an answer that
 * nobody gives, and go back without a word to Pulumi. It is known by what it brings, which is what the program says.
 * @throws Error where it does not run in the end.
 */
export async function takeUpLeft(
  { name, of, taskDefinition, minutes }: LeftService,
  ports: LeftPorts,
): Promise<void> {
  const [newest] = await ports.deployments(of);
  if (!newest || !isOpen(newest)) return;
  const { stage = "" } = await ports.describe(newest.arn);
  if (!unanswered.includes(stage)) return;
  if (revisionOf(await ports.taskDefinition(of)) !== revisionOf(taskDefinition)) return;
  await settle({ arn: newest.arn, service: name, minutes }, ports);
}

/** Whether a person's update answers for what the program says. */
export function answersLeft({ strategy, hold, unverified = false }: DeploymentArgs): boolean {
  return shifts(strategy) && hold?.answeredBy === "update" && !unverified;
}

/** Takes up what was left of a service that this update finds nothing to change of. */
export function takeUpUnchanged(
  name: string,
  service: aws.ecs.Service,
  deployment: DeploymentArgs = {},
): void {
  const { strategy } = deployment;
  if (!shifts(strategy) || !answersLeft(deployment)) return;
  const minutes = shiftMinutes({ strategy, ...shiftTimes(strategy, deployment) });
  const { cluster, name: ecsName, taskDefinition: definition } = service;
  pulumi.all([cluster, ecsName, definition]).apply(async (known) => {
    const [clusterArn, serviceName, taskDefinition = ""] = known;
    // Neither in a preview nor in a unit test, where AWS is not asked.
    if (!pulumi.runtime.hasEngine() || pulumi.runtime.isDryRun()) return;
    try {
      const of = { clusterArn, serviceName };
      await takeUpLeft({ name, of, taskDefinition, minutes }, leftInAws);
    } catch (error) {
      await failUpdate((error as Error).message);
    }
  });
}

/** `family:revision`: a state that was read back may have it without the rest of the ARN. */
function revisionOf(taskDefinition: string | undefined): string | undefined {
  return taskDefinition?.split("/").at(-1);
}
