import { z } from "zod";
import { routeRules } from "../../components/service/routeRules";
import { deploymentStrategies, type DeploymentStrategy } from "../../contract/deploymentStrategy";
import {
  shiftTimes,
  stepRange,
  waitRange,
  type ShiftTimes,
} from "../../components/service/strategies";
import type { RouteProtocol } from "../../components/service/protocol";
import { choice, flag, section, wholeNumber } from "./fields";
import { valueAt } from "./path";
import { capacityOf, type Capacity } from "./size";
import type { EnvironmentConfig, ServiceConfig } from "./types";

/** How the tasks of a service are exchanged. */
export function deploymentSchema() {
  const { least, most } = waitRange;
  return section({
    /**
     * `rolling`: new tasks before old ones leave; `recreate`: old ones stop first; `blueGreen`, `canary`, `linear`: requests go over
     * once all new tasks are verified, at once, a share first or in steps. Default: `rolling`; in production for `web`
     * `blueGreen`, but where `whyNotShifting` says why not.
     */
    strategy: choice(deploymentStrategies).optional(),
    /** Minutes for which old tasks stay after all requests went over. Default: 5. */
    bakeMinutes: wholeNumber(least, most).optional(),
    /** Percent that go over first (`canary`), or at each step (`linear`). Default: 5 and 10. */
    stepPercent: percent().optional(),
    /** Minutes until the rest follows (`canary`), or the next step (`linear`). Default: 5 and 3. */
    stepMinutes: wholeNumber(least, most).optional(),
    /** Whether requests that fail more often than before, or take longer, end a deployment that shifts them. Default: true. */
    compare: flag().optional(),
  }).prefault({});
}

function percent() {
  const { least, most } = stepRange("canary");
  const error = `a number from ${least} to ${most}`;
  return z.number({ error }).check(z.gte(least, { error }), z.lte(most, { error }));
}

/** What a stack's web services have by its kind, unless what its other settings ask for rules it out. */
export function defaultStrategy(
  ofKind: DeploymentStrategy,
  document: Record<string, unknown>,
): DeploymentStrategy {
  const deploy = valueAt(document, ["pipeline", "deploy"]);
  const why = whyNoneShifts({ capacity: capacityOf(document), deploy });
  return why === undefined ? ofKind : "rolling";
}

/** Why no service of a stack shifts requests unless it says so; undefined where web services do. */
function whyNoneShifts({ capacity, deploy }: { capacity: Capacity; deploy: unknown }) {
  if (deploy === "ecs") return ecsAction;
  return capacity === "ec2" ? "its hosts would need room for twice its tasks" : undefined;
}

/** CodePipeline's ECS action ends where the deployment does ("Amazon Elastic Container Service action", CodePipeline user guide). */
export const ecsAction =
  "with pipeline.deploy: ecs CodePipeline's own action would wait for an answer that a later one gives";

interface Routed {
  readonly route: {
    readonly paths: readonly string[];
    readonly hosts: readonly string[];
    readonly protocol: RouteProtocol;
  };
}

/** Why requests of a web service cannot go over to verified tasks; undefined where they can. */
export function whyNotShifting({ route }: Routed): string | undefined {
  const rules = routeRules(route).length;
  if (rules > 1) return `its route is ${rules} listener rules, and ECS shifts one`;
  if (route.protocol === "grpc") {
    return "its new tasks speak gRPC, which the verification cannot lead to them";
  }
  return undefined;
}

type Given = z.output<ReturnType<typeof deploymentSchema>>;

/** Why a service's requests reach new tasks before they are verified, where production's do not; undefined elsewhere. */
export function whyRolling(
  service: ServiceConfig,
  { kind, cluster, pipeline }: Pick<EnvironmentConfig, "kind" | "cluster" | "pipeline">,
): string | undefined {
  if (kind !== "production" || service.kind !== "web") return undefined;
  if (service.deployment.strategy !== "rolling") return undefined;
  const { capacity } = cluster;
  return whyNoneShifts({ capacity, deploy: pipeline?.deploy }) ?? whyNotShifting(service);
}

interface Deployed extends Partial<Routed> {
  readonly kind: "web" | "private" | "worker" | "job";
}

/** With the default strategy and numbers. What a strategy does not heed stays as it is given, for `checkDeployment`. */
export function completeDeployment(
  given: Given,
  service: Deployed,
  ofWeb: DeploymentStrategy,
): ShiftTimes & { readonly strategy: DeploymentStrategy; readonly compare?: boolean } {
  const strategy = given.strategy ?? defaultOf(service, ofWeb);
  return { ...given, ...shiftTimes(strategy, given), strategy };
}

function defaultOf({ route }: Deployed, ofWeb: DeploymentStrategy): DeploymentStrategy {
  return route !== undefined && whyNotShifting({ route }) === undefined ? ofWeb : "rolling";
}
