import type { EnvironmentConfig, PipelineConfig } from "../types";
import { where, type Rule } from "./rule";
import { isUnverified } from "./serviceRules";

const dayMs = 24 * 60 * 60 * 1000;

/** Days for which a finding may be accepted: beyond them the risk outlives whoever accepted it. */
const mostAcceptedDays = 366;

/** What stands between a commit and production. */
export const pipelineRules: readonly Rule[] = [
  {
    id: "no-approval",
    key: "pipeline.approval",
    danger: "`false`",
    why: "nobody approves what goes to production; beside a source, no other environment has verified it either",
    safe: "set approval: true, and promote into production from an environment that has the source",
    production: "refused",
    find: where(
      ["pipeline", "approval"],
      ofPipeline(({ approval }) => approval === false),
    ),
  },
  {
    id: "no-scan-gate",
    key: "pipeline.scan.severity",
    danger: "`NONE`",
    why: "no finding of a scan stops a release, however severe",
    safe: "set severity: CRITICAL, and accept single findings by allow",
    production: "refused",
    staging: "told",
    find: where(
      ["pipeline", "scan", "severity"],
      ofPipeline(({ scan }) => scan.severity === "NONE"),
    ),
  },
  {
    id: "accepted-for-years",
    key: "pipeline.scan.allow[].until",
    danger: "more than a year away",
    why: "nobody looks at the finding again before",
    safe: "set until to a day within a year, and a later one then",
    production: "refused",
    staging: "told",
    isFinal: true,
    find: ({ pipeline }, now) =>
      (pipeline?.scan.allow ?? []).flatMap(({ until }, index) =>
        now !== undefined && Date.parse(until) - now.getTime() > mostAcceptedDays * dayMs
          ? [["pipeline", "scan", "allow", index, "until"]]
          : [],
      ),
  },
  {
    id: "ecs-without-verification",
    key: "pipeline.deploy",
    danger: "`ecs`, and a service without `verify`",
    why: "CodePipeline's own action asks no task what it runs, and nothing else asks the service",
    safe: "set deploy: pulumi, or verify each service",
    production: "refused",
    find: where(
      ["pipeline", "deploy"],
      ({ pipeline, services }) =>
        pipeline?.deploy === "ecs" && Object.values(services).some(isUnverified),
    ),
  },
  {
    id: "deaf-gate",
    key: "pipeline.alarms",
    danger: "`false`",
    why: "releases are deployed into an environment that burns, and what they break is not seen",
    safe: "set alarms: true",
    production: "told",
    find: where(
      ["pipeline", "alarms"],
      ofPipeline(({ alarms }) => alarms === false),
    ),
  },
];

function ofPipeline(isSo: (pipeline: PipelineConfig) => boolean) {
  return ({ pipeline }: EnvironmentConfig) => pipeline !== undefined && isSo(pipeline);
}
