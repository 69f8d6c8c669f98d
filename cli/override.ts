import { InvalidArgumentError, type Command } from "commander";
import type * as Clock from "../delivery/clock";
import type * as Times from "../delivery/facts/times";
import type * as Gates from "../delivery/gates";
import type * as Override from "../delivery/override";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { command, examples, load, print, required, tell, type CommonOptions } from "./command";
import type * as Session from "./session";
import { reasonText } from "./values";

interface Options extends CommonOptions, AgreeOptions {
  readonly reason: string;
  readonly hours: number;
  readonly gates?: string;
  readonly release?: string;
}

export function overrideCommand(): Command {
  return command(
    "override",
    "let a release past closed gates for a while",
    "For a hotfix: deployment windows, freezes, alarms that fire and soak times let releases past, until the hours are over. Who did so, why and " +
      "until when is kept, and told by gantry status, gantry history and the evidence of plans. Nothing is deployed by it. " +
      "What a person's rollback holds, gantry resume lets go on. Prints what it lets past, and until when.",
  )
    .addOption(
      required("--reason <text>", "why, for whoever reads the history").argParser(reasonText),
    )
    .option("--hours <number>", "how long, up to 72", hoursOf, 2)
    .option("--release <id>", "the only release that is let past; default: every one")
    .option(
      "--gates <names>",
      "windows, alarms, soak, or several with commas between; default: all",
    )
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        'gantry override --stack production --reason "fixes the checkout"',
        'gantry override --stack production --reason "fixes the checkout" --release 3f9c2a1b-17 --gates windows --hours 4',
      ),
    )
    .action(override);
}

/** Whether so many are taken, `overrideGates` says. */
function hoursOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give hours as a number, such as 4 or 0.5.");
}

async function override(options: Options): Promise<void> {
  const { reason, hours, gates, release, yes, ...common } = options;
  const { openQuestion, whoActs } = load<typeof Session>("./session");
  const { overrideText } = load<typeof Gates>("../delivery/gates");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { clocksIn, readerHere } = load<typeof Times>("../delivery/facts/times");
  const { overrideGates, overrideMeant } = load<typeof Override>("../delivery/override");
  const { ledger } = await openQuestion(common);
  const request = {
    ...{ by: whoActs().actor, reason, hours },
    ...(gates === undefined ? {} : { gates: gates.split(",").map((gate) => gate.trim()) }),
    ...(release === undefined ? {} : { release }),
  };
  const meant = clocksIn(overrideText(overrideMeant(request, systemClock)), readerHere());
  await agree([`${common.stack}: ${meant}`, "Nothing is deployed by it."], { yes });
  const noted = await overrideGates(ledger, request, systemClock);
  tell(
    `A release that was refused: gantry retry --stack ${common.stack}. The next one comes by itself.`,
  );
  print(`${common.stack}: ${overrideText(noted)}`);
}
