import { Option, type Command } from "commander";
import type * as Clock from "../delivery/clock";
import type * as Pointer from "../delivery/pointer";
import type * as Rollback from "../delivery/rollback";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { configBehind } from "./configBehind";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Session from "./session";
import { reasonText } from "./values";

interface Options extends CommonOptions, AgreeOptions {
  readonly to?: string;
  readonly reason?: string;
  readonly hold: boolean;
}

export function rollbackCommand(): Command {
  return command(
    "rollback",
    "run an earlier release again",
    "Puts the images of an earlier release in place, with the program as it is now. No release command is run. From then on " +
      "the environment is on hold: new releases are refused, in the pipeline too, until gantry resume. Prints the id of the " +
      "release that runs then.",
  )
    .option("--to <release>", "its id, see gantry history; default: the good one before what runs")
    .option(
      "--reason <text>",
      "why, for whoever is refused; default: what was gone back from",
      reasonText,
    )
    .addOption(new Option("--no-hold", "let the next release come as usual").conflicts("reason"))
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry rollback --stack production",
        "gantry rollback --stack production --to 3f9c2a1b-17",
        'gantry rollback --stack production --reason "payments fail, see #42"',
        "gantry rollback --stack staging --no-hold",
      ),
    )
    .action(rollback);
}

async function rollback(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const opened = await session.openReading(options);
  const { systemClock: clock } = load<typeof Clock>("../delivery/clock");
  const { readPointer } = load<typeof Pointer>("../delivery/pointer");
  const { rollback: rollBack, planRollback } = load<typeof Rollback>("../delivery/rollback");
  const { target, clients, ledger } = opened;
  const request = {
    ...session.whoActs(),
    ...(options.to === undefined ? {} : { to: options.to }),
    ...(options.reason ? { reason: options.reason } : {}),
    holds: options.hold,
  };
  const [known, running, behind] = await Promise.all([
    // The releases of long ago are to be had too, where one is asked for by its id.
    ledger.recent(options.to === undefined ? undefined : Infinity),
    readPointer(clients.ssm, target.names),
    configBehind(opened),
  ]);
  const { acts, release: meant } = planRollback({ target, clock }, known, running, request);
  await agree([...acts, ...behind], options);
  session.tellInterruption(options.stack);
  const { release } = await session.withTargetRegistry(opened, (registry) =>
    rollBack({
      ...{ target, clients, registry, ...request, to: meant.id },
      deadline: session.deadlineOf(opened, "deploy"),
    }),
  );
  print(release.id);
}
