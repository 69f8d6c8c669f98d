import * as pulumi from "@pulumi/pulumi";
import { runPage } from "../../contract/consolePages";
import { logQueryLine } from "../../contract/logQuery";
import type { Notification } from "../../contract/notification";
import { failureEvent } from "../job/stateMachine";
import type { Account } from "../shared/account";
import { mostPatternCharacters } from "../shared/eventPattern";
import { eventRule, type NotificationTopics } from "./eventRule";

interface JobFailureArgs {
  readonly product: string;
  readonly stack: string;
  readonly account: Account;
  readonly jobs?: readonly string[];
}

/** Tells of each run of a job that failed. */
export function jobFailures(
  name: string,
  { account, jobs = [], product, stack }: JobFailureArgs,
  topics: NotificationTopics,
  made: Parameters<typeof eventRule>[3],
): void {
  const told = pulumi.output(account.region).apply((region): Notification => ({
    ...{ kind: "jobFailed", product, stack, at: "<time>" },
    what: "the job <job> failed",
    why: "<reason>",
    lines: [logQueryLine("<log>")],
    link: runPage(region, "<arn>"),
  }));
  jobPatterns(jobs).forEach((eventPattern, index) => {
    const event = {
      part: index === 0 ? "jobFailure" : `jobFailure${index + 1}`,
      description: "Tells of runs of jobs that failed",
      inputPaths: {
        ...{ job: "$.detail.job", reason: "$.detail.reason" },
        ...{ arn: "$.detail.execution", log: "$.detail.log", time: "$.time" },
      },
      ...{ eventPattern, told },
    };
    eventRule(name, event, topics, made);
  });
}

/** Jobs by their names, in as few patterns as EventBridge's length of one takes. */
function jobPatterns(jobs: readonly string[]): string[] {
  const pattern = (job: readonly string[]) =>
    JSON.stringify({
      source: [failureEvent.source],
      "detail-type": [failureEvent.detailType],
      detail: { job },
    });
  const groups: string[][] = [];
  for (const job of jobs) {
    const last = groups.at(-1);
    if (last && pattern([...last, job]).length <= mostPatternCharacters) last.push(job);
    else groups.push([job]);
  }
  return groups.map(pattern);
}
