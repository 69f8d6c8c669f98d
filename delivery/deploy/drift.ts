import type { StateView } from "../engine";
import { DeliveryError } from "../errors";
import type { LedgerView } from "../ledger";
import { deployCommand } from "../ledger/refusals";
import { shortName } from "../steadyState/judge";
import { isHeld, isUnsettled } from "./history";
import type { Ports } from "./ports";

/** A service that is on another task definition than Pulumi's state says. */
export interface ServiceDrift {
  readonly service: string;
  /** `family:revision`. */
  readonly inState: string;
  readonly inEcs: string;
}

/** What people did beside the program, as far as the services show it. */
export interface Drift {
  readonly services: readonly ServiceDrift[];
  /** Whether the state was written before the newest deployment: somebody put an older one in its place. */
  readonly isStateOlder: boolean;
  /** For people: what is, and what it means. None where nothing drifted. */
  readonly lines: readonly string[];
}

const none: Drift = { services: [], isStateOlder: false, lines: [] };

/**
 * Compares Pulumi's state with ECS: one export of the state, one call for ten services. Where the newest deployment was
 * cut off, is held and may have been gone back from, or CodePipeline's ECS action deploys, they differ anyway.
 * @param known the state, where the caller has it. Default: it is exported.
 */
export async function findDrift(
  { target, pulumi, ...ports }: Pick<Ports, "target" | "pulumi" | "taskDefinitions">,
  view: LedgerView,
  known?: StateView,
): Promise<Drift> {
  if (isUnsettled(view) || isHeld(view) || target.config.pipeline?.deploy === "ecs") return none;
  const [state, inEcs] = await Promise.all([known ?? pulumi.state(), ports.taskDefinitions()]);
  return driftOf(target.stack, state, inEcs, view);
}

/** @param inEcs by service, the ARN of the task definition that it is on. */
export function driftOf(
  stack: string,
  state: StateView,
  inEcs: Readonly<Record<string, string>>,
  { records }: Pick<LedgerView, "records">,
): Drift {
  const services = Object.entries(inEcs).flatMap(([service, arn]) => {
    const known = Object.hasOwn(state.taskDefinitions, service)
      ? state.taskDefinitions[service]
      : undefined;
    // By family and revision: a state that was read back may have them without the rest of the ARN.
    return known === undefined || shortName(known) === shortName(arn)
      ? []
      : [{ service, inState: shortName(known), inEcs: shortName(arn) }];
  });
  if (services.length === 0) return none;
  const updated = records.find(({ updatingHost }) => updatingHost !== undefined);
  const isStateOlder =
    state.writtenAt !== undefined &&
    updated !== undefined &&
    state.writtenAt < new Date(updated.begunAt);
  return {
    services,
    isStateOlder,
    lines: [
      ...services.map(
        (drift) =>
          `drift: ${drift.service} is on ${drift.inEcs}, and Pulumi's state says ${drift.inState}`,
      ),
      isStateOlder
        ? `Pulumi's state of ${stack} is older than what runs: it was written at ${state.writtenAt?.toISOString()}, and ` +
          `deployment ${updated?.number} began at ${updated?.begunAt}. An older state was put in its place; ` +
          `the rest of the stack may be older in it, too: pulumi refresh --stack ${stack}`
        : `Somebody changed the service beside the pipeline (CloudTrail: UpdateService, RegisterTaskDefinition), or ECS rolled it back.`,
    ],
  };
}

/** A deployment that is held to a plan cannot read ECS back: the plan was made for the state as it is. */
export function refuseDrift(stack: string, releaseId: string, { lines }: Drift): void {
  if (lines.length === 0) return;
  throw new DeliveryError(
    `release ${releaseId} cannot be deployed to ${stack} as planned: what runs is not what Pulumi's state says. Nothing ` +
      `was changed. Put the desired release back first, which reads back what ECS has: gantry restore --stack ${stack}. ` +
      `Then have the pipeline begin anew: ${deployCommand(stack, releaseId)}`,
    lines,
  );
}
