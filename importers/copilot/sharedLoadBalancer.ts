import { isRecord } from "../../contract/record";
import type { Draft } from "../draft";
import { lost } from "../outcome";
import type { At } from "../rules";
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
  const services: unknown = draft.values().services;
  if (draft.get(path) === undefined || !isRecord(services)) return;
  const hostless = Object.entries(services).flatMap(([name, service]) => {
    if (!isRecord(service) || !["web", undefined].includes(service.kind as undefined)) return [];
    const { hosts, internal } = isRecord(service.route) ? service.route : {};
    return hosts === undefined && internal !== true ? [name] : [];
  });
  if (hostless.length === 0) return;
  const said = draft.assignments.filter((each) => each.path.join(".") === path.join("."));
  const why = `a load balancer that exists needs hosts, and ${hostless.join(", ")} would have none`;
  draft.takeBack(said, why, byHand);
}
