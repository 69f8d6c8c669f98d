import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { text } from "../shared/account";
import type { ObservabilityArgs } from "./args";

/** How many log groups a query asks ("CloudWatch Logs quotas"). */
const mostGroups = 50;

type Groups = readonly pulumi.Input<string>[];

/** The log groups of services and jobs, in as few queries as it takes. */
export function logGroupsOf({
  services = {},
  jobs = {},
}: Pick<ObservabilityArgs, "services" | "jobs">): Groups[] {
  const all = [...Object.values(services), ...Object.values(jobs)].map(
    ({ logGroupName }) => logGroupName,
  );
  return Array.from({ length: Math.ceil(all.length / mostGroups) }, (_, index) =>
    all.slice(index * mostGroups, (index + 1) * mostGroups),
  );
}

/** What programs of all kinds say when something is wrong, in words or as the level of a line in JSON. */
const isError = "filter @message like /(?i)(error|exception|fatal|panic|traceback)/";

const newest = "fields @timestamp, @log, @logStream, @message";

const errorQuery = `${newest}\n| ${isError}\n| sort @timestamp desc\n| limit 100`;

/** Lines of the newest errors, as a dashboard asks for them. */
export function errorLines(groups: Groups): pulumi.Input<string> {
  const sources = groups.map((group) => text`SOURCE '${group}'`);
  const all = sources.reduce((before, source) => text`${before} | ${source}`);
  return text`${all} | ${errorQuery.replaceAll("\n", " ")}`;
}

/** Queries of Logs Insights that people find under the environment's name. They cost what they read, and nothing by being there. */
export function savedQueries(name: string, args: ObservabilityArgs, parent: pulumi.Resource): void {
  const groups = logGroupsOf(args);
  const numbered = (title: string, index: number) =>
    index === 0 ? title : `${title} ${index + 1}`;
  const queries: readonly (readonly [title: string, groups: Groups, query: string])[] = [
    ...groups.flatMap((some, index) => [
      [numbered("errors", index), some, errorQuery] as const,
      [
        numbered("errors by service", index),
        some,
        `${isError}\n| stats count() as errors by @log, bin(5m)\n| sort errors desc`,
      ] as const,
    ]),
    ...Object.entries(args.jobs ?? {}).map(
      ([job, { logGroupName }]) =>
        [
          `runs of ${job}`,
          [logGroupName],
          `${newest}\n| sort @timestamp desc\n| limit 500`,
        ] as const,
    ),
    ...(args.cluster.execLogGroupName === undefined
      ? []
      : [
          [
            "sessions in tasks",
            [args.cluster.execLogGroupName],
            "fields @timestamp, @logStream, @message\n| sort @timestamp desc\n| limit 500",
          ] as const,
        ]),
  ];
  for (const [title, logGroupNames, queryString] of queries) {
    new aws.cloudwatch.QueryDefinition(
      `${name}-query-${title.replaceAll(" ", "-")}`,
      { name: `${args.environmentName}/${title}`, logGroupNames: [...logGroupNames], queryString },
      { parent },
    );
  }
}
