import type * as pulumi from "@pulumi/pulumi";
import { targetHealth, type TargetHealth } from "./targetHealth";

export interface CutoverArgs {
  /** As people call the service, for errors. */
  readonly service: string;
  /** Healthy targets that a target group must have before requests go to it. */
  readonly targets: number;
  /** Called after each rule that leads there now. Without it, nothing is. */
  readonly ruleTurned?: () => Promise<void>;
}

/** What a cutover needs of the world, so that a test can stand in for it. */
export interface CutoverPorts {
  readonly health: (targetGroupArn: string) => Promise<readonly TargetHealth[]>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

const pollMs = 5_000;

/** As long as a deployment waits for its tasks: pulling an image, starting and the health checks are in it. */
const waitMs = 15 * 60_000;

/**
 * Between a rule that leads elsewhere and the deletion of what it led to before. AWS says that a change of a rule takes
 * effect "in a few seconds" at every node of a load balancer, and gives no figure: this one is a margin of ours.
 */
const settleMs = 10_000;

const real: CutoverPorts = {
  health: targetHealth,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => Date.now(),
};

/**
 * Hooks of a listener rule: it is created, or turned to another target group, only when that group can answer. Until
 * then whatever answered before goes on answering; where it never can, the update fails and the rule is unchanged.
 */
export function whenHealthy(
  args: CutoverArgs,
  ports: CutoverPorts = real,
): pulumi.ResourceHookBinding {
  const wait = async ({ newInputs, oldInputs }: pulumi.ResourceHookArgs) => {
    for (const arn of addedGroups(newInputs, oldInputs)) await untilHealthy(arn, args, ports);
  };
  const turned = async () => args.ruleTurned?.();
  const settle = async ({ newInputs, oldInputs }: pulumi.ResourceHookArgs) => {
    if (addedGroups(newInputs, oldInputs).length === 0) return;
    await ports.sleep(settleMs);
    await turned();
  };
  return {
    beforeCreate: [wait],
    afterCreate: [turned],
    beforeUpdate: [wait],
    afterUpdate: [settle],
  };
}

type Inputs = pulumi.ResourceHookArgs["newInputs"];

function addedGroups(newInputs: Inputs, oldInputs: Inputs): string[] {
  const before = groupsOf(oldInputs);
  return groupsOf(newInputs).filter((arn) => !before.includes(arn));
}

function groupsOf(inputs: Inputs): string[] {
  const { actions = [] } = (inputs ?? {}) as { actions?: { targetGroupArn?: string }[] };
  return actions.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
}

async function untilHealthy(
  arn: string,
  { service, targets }: CutoverArgs,
  { health, sleep, now }: CutoverPorts,
): Promise<void> {
  const deadline = now() + waitMs;
  for (;;) {
    const found = await health(arn);
    const healthy = found.filter(({ state }) => state === "healthy").length;
    if (healthy >= targets) return;
    if (now() >= deadline) throw new Error(never(arn, service, targets, found));
    await sleep(pollMs);
  }
}

function never(
  arn: string,
  service: string,
  targets: number,
  found: readonly TargetHealth[],
): string {
  const healthy = found.filter(({ state }) => state === "healthy").length;
  const others = found
    .filter(({ state }) => state !== "healthy")
    .map(({ state, reason }) => (reason ? `${state} (${reason})` : state));
  const seen = [...new Set(others)].join(", ") || "no task is registered";
  return (
    `${service} gets no requests: ${healthy} of ${targets} targets of ${arn} are healthy after ${waitMs / 60_000} ` +
    `minutes (${seen}). What answered before goes on answering. See the service's events and its log for why, then run ` +
    "pulumi up again."
  );
}
