import { testPriority } from "../../../components/service/routePriority";
import { routeRules } from "../../../components/service/routeRules";
import { shifts } from "../../../contract/deploymentStrategy";
import { isStep, shiftKeys, stepRange } from "../../../components/service/strategies";
import type { Check, Report } from "../checks";
import { ecsAction, whyNotShifting } from "../deployment";
import { oneOf } from "../fields";
import type { EnvironmentConfig, HostedServiceConfig } from "../types";

/** Whether what a service asks of its deployments can be, and is heeded. */
export const checkDeployment: Check = (config, report) => {
  for (const [name, service] of Object.entries(config.services)) {
    if (service.kind === "job") continue;
    checkStrategy(name, service, config, report);
    checkNumbers(name, service, report);
    checkCompare(name, service, report);
    checkTestPriority(name, service, report);
  }
};

function checkStrategy(
  name: string,
  service: HostedServiceConfig,
  { pipeline }: EnvironmentConfig,
  report: Report,
) {
  const { strategy } = service.deployment;
  if (!shifts(strategy)) return;
  const path = ["services", name, "deployment", "strategy"];
  if (service.kind === "worker" && strategy !== "blueGreen") {
    const allowed =
      "rolling, recreate or blueGreen: a worker takes no requests that could be shifted";
    report({ path, allowed, fix: "set strategy: blueGreen" });
  }
  const why = service.kind === "web" ? whyNotShifting(service) : undefined;
  if (why !== undefined) {
    report({
      path,
      allowed: `rolling or recreate: ${why}`,
      fix:
        routeRules(routeOf(service)).length > 1
          ? "give the route fewer paths and hosts, or set strategy: rolling"
          : "set strategy: rolling",
      reads: [["services", name, "route"]],
    });
  }
  if (pipeline?.deploy === "ecs") {
    report({
      path,
      allowed: `rolling or recreate: ${ecsAction}`,
      fix: "set pipeline.deploy: pulumi, or strategy: rolling",
      reads: [["pipeline", "deploy"]],
    });
  }
}

function routeOf(service: HostedServiceConfig) {
  return service.kind === "web" ? service.route : { paths: [], hosts: [] };
}

const numbers = ["bakeMinutes", "stepPercent", "stepMinutes"] as const;

function checkNumbers(name: string, { deployment, kind }: HostedServiceConfig, report: Report) {
  const { strategy } = deployment;
  const at = (key: string) => ["services", name, "deployment", key];
  const heeded = shiftKeys(strategy);
  const reads = [at("strategy")];
  for (const key of numbers) {
    if (deployment[key] === undefined || heeded.includes(key)) continue;
    const users = key === "bakeMinutes" || kind === "worker" ? ["blueGreen"] : [];
    const steps = kind === "worker" ? [] : ["canary", "linear"];
    const others = key === "bakeMinutes" ? [...users, ...steps] : steps;
    report({
      path: at(key),
      allowed: `nothing with strategy: ${strategy}, which does not heed it`,
      fix: others.length > 0 ? `remove ${key}, or set strategy: ${oneOf(others)}` : `remove ${key}`,
      reads,
    });
  }
  if (strategy !== "canary" && strategy !== "linear") return;
  const { stepPercent = 0 } = deployment;
  const { least, most } = stepRange(strategy);
  if (isStep(stepPercent, { least, most })) return;
  const near = Math.min(most, Math.max(least, Math.round(stepPercent * 10) / 10));
  report({
    path: at("stepPercent"),
    allowed: `${least} to ${most} in steps of 0.1 with strategy: ${strategy}`,
    fix: `set stepPercent: ${near}`,
    reads,
  });
}

/** Load balancers alone count requests by colour, and two colours there are where requests are shifted. */
function checkCompare(name: string, { deployment, kind }: HostedServiceConfig, report: Report) {
  const { strategy, compare } = deployment;
  if (compare === undefined || (kind === "web" && shifts(strategy))) return;
  report({
    path: ["services", name, "deployment", "compare"],
    allowed: `nothing with kind: ${kind} and strategy: ${strategy}, where nothing is compared`,
    fix: kind === "web" ? "remove compare, or set strategy: blueGreen" : "remove compare",
    reads: [["services", name, "deployment", "strategy"]],
  });
}

/** The rule for test requests is right before the route's own. */
function checkTestPriority(name: string, service: HostedServiceConfig, report: Report) {
  if (service.kind !== "web" || !shifts(service.deployment.strategy)) return;
  const { route } = service;
  if (testPriority(route, route.priority) >= 1) return;
  report({
    path: ["services", name, "route", "priority"],
    allowed: `2 to 50000 with strategy: ${service.deployment.strategy}, whose test rule is right before it`,
    fix: "set priority: 2 or higher, or deployment.strategy: rolling",
    reads: [["services", name, "deployment", "strategy"]],
  });
}
