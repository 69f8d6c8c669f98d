import type { Command } from "commander";
import type * as Addresses from "../operations/open/addresses";
import type * as Browser from "../operations/open/browser";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly print?: boolean;
  readonly json?: boolean;
}

export function openCommand(): Command {
  return command(
    "open",
    "open a service, the pipeline, the dashboard or the logs in the browser",
    "Prints the address of a service, or of a page of AWS's console: its pipeline, dashboard or logs. Opens it in the browser, too, where there " +
      "is a desktop: not over SSH, in CI or on a Linux without a display. What is no web service opens where the console shows it.",
  )
    .argument(
      "[what]",
      "a service as config calls it, pipeline, dashboard or logs; default: the web service, where there is one alone",
    )
    .option("--print", "only print the address")
    .option("--json", "as JSON, and open nothing")
    .addHelpText(
      "after",
      examples("gantry open --stack production", "gantry open --stack production pipeline --print"),
    )
    .action(open);
}

async function open(
  what: string | undefined,
  { print: onlyPrints = false, json = false, ...common }: Options,
): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { addressOf } = load<typeof Addresses>("../operations/open/addresses");
  const { hasDesktop, openInBrowser } = load<typeof Browser>("../operations/open/browser");
  const { target, clients } = await openQuestion(common);
  const address = await addressOf({ clients, target, what });
  if (json) {
    return load<typeof Json>("./json").printJson({ stack: target.stack, ...address });
  }
  print(address.url);
  if (address.isInternal) tell("it is reached from inside of the network alone, as by a VPN");
  if (onlyPrints || !hasDesktop(process.env, process.platform)) return;
  const fault = await openInBrowser(address.url);
  if (fault !== undefined) tell(`no browser could be started: ${fault}`);
}
