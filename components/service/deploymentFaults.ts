import { isWhole, type Fault } from "../shared/validation";
import type { ServiceArgs } from "./args";
import { routeRules } from "./routeRules";
import { shifts, type DeploymentStrategy } from "../../contract/deploymentStrategy";
import { holdRange, isStep, shiftKeys, stepRange, waitRange } from "./strategies";

/** What is wrong with how a service shall exchange its tasks. */
export function deploymentFaults(args: ServiceArgs): Fault[] {
  const { deployment = {}, kind } = args;
  const { strategy = "rolling", bakeMinutes, stepMinutes, stepPercent, hold } = deployment;
  return [
    ...kindFaults(kind, strategy),
    ...(args.kind === "web" ? ruleFaults(strategy, args.route ?? {}) : []),
    ...unusedFaults(strategy, deployment),
    ...wholeFaults("bakeMinutes", bakeMinutes, waitRange),
    ...wholeFaults("stepMinutes", stepMinutes, waitRange),
    ...percentFaults(strategy, stepPercent),
    ...wholeFaults("hold.timeoutMinutes", hold?.timeoutMinutes, holdRange),
  ];
}

/** Requests of a worker are none that ECS could move. */
function kindFaults(kind: ServiceArgs["kind"], strategy: DeploymentStrategy): Fault[] {
  if (kind !== "worker" || (strategy !== "canary" && strategy !== "linear")) return [];
  const allowed = "rolling, recreate or blueGreen for a worker, which takes no requests";
  return [fault("strategy", strategy, allowed, "choose one of them")];
}

/** ECS moves one production rule ("AdvancedConfiguration", ECS API reference). */
function ruleFaults(
  strategy: DeploymentStrategy,
  route: Parameters<typeof routeRules>[0],
): Fault[] {
  const rules = routeRules(route).length;
  if (!shifts(strategy) || rules <= 1) return [];
  const given = `${strategy} with a route of ${rules} listener rules`;
  const fix = "use fewer paths and hosts, or strategy rolling";
  return [fault("strategy", given, "a route of one listener rule, which ECS can shift", fix)];
}

function unusedFaults(
  strategy: DeploymentStrategy,
  given: NonNullable<ServiceArgs["deployment"]>,
): Fault[] {
  const used: readonly string[] = [...shiftKeys(strategy), ...(shifts(strategy) ? ["hold"] : [])];
  const keys = ["bakeMinutes", "stepPercent", "stepMinutes", "hold"] as const;
  return keys
    .filter((key) => given[key] !== undefined && !used.includes(key))
    .map((key) =>
      fault(
        key,
        given[key],
        `nothing with strategy ${strategy}, which does not heed it`,
        "remove it",
      ),
    );
}

function wholeFaults(
  path: string,
  given: number | undefined,
  { least, most }: { least: number; most: number },
): Fault[] {
  if (given === undefined || isWhole(given, least, most)) return [];
  return [fault(path, given, `whole minutes, ${least} to ${most}`, "set it within that")];
}

function percentFaults(strategy: DeploymentStrategy, given: number | undefined): Fault[] {
  if (given === undefined || (strategy !== "canary" && strategy !== "linear")) return [];
  const range = stepRange(strategy);
  if (isStep(given, range)) return [];
  const allowed = `${range.least} to ${range.most} percent in steps of 0.1 with ${strategy}`;
  return [fault("stepPercent", given, allowed, "set it within that")];
}

function fault(key: string, given: unknown, allowed: string, fix: string): Fault {
  return { path: `deployment.${key}`, given, allowed, fix };
}
