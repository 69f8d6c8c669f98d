import {
  buildMinutes,
  deliveryTimes,
  ecsActionMinutes,
  rolloutSeconds,
  verifySeconds,
} from "../../../contract/times";
import { counted } from "../../../contract/counted";
import { shiftMinutes } from "../../../contract/deploymentStrategy";
import type { Check, Report } from "../checks";
import type { EnvironmentConfig, ServiceConfig } from "../types";

const builds = `("Quotas for AWS CodeBuild", CodeBuild user guide)`;

/** Times that do not fit into the builds that they are spent in. */
export const checkTimes: Check = (config, report) => {
  if (config.pipeline === undefined) return;
  checkDeployment(config, report);
  checkVerification(config, report);
  checkEcsAction(config, report);
};

function checkDeployment({ services, pipeline }: EnvironmentConfig, report: Report) {
  const { actionMinutes, releaseCommandMinutes } = deliveryTimes({ services, pipeline });
  const { deploy } = actionMinutes;
  if (deploy <= buildMinutes.most) return;
  const room = buildMinutes.most - (deploy - releaseCommandMinutes);
  const [name, { releaseCommand }] = longest(
    services,
    (service) => service.releaseCommand?.timeoutMinutes ?? 0,
  );
  if (releaseCommand && room > 0) {
    report({
      path: ["services", name, "releaseCommand", "timeoutMinutes"],
      given: `${releaseCommand.timeoutMinutes}, and ${releaseCommandMinutes} minutes for the release commands of all services`,
      allowed: `${counted(room, "minute")} for all of them, which run one after another in a build of ${buildMinutes.most} at most ${builds}`,
      fix: "let migrations that take long run beside deployments, and give release commands less",
      reads: [["services"]],
    });
    return;
  }
  if (reportShift(services, deploy - buildMinutes.most, report)) return;
  reportSlowest(services, report, {
    allowed: `times that a deployment fits in, and what it takes to put back what ran: a build has ${buildMinutes.most} minutes at most ${builds}`,
  });
}

/** Steps and bake count twice in a build, there and back. */
function reportShift(
  services: EnvironmentConfig["services"],
  over: number,
  report: Report,
): boolean {
  const minutesOf = (service: ServiceConfig) =>
    service.kind === "job" ? 0 : shiftMinutes(service.deployment);
  const [name, service] = longest(services, minutesOf);
  const room = minutesOf(service) - Math.ceil(over / 2);
  if (service.kind === "job" || minutesOf(service) === 0 || room < 0) return false;
  const { bakeMinutes = 0 } = service.deployment;
  const isBake = 2 * bakeMinutes >= minutesOf(service);
  const most = bakeMinutes - (minutesOf(service) - room);
  const lessBake =
    most >= 0 ? `set bakeMinutes: ${most} or less` : "lower bakeMinutes and stepMinutes";
  report({
    path: ["services", name, "deployment", isBake ? "bakeMinutes" : "stepMinutes"],
    given: `${counted(minutesOf(service), "minute")} of steps and bake`,
    allowed: `${counted(room, "minute")}, there and back within a build of ${buildMinutes.most} at most ${builds}`,
    fix: isBake ? lessBake : "lower stepMinutes, or raise stepPercent",
    reads: [["services"]],
  });
  return true;
}

function checkVerification({ services }: EnvironmentConfig, report: Report) {
  const { verify } = deliveryTimes({ services }).actionMinutes;
  if (verify <= buildMinutes.most) return;
  const verified = Object.values(services).filter((service) => isVerified(service)).length;
  const over = Math.ceil((verify - buildMinutes.most) / (verifySeconds / 60));
  report({
    path: ["services"],
    given: `${verified} services with verify`,
    allowed: `at most ${verified - over}: they run one after another, up to ${verifySeconds} seconds each, in a build of ${buildMinutes.most} minutes at most ${builds}`,
    fix: "verify several services by one command, or divide the product (gantry:name)",
  });
}

function isVerified(service: ServiceConfig): boolean {
  if (service.kind === "private") return service.verify !== false;
  return service.kind === "web" && service.verify !== undefined;
}

function checkEcsAction({ services, pipeline }: EnvironmentConfig, report: Report) {
  if (pipeline?.deploy !== "ecs") return;
  const { steadyStateSeconds } = deliveryTimes({ services });
  if (steadyStateSeconds <= ecsActionMinutes * 60) return;
  reportSlowest(services, report, {
    allowed: `times of a rollout within ${ecsActionMinutes} minutes with pipeline.deploy: ecs, for which CodePipeline's action waits ("Quotas in AWS CodePipeline", CodePipeline user guide)`,
  });
}

/** Names the service whose tasks take longest to come and go, by the time that makes it so. */
function reportSlowest(
  services: EnvironmentConfig["services"],
  report: Report,
  { allowed }: { readonly allowed: string },
) {
  const [name, service] = longest(services, rolloutSeconds);
  const minutes = Math.ceil(rolloutSeconds(service) / 60);
  const grace = service.kind === "web" ? service.healthCheck.graceSeconds : 0;
  const drain = service.kind === "web" ? service.drainSeconds : 0;
  const isGrace = grace > drain;
  report({
    path: ["services", name, ...(isGrace ? ["healthCheck", "graceSeconds"] : ["drainSeconds"])],
    given: `${isGrace ? grace : drain}, with which a rollout may take ${minutes} minutes`,
    allowed,
    fix: isGrace
      ? "set graceSeconds to the seconds that the service needs to start"
      : "set a lower drainSeconds: tasks that leave have finished their requests by then",
    reads: [["services", name]],
  });
}

function longest(
  services: EnvironmentConfig["services"],
  measure: (service: ServiceConfig) => number,
): [string, ServiceConfig] {
  const [first, ...others] = Object.entries(services);
  return others.reduce(
    (slowest, each) => (measure(each[1]) > measure(slowest[1]) ? each : slowest),
    first,
  );
}
