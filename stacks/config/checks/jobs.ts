import type { Check } from "../checks";

/** What jobs ask of their schedules and of the pipeline. */
export const checkJobs: Check = ({ pipeline, services }, report) => {
  for (const [name, service] of Object.entries(services)) {
    if (service.kind !== "job") continue;
    const { schedule, timezone } = service;
    if (timezone !== undefined && !schedule?.startsWith("cron(")) {
      report({
        path: ["services", name, "timezone"],
        allowed: schedule === undefined ? "nothing without a schedule" : "nothing beside a rate",
        fix: "remove timezone, or write schedule as cron(0 3 * * ? *)",
        reads: [["services", name, "schedule"]],
      });
    }
    if (pipeline?.deploy === "ecs") {
      report({
        path: ["pipeline", "deploy"],
        given: `ecs, with the job ${name}`,
        allowed: "pulumi where there are jobs: CodePipeline's ECS action updates services alone",
        fix: "set deploy: pulumi",
        reads: [["services", name, "kind"]],
      });
    }
  }
};
