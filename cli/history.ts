import type { Command } from "commander";
import type * as Times from "../delivery/facts/times";
import type * as Text from "../delivery/historyText";
import { command, examples, load, print, type CommonOptions } from "./command";
import { printJson } from "./json";
import type * as Session from "./session";
import { positiveNumber } from "./values";

interface Options extends CommonOptions {
  readonly limit: number;
  readonly json?: boolean;
}

export function historyCommand(): Command {
  return command(
    "history",
    "list the deployments, newest first",
    "Lists what was deployed, when, by whom, and what became of it, and who held the environment meanwhile.",
  )
    .option("-n, --limit <number>", "how many", positiveNumber, 20)
    .option("--json", "as JSON, with everything that is known of each")
    .addHelpText("after", examples("gantry history --stack production --limit 5"))
    .action(history);
}

async function history(options: Options): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { ledger } = await openQuestion(options);
  const { historyOf, historyText } = load<typeof Text>("../delivery/historyText");
  const { records, notes } = await ledger.recent(options.limit);
  if (options.json) {
    printJson({ stack: options.stack, deployments: historyOf(records, notes) });
  } else {
    const { readerHere } = load<typeof Times>("../delivery/facts/times");
    print(historyText(records, notes ?? [], readerHere()));
  }
}
