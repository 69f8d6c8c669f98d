import { changeTimes, type ChangeTimes } from "../../contract/changeTimes";
import type { PlannedChange } from "../engine";
import { serviceTargets } from "../engine/targets";
import type { Target } from "../target";

/** What the deployments take that changes begin, by service. A job has none: its next run is the new one. */
export function plannedTimes(
  target: Pick<Target, "project" | "stack" | "names" | "config">,
  changes: readonly PlannedChange[],
): Readonly<Record<string, ChangeTimes>> {
  const changed = new Set(changes.filter(({ op }) => op !== "delete").map(({ urn }) => urn));
  const targets = serviceTargets(target);
  return Object.fromEntries(
    Object.entries(target.config.services).flatMap(([name, service]) => {
      const { service: urn, taskDefinition } = targets[name];
      const isDeployed = urn !== undefined && (changed.has(urn) || changed.has(taskDefinition));
      return isDeployed ? [[name, changeTimes(service)]] : [];
    }),
  );
}
