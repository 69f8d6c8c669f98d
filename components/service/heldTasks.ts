import type * as pulumi from "@pulumi/pulumi";
import type { WebServiceArgs } from "./args";
import { leastTasks } from "./autoscaling";
import type { CutoverArgs } from "./cutover";
import { routeRules } from "./routeRules";
import { protectTasks, runningTasks, type ServiceTasks } from "./taskProtection";

/** What holding tasks needs of the world, so that a test can stand in for it. */
export interface HoldPorts {
  readonly tasks: typeof runningTasks;
  readonly protect: typeof protectTasks;
}

/** Longer than rules wait for new targets. Where they wait in vain, ECS goes on after it by itself. */
const holdMinutes = 30;

/**
 * The tasks of a service whose target group is exchanged for another. ECS stops them as soon as those in the new group are
 * healthy, and rules lead to the old group until they turn: without tasks it would answer 503. They are kept until then.
 */
export class HeldTasks {
  private held: { readonly of: ServiceTasks; readonly tasks: readonly string[] } | undefined;
  private turned = 0;

  /** @param rules how many lead to the service. */
  constructor(
    private readonly rules: number,
    private readonly ports: HoldPorts = { tasks: runningTasks, protect: protectTasks },
  ) {}

  /** Before the service is updated. */
  readonly hold = async ({ newInputs, oldInputs }: pulumi.ResourceHookArgs): Promise<void> => {
    const before = groupsOf(oldInputs);
    if (before.length === 0 || groupsOf(newInputs).every((group) => before.includes(group))) return;
    const { cluster, name } = oldInputs as { cluster: string; name: string };
    const of = { clusterArn: cluster, serviceName: name };
    const tasks = await this.ports.tasks(of);
    await this.ports.protect(of, tasks, holdMinutes);
    this.held = { of, tasks };
  };

  /** After a rule has turned: ECS may stop the tasks once all have. */
  readonly ruleTurned = async (): Promise<void> => {
    this.turned += 1;
    if (this.held && this.turned === this.rules) {
      await this.ports.protect(this.held.of, this.held.tasks, 0);
    }
  };
}

function groupsOf(inputs: pulumi.ResourceHookArgs["newInputs"]): string[] {
  const { loadBalancers = [] } = (inputs ?? {}) as {
    loadBalancers?: { targetGroupArn?: string }[];
  };
  return loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
}

/** How requests go over from the tasks of before. */
export interface ServiceCutover {
  /** Undefined where requests are led to the service at once. */
  readonly cutover: CutoverArgs | undefined;
  /** Undefined where nothing holds old tasks. */
  readonly held: HeldTasks | undefined;
}

export function cutoverOf(name: string, args: WebServiceArgs): ServiceCutover {
  const targets = leastTasks(args.scaling);
  if (args.cutover === "atOnce" || targets === 0) return { cutover: undefined, held: undefined };
  // Tasks that stop first would have to stop before others start.
  const stopsFirst = args.deployment?.strategy === "recreate";
  const held = stopsFirst ? undefined : new HeldTasks(routeRules(args.route ?? {}).length);
  return { cutover: { service: name, targets, ruleTurned: held?.ruleTurned }, held };
}
