import { shifts } from "../../../contract/deploymentStrategy";
import type { HostedServiceConfig, ServiceConfig } from "../types";
import { missingEndpoints } from "../egress";
import { ofServices, type Rule } from "./rule";

/** Seconds after its start in which a task that does not serve still counts as good, at most: a quarter of an hour. */
const mostGraceSeconds = 900;
/** Seconds until a task that fails is replaced, less than which are taken. */
const unnoticedSeconds = 300;
/** Seconds that a program needs at least to finish what it has begun. */
const leastStopSeconds = 5;

/** How many tasks a service has, how they come and go, and who asks them. */
export const serviceRules: readonly Rule[] = [
  {
    id: "exec",
    key: "services.<name>.exec",
    danger: "`true`",
    why: "whoever may open a session is in production, with its data, secrets and rights",
    safe: "set exec: false",
    production: "refused",
    find: ofServices(["exec"], ({ exec }) => exec),
  },
  {
    id: "wide-egress",
    key: "services.<name>.egress",
    danger: "a list, in a network without the endpoints that the service needs",
    why: "HTTPS is let out to everywhere, since AWS is reached by it: the list holds for other ports alone",
    safe: "add ecr.api, ecr.dkr, logs and what else docs/config/egress.md names to interfaceEndpoints, or set egress: all",
    production: "told",
    find: ofServices(
      ["egress"],
      (service, config) =>
        service.egress !== "all" && (missingEndpoints(service, config) ?? []).length > 0,
    ),
  },
  {
    id: "one-task",
    key: "services.<name>.scaling.min",
    danger: "1",
    of: "`web` and `private`, unless they are `recreate`",
    why: "with the one task, its host or its zone, the service is gone until another has started",
    safe: "set min: 2 or more",
    production: "refused",
    find: ofServices(
      ["scaling", "min"],
      (service) => isCalled(service) && service.scaling.min < 2 && !isAlone(service),
    ),
  },
  {
    id: "one-task-at-times",
    key: "services.<name>.scaling.schedule",
    danger: "a `min` of less than 2",
    of: "`web` and `private`, unless they are `recreate`",
    why: "at those times one task, its host or its zone is all that there is",
    safe: "give each min: 2 or more",
    production: "told",
    find: ofServices(
      ["scaling", "schedule"],
      (service) =>
        isCalled(service) &&
        !isAlone(service) &&
        (service.scaling.schedule ?? []).some(({ min }) => min < 2),
    ),
  },
  {
    id: "all-on-spot",
    key: "services.<name>.spot",
    danger: "`true`",
    of: "`web` and `private`",
    why: "AWS may take all of its tasks at once, with two minutes' notice",
    safe: "set spot: { from: 2 }",
    production: "refused",
    find: ofServices(
      ["spot"],
      (service) =>
        isCalled(service) &&
        (service.spot === true || (typeof service.spot === "object" && service.spot.from <= 1)),
    ),
  },
  {
    id: "long-grace",
    key: "services.<name>.healthCheck.graceSeconds",
    danger: `more than ${mostGraceSeconds}`,
    why: "for so long a release that does not serve counts as good, and tasks that hang are kept",
    safe: "set graceSeconds to the seconds that the service needs to start",
    production: "refused",
    find: ofServices(
      ["healthCheck", "graceSeconds"],
      (service) => service.kind === "web" && service.healthCheck.graceSeconds > mostGraceSeconds,
    ),
  },
  {
    id: "late-health-check",
    key: "services.<name>.healthCheck.unhealthyThreshold",
    danger: `with \`intervalSeconds\`, ${unnoticedSeconds} seconds or more`,
    why: "for so long users are led to a task that fails",
    safe: "set a lower intervalSeconds or unhealthyThreshold",
    production: "told",
    find: ofServices(["healthCheck", "unhealthyThreshold"], (service) => {
      if (service.kind !== "web") return false;
      const { intervalSeconds, unhealthyThreshold } = service.healthCheck;
      return intervalSeconds * unhealthyThreshold >= unnoticedSeconds;
    }),
  },
  {
    id: "errors-are-healthy",
    key: "services.<name>.healthCheck.matcher",
    danger: "statuses of 400 and above",
    why: "a release that answers nothing but errors counts as good",
    safe: "set matcher: 200, and a path that answers so without a password",
    production: "refused",
    find: ofServices(["healthCheck", "matcher"], (service) => {
      if (service.kind !== "web" || service.route.protocol === "grpc") return false;
      return service.healthCheck.matcher.split(/[,-]/).some((status) => Number(status) >= 400);
    }),
  },
  {
    id: "no-drain",
    key: "services.<name>.drainSeconds",
    danger: `less than ${leastStopSeconds}`,
    of: "`web`",
    why: "each deployment cuts requests off that are being answered",
    safe: `set drainSeconds: 15, or at least ${leastStopSeconds}`,
    production: "refused",
    find: ofServices(
      ["drainSeconds"],
      (service) => service.kind === "web" && service.drainSeconds < leastStopSeconds,
    ),
  },
  {
    id: "killed-at-once",
    key: "services.<name>.stopTimeoutSeconds",
    danger: `less than ${leastStopSeconds}`,
    why: "each deployment kills programs in the middle of what they have begun",
    safe: `set stopTimeoutSeconds: 30, or at least ${leastStopSeconds}`,
    production: "refused",
    find: ofServices(
      ["stopTimeoutSeconds"],
      ({ stopTimeoutSeconds }) => stopTimeoutSeconds < leastStopSeconds,
    ),
  },
  {
    id: "no-comparison",
    key: "services.<name>.deployment.compare",
    danger: "`false`",
    why: "new tasks that fail more often than the old ones, or are slower, stay",
    safe: "remove compare",
    production: "told",
    find: ofServices(
      ["deployment", "compare"],
      (service) => isHosted(service) && service.deployment.compare === false,
    ),
  },
  {
    id: "no-bake",
    key: "services.<name>.deployment.bakeMinutes",
    danger: "0",
    why: "the old tasks are gone as soon as requests go over: the way back takes minutes, and not seconds",
    safe: "remove bakeMinutes, or set 5",
    production: "told",
    find: ofServices(
      ["deployment", "bakeMinutes"],
      (service) =>
        isHosted(service) &&
        shifts(service.deployment.strategy) &&
        service.deployment.bakeMinutes === 0,
    ),
  },
  {
    id: "not-verified",
    key: "services.<name>.verify",
    danger: "none, or `false`, with a pipeline",
    of: "`web` and `private`",
    why: "a release of it counts as good as soon as its tasks start and answer their health check",
    safe: "set verify to a command that asks what users ask",
    production: "told",
    find: ofServices(
      ["verify"],
      // Of `ecs` there is a rule of its own.
      (service, { pipeline }) => pipeline?.deploy === "pulumi" && isUnverified(service),
    ),
  },
  {
    id: "plain-verify-url",
    key: "services.<name>.verifyUrl",
    danger: "`http://`, where the load balancer has TLS",
    why: "what users get, certificate and all, is not what was verified",
    safe: "write it with https://",
    production: "told",
    find: ofServices(["verifyUrl"], (service, { loadBalancer }) => {
      const hasTls = loadBalancer.domain !== undefined || loadBalancer.certificateArn !== undefined;
      return service.kind === "web" && hasTls && /^http:/i.test(service.verifyUrl ?? "");
    }),
  },
  {
    id: "built-here",
    key: "services.<name>.bootstrap",
    danger: "`build`, with a pipeline",
    why: "until the first release runs what somebody's machine built: not tested, scanned or approved",
    safe: "set bootstrap: placeholder",
    production: "told",
    find: ofServices(
      ["bootstrap"],
      ({ bootstrap }, { pipeline }) => bootstrap === "build" && pipeline !== undefined,
    ),
  },
  {
    id: "deaf-alarms",
    key: "services.<name>.alarms",
    danger: "`errorPercent` above 50, or `latencySeconds` above 60",
    why: "most of its users have given up before an alarm fires",
    safe: "set bounds that users notice, such as errorPercent: 5 and latencySeconds: 2",
    production: "told",
    find: ofServices(["alarms"], (service) => {
      if (!isHosted(service) || !service.alarms) return false;
      const { errorPercent = 0, latencySeconds = 0 } = service.alarms;
      return errorPercent > 50 || latencySeconds > 60;
    }),
  },
  {
    id: "root-of-files",
    key: "services.<name>.volumes",
    danger: "a `uid` of 0",
    why: "whoever mounts the volume is root in it, and reads and changes what is anybody's",
    safe: "set uid and gid to those of the program, such as 1000",
    production: "told",
    find: ofServices(["volumes"], ({ volumes }) =>
      Object.values(volumes).some((volume) => !volume.ephemeral && volume.uid === 0),
    ),
  },
  {
    id: "no-visibility-timeout",
    key: "services.<name>.subscribes",
    danger: "`visibilityTimeoutSeconds: 0`",
    why: "a message that is being worked on is handed to others at the same time",
    safe: "set visibilityTimeoutSeconds to more than one message takes",
    production: "refused",
    find: ofServices(["subscribes"], ({ subscribes }) =>
      Object.values(subscribes).some((queue) => queue.visibilityTimeoutSeconds === 0),
    ),
  },
];

/** Whether others wait for its answers. */
function isCalled(service: ServiceConfig): service is HostedServiceConfig {
  return service.kind === "web" || service.kind === "private";
}

function isHosted(service: ServiceConfig): service is HostedServiceConfig {
  return service.kind !== "job";
}

/** Whether there must never be two of it, which is warned of by itself. */
function isAlone(service: HostedServiceConfig): boolean {
  return service.deployment.strategy === "recreate";
}

/** Whether a pipeline verifies nothing of it. */
export function isUnverified(service: ServiceConfig): boolean {
  if (service.kind === "private") return service.verify === false;
  return service.kind === "web" && service.verify === undefined;
}
