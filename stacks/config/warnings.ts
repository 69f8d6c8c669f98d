import { shifts } from "../../contract/deploymentStrategy";
import { leastTlsVersion } from "./aws/sslPolicies";
import { whyRolling } from "./deployment";
import { isOwn } from "./own";
import { formatPath, type Path } from "./path";
import { slowDeployments } from "./slowDeployments";
import type { EnvironmentConfig, PipelineConfig, ServiceConfig } from "./types";

/** A choice that works, and has a risk that whoever made it should know. */
export interface Warning {
  /** Where, as `gantry:services.web.user`. */
  readonly path: string;
  readonly risk: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Days for which a finding may be accepted before it is worth a word: the risk outlives whoever accepted it. */
const longAcceptanceDays = 366;

/** What config is free to choose, each with its risk. Nothing is refused for it. */
export function configWarnings(config: EnvironmentConfig, now: Date): Warning[] {
  const found = [
    ...ofLoadBalancer(config),
    ...ofPipeline(config, now),
    ...Object.entries(config.services).flatMap(([name, service]) =>
      ofService(name, service, config),
    ),
  ];
  return found.map(([path, risk]) => ({ path: formatPath(path), risk }));
}

type Found = readonly [path: Path, risk: string];

function ofLoadBalancer({ kind, loadBalancer, services }: EnvironmentConfig): Found[] {
  const { certificateArn, domain, existing, sslPolicy } = loadBalancer;
  if (existing || !Object.values(services).some((service) => service.kind === "web")) return [];
  if (certificateArn === undefined && domain === undefined) {
    return kind === "production"
      ? [
          [
            ["loadBalancer"],
            "production serves plain HTTP: whoever is between can read and change what is sent. Set domain or certificateArn.",
          ],
        ]
      : [];
  }
  const least = leastTlsVersion(sslPolicy);
  return least === "1.0" || least === "1.1"
    ? [
        [
          ["loadBalancer", "sslPolicy"],
          `${sslPolicy} speaks TLS ${least}, which RFC 8996 forbids: connections can be weakened to it.`,
        ],
      ]
    : [];
}

function ofPipeline({ kind, pipeline }: EnvironmentConfig, now: Date): Found[] {
  if (pipeline === undefined) return [];
  const { approval, scan, source } = pipeline;
  const warnings: Found[] = [];
  if (kind === "production" && !approval) {
    warnings.push([
      ["pipeline", "approval"],
      source
        ? "commits go to production at once: nobody approves them, and no other environment has verified them."
        : "nobody approves what goes to production.",
    ]);
  }
  if (scan.severity === "NONE") {
    warnings.push([
      ["pipeline", "scan", "severity"],
      "no finding of a scan stops a release, however severe.",
    ]);
  }
  return [...warnings, ...ofAcceptedFindings(scan.allow, now)];
}

function ofAcceptedFindings(allow: PipelineConfig["scan"]["allow"], now: Date): Found[] {
  const today = now.toISOString().slice(0, 10);
  // A later entry for the same finding takes the place of one that expired, as in the gate.
  const accepted = new Set(allow.filter(({ until }) => today <= until).map(({ id }) => id));
  return allow.flatMap(({ id, until }, index): Found[] => {
    const hasExpired = until < today && !accepted.has(id);
    const days = Math.floor((Date.parse(until) - now.getTime()) / dayMs);
    if (!hasExpired && days <= longAcceptanceDays) return [];
    const risk = hasExpired
      ? `${id} was accepted until ${until}, and is judged again. Remove the entry where it is fixed, or set a later day with its reason.`
      : `${id} is accepted until ${until}, for more than a year: nobody will look at it again before.`;
    return [[["pipeline", "scan", "allow", index, "until"], risk]];
  });
}

function ofService(name: string, service: ServiceConfig, config: EnvironmentConfig): Found[] {
  const { permissions, scan, user } = service;
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
  warnings.push(...ofApproval(name, service, config));
  warnings.push(...ofSchedule(name, service), ...slowDeployments(name, service, config));
  if (scan.severity === "NONE") {
    warnings.push([
      ["services", name, "scan", "severity"],
      "no finding of a scan stops a release of it, however severe.",
    ]);
  } else if (scan.unsupported === "pass") {
    warnings.push([
      ["services", name, "scan", "unsupported"],
      "images that ECR has no scan for are released, and nobody is told what is in them.",
    ]);
  }
  if (user !== undefined && /^(root|0)(:|$)/.test(user)) {
    warnings.push([
      ["services", name, "user"],
      "the process is root: whoever takes it over owns the container. Use a user of the image's own, such as node.",
    ]);
  }
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
