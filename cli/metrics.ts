import type { Command } from "commander";
import type * as Metrics from "../delivery/metrics/metrics";
import type * as Page from "../delivery/metrics/page";
import type * as Text from "../delivery/metrics/text";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import { sinceOption } from "./period";
import { printJson } from "./json";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly since: Date;
  readonly html?: string;
  readonly json?: boolean;
}

export function metricsCommand(): Command {
  return command(
    "metrics",
    "say how delivery goes: DORA's four metrics, by week",
    "Says of an environment how long a commit takes until it runs, how often something is deployed, how much of it is gone back from, " +
      "and how long that takes: lead time for changes, deployment frequency, change failure rate and time to restore, with median " +
      "and 90th percentile, from the history alone. What the history does not know is told, and never guessed.",
  )
    .addOption(sinceOption())
    .option("--html <file>", "a page of it, too, which needs nothing beside itself")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples(
        "gantry metrics --stack production",
        "gantry metrics --stack production --since 2026-09-01 --html metrics.html",
      ),
    )
    .action(metrics);
}

async function metrics({ since, html, json, ...options }: Options): Promise<void> {
  const { openQuestion, writePage } = load<typeof Session>("./session");
  const { deliveryMetrics } = load<typeof Metrics>("../delivery/metrics/metrics");
  const { target, ledger } = await openQuestion(options);
  const told = await ledger.since(since);
  const found = deliveryMetrics({ ...told, stack: target.stack, since, until: new Date() });
  if (html !== undefined) {
    await writePage(html, load<typeof Page>("../delivery/metrics/page").metricsPage(found));
    tell(`the page is in ${html}`);
  }
  if (json) {
    printJson(found);
  } else {
    print(load<typeof Text>("../delivery/metrics/text").metricsText(found));
  }
}
