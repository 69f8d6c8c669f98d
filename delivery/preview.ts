import type { Clients } from "./clients";
import { findTaskDefinition } from "./deploy/ecs";
import { PulumiEngine, type DeliveryEngine } from "./engine";
import { engineLimits } from "./engine/bounded";
import { stackChanges, timePhrases, type PreviewReport } from "./preview/report";
import { plannedTimes } from "./plan/times";
import { postureWarnings } from "../stacks/config";
import { policyPackOf, type PolicyOptions } from "./engine/policy";
import { say } from "./preview/phrase";
import type { Installation } from "./installation";
import type { Target } from "./target";

/**
 * What `pulumi up` would do to a stack as it is, with the release that runs. Changes nothing, and takes no lock.
 * @param policy folder of a policy pack that it is held to; false for none. Default: that which the program's package.json names.
 * @param installation what it waits for before it starts Pulumi. Default: nothing.
 * @throws DeliveryError with what Pulumi said, where it cannot be found out.
 */
export function preview(
  target: Target,
  { ecs, s3 }: Clients,
  installation?: Installation,
  policy?: PolicyOptions["given"],
): Promise<PreviewReport> {
  const find = findTaskDefinition(ecs);
  const engine = new PulumiEngine(target, find, s3, engineLimits, installation);
  return previewThrough(engine, target, policy);
}

/** {@link preview}, by another engine where a test wants one. */
export async function previewThrough(
  engine: Pick<DeliveryEngine, "preview">,
  target: Pick<Target, "folder" | "project" | "stack" | "names" | "config">,
  policy?: PolicyOptions["given"],
): Promise<PreviewReport> {
  const { folder, stack } = target;
  const advice: string[] = [];
  const changes = await engine.preview({
    release: undefined,
    policy: {
      pack: () => policyPackOf({ folder, stack, given: policy }),
      advice: (line) => advice.push(line),
    },
  });
  const times = timePhrases(plannedTimes(target, changes));
  const dangers = postureWarnings(target.config, new Date()).map(
    ({ path, danger, verdict }) => say`${path}: ${danger}. ${verdict}`,
  );
  return {
    ...{ stack, ...stackChanges(changes), times },
    dangers: [...dangers, ...advice.map((line) => say`${line}`)],
  };
}
