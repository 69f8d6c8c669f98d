import { shifts } from "../../contract/deploymentStrategy";
import { whyRolling } from "./deployment";
import { sessionsLack } from "./egress";
import { isOwn } from "./own";
import { formatPath, type Path } from "./path";
import { dangersOf, inWords } from "./posture";
import { dayOf, isOver, type Said } from "./posture/schema";
import { slowDeployments } from "./slowDeployments";
import type { EnvironmentConfig, PipelineConfig, ServiceConfig } from "./types";

/** A choice that works, and has a risk that whoever made it should know. */
export interface Warning {
  /** Where, as `gantry:services.web.user`. */
  readonly path: string;
  readonly risk: string;
}

/** What config is free to choose, each with its risk. Nothing is refused for it. */
export function configWarnings(config: EnvironmentConfig, now: Date): Warning[] {
  const found = [
    ...ofExpiredFindings(config.pipeline?.scan.allow ?? [], now),
    ...Object.entries(config.services).flatMap(([name, service]) =>
      ofService(name, service, config),
    ),
  ];
  return [
    ...postureWarnings(config, now).map(({ path, risk }) => ({ path, risk })),
    ...found.map(([path, risk]) => ({ path: formatPath(path), risk })),
  ];
}

type Found = readonly [path: Path, risk: string];

/** A danger, and what is said of it. */
export interface PostureWarning extends Warning {
  readonly danger: string;
  /** Why it is accepted, or what is safe. */
  readonly verdict: string;
}

/** Dangers that nobody refuses, and those that somebody said aloud: each is told again, so that nobody forgets it. */
export function postureWarnings(config: EnvironmentConfig, now: Date): PostureWarning[] {
  const { relaxed } = config.posture;
  return dangersOf(config, now).map(({ rule, path, key }) => {
    const said = Object.hasOwn(relaxed, key) ? relaxed[key] : undefined;
    const danger = `${inWords(rule)}: ${rule.why}`;
    const verdict = `${said ? accepted(said, now) : `Safe: ${rule.safe}`} (rule ${rule.id})`;
    return { path: formatPath(path), risk: `${danger}. ${verdict}`, danger, verdict };
  });
}

function accepted(said: Said, now: Date): string {
  const until = said.until === undefined ? "" : ` until ${said.until}`;
  return `Accepted${until}${isOver(said, now) ? ", which is over" : ""}: ${said.reason}`;
}

function ofExpiredFindings(allow: PipelineConfig["scan"]["allow"], now: Date): Found[] {
  const today = dayOf(now);
  // A later entry for the same finding takes the place of one that expired, as in the gate.
  const accepted = new Set(allow.filter(({ until }) => today <= until).map(({ id }) => id));
  return allow.flatMap(({ id, until }, index): Found[] => {
    if (until >= today || accepted.has(id)) return [];
    const risk = `${id} was accepted until ${until}, and is judged again. Remove the entry where it is fixed, or set a later day with its reason.`;
    return [[["pipeline", "scan", "allow", index, "until"], risk]];
  });
}

function ofService(name: string, service: ServiceConfig, config: EnvironmentConfig): Found[] {
  const { permissions } = service;
  const warnings: Found[] = [];
  const { kind } = service;
  if (kind !== "worker" && kind !== "job" && service.deployment.strategy === "recreate") {
    const meanwhile = kind === "web" ? "requests are answered with 503" : "calls of it fail";
    warnings.push([
      ["services", name, "deployment", "strategy"],
      `each deployment interrupts it: its tasks stop before new ones start, and ${meanwhile} meanwhile.`,
    ]);
  }
  const why = whyRolling(service, config);
  if (why !== undefined) {
    warnings.push([
      ["services", name, "deployment", "strategy"],
      `a release serves people before it is verified, since ${why}.`,
    ]);
  }
  const lacking = sessionsLack(service, config);
  if (lacking.length > 0) {
    warnings.push([
      ["services", name, "exec"],
      `no session opens in its tasks: network.nat is none, and ${lacking.join(" and ")} are no interfaceEndpoints. Add them, or set exec: false.`,
    ]);
  }
  warnings.push(...ofApproval(name, service, config));
  warnings.push(...ofSchedule(name, service), ...slowDeployments(name, service, config));
  permissions.forEach((permission, index) => {
    if (isOwn(permission) || permission.because === undefined) return;
    const { actions, because, resources } = permission;
    warnings.push([
      ["services", name, "permissions", index],
      `${actions.join(", ")} on ${resources.join(", ")}, because ${because}`,
    ]);
  });
  return warnings;
}

/** What goes on before a person is asked, where that is after the verification. */
function ofApproval(
  name: string,
  service: ServiceConfig,
  { pipeline }: EnvironmentConfig,
): Found[] {
  if (pipeline?.approval !== "afterVerification" || service.kind === "job") return [];
  const found: Found[] = [];
  if (!shifts(service.deployment.strategy)) {
    const risk =
      "its new tasks work before anybody is asked: nothing holds them until the approval.";
    found.push([["services", name, "deployment", "strategy"], risk]);
  }
  if (service.releaseCommand) {
    const risk =
      "it runs before anybody is asked, and nobody takes it back where the release is refused.";
    found.push([["services", name, "releaseCommand"], risk]);
  }
  return found;
}

function ofSchedule(name: string, service: ServiceConfig): Found[] {
  if (service.kind !== "web" || service.verify === undefined) return [];
  return (service.scaling.schedule ?? []).flatMap(({ max }, index): Found[] =>
    max > 0
      ? []
      : [
          [
            ["services", name, "scaling", "schedule", index, "max"],
            "from then on nothing answers: a release that comes meanwhile fails its verification.",
          ],
        ],
  );
}
