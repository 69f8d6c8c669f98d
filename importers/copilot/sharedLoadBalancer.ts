import { isRecord } from "../../contract/record";
import type { Draft } from "../draft";
import { lost } from "../outcome";
import type { At } from "../rules";
import { below, leaves, type SourceNode } from "../source";
import { top } from "./environment";

const path = ["loadBalancer", "existingArn"];
const byHand = "set gantry:loadBalancer.existingArn, and route.hosts of each web service";

/** A load balancer that Copilot did not make: of all web services of an environment here, and of each service there. */
export function sharedLoadBalancer(at: At) {
  const { beside, draft, value } = at;
  if (typeof value !== "string") return undefined;
  if (beside("type") === "Backend Service") {
    return lost("Gantry makes the internal load balancer itself", "move the records of its names");
  }
  if (!value.startsWith("arn:")) return lost("a load balancer goes by its ARN", byHand);
  const other = draft.get(path);
  return other === undefined || other === value
    ? top(at, path, value)
    : lost("one load balancer serves an environment, and another service has another", byHand);
}

/** Takes it back where it would serve what has no hosts, since others are behind it too. */
export function keepSharedWithHosts(draft: Draft): void {
  if (draft.get(path) === undefined) return;
  const hostless = publicServices(draft).flatMap(([name, { hosts }]) =>
    hosts === undefined ? [name] : [],
  );
  if (hostless.length === 0) return;
  const said = draft.assignments.filter((each) => each.path.join(".") === path.join("."));
  const why = `a load balancer that exists needs hosts, and ${hostless.join(", ")} would have none`;
  draft.takeBack(said, why, byHand);
}

/** Says which services it serves from now on that were behind the environment's own. */
export function tellWhoIsMoved(draft: Draft, manifests: ReadonlyMap<string, SourceNode>): void {
  if (draft.get(path) === undefined) return;
  const albOf = (name: string) => below(manifests.get(name), "http", "alb");
  const services = publicServices(draft).map(([name]) => name);
  const moved = services.filter((name) => albOf(name) === undefined);
  if (moved.length === 0) return;
  const outcome = lost(
    `one load balancer serves an environment: it serves ${moved.join(", ")}, too, which had the environment's own`,
    "give its listener their certificates, and lead their names to it; or remove gantry:loadBalancer.existingArn, and lead this service's to the environment's",
  );
  for (const leaf of services.flatMap((name) => albOf(name) ?? []).flatMap(leaves)) {
    if (draft.outcomes.of(leaf)?.became !== "lost") draft.outcomes.mark(leaf, outcome);
  }
}

/** Web services that are not internal, with their routes. */
function publicServices(draft: Draft): [name: string, route: Readonly<Record<string, unknown>>][] {
  const services: unknown = draft.values().services;
  return Object.entries(isRecord(services) ? services : {}).flatMap(([name, service]) => {
    if (!isRecord(service) || !["web", undefined].includes(service.kind as undefined)) return [];
    const route = isRecord(service.route) ? service.route : {};
    return route.internal === true ? [] : [[name, route]];
  });
}
