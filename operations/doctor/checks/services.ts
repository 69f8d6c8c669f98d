import type { Service } from "@aws-sdk/client-ecs";
import { counted } from "../../../contract/counted";
import { serviceFaults } from "../../../delivery/preflight/services";
import type { Check, Finding } from "../check";
import { findingOf } from "../fault";

/** Whether ECS has every service, and whether their tasks run. */
export const servicesCheck: Check = {
  name: "services",
  title: "the services in ECS",
  rights: ["ecs:DescribeServices"],
  run: async ({ target, services }) => {
    const missing = (await serviceFaults(services, target)).map(findingOf);
    if (missing.some(({ where }) => where === "the cluster"))
      return { well: "", findings: missing };
    const found = Object.entries(await services());
    const short = found.flatMap(([name, service]) => shortOfTasks(name, service, target.stack));
    return {
      well: `${counted(found.length, "service")}, and all the tasks that shall run`,
      findings: [...missing, ...short],
    };
  },
};

function shortOfTasks(name: string, service: Service, stack: string): Finding[] {
  const { runningCount = 0, desiredCount = 0, deployments = [], events = [] } = service;
  if (runningCount >= desiredCount) return [];
  // A deployment that goes on has tasks that start.
  const rollsOut = deployments.some(({ rolloutState }) => rolloutState === "IN_PROGRESS");
  const said = events.at(0)?.message;
  return [
    {
      severity: rollsOut ? "note" : runningCount === 0 ? "error" : "warning",
      where: `services.${name}`,
      what: `${runningCount} of ${desiredCount} tasks run${rollsOut ? ", and a deployment goes on" : ""}${said ? `; ECS says: ${said}` : ""}`,
      fix: rollsOut ? "wait for its end" : "see why tasks stopped",
      command: `gantry status --stack ${stack}`,
    },
  ];
}
