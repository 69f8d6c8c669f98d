import type { Command } from "commander";
import type * as Pointer from "../delivery/pointer";
import type * as Status from "../delivery/status";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly json?: boolean;
}

export function statusCommand(): Command {
  return command(
    "status",
    "say which release runs",
    "Says which release an environment runs, since when and by whom, how many tasks each service has, and whether a " +
      "deployment is in progress.",
  )
    .option("--json", "as JSON")
    .addHelpText("after", examples("gantry status --stack production"))
    .action(status);
}

async function status(options: Options): Promise<void> {
  const { asJson, openSession } = load<typeof Session>("./session");
  const { readPointer } = load<typeof Pointer>("../delivery/pointer");
  const { environmentStatus, statusText } = load<typeof Status>("../delivery/status");
  const { target, clients, ledger } = await openSession(options);
  const found = await environmentStatus({
    ...{ target, ledger, ecs: clients.ecs },
    pointer: { read: () => readPointer(clients.ssm, target.names) },
  });
  if (options.json) {
    process.stdout.write(asJson(found));
  } else {
    print(statusText(found));
  }
}
