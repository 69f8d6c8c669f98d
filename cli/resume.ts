import type { Command } from "commander";
import type * as Times from "../delivery/facts/times";
import type * as Refusals from "../delivery/ledger/refusals";
import type * as Notify from "../delivery/notify";
import type * as Resume from "../delivery/resume";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";
import { reasonText } from "./values";

interface Options extends CommonOptions, AgreeOptions {
  readonly reason?: string;
}

export function resumeCommand(): Command {
  return command(
    "resume",
    "let new releases come again after a rollback",
    "Ends the hold that gantry rollback has set on the environment: until then the pipeline and gantry deploy refuse new " +
      "releases. Nothing is deployed by it. Prints who held it, since when and why.",
  )
    .option("--reason <text>", "why they may come again, for gantry history", reasonText)
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry resume --stack production",
        'gantry resume --stack production --reason "fixed by 3f9c2a1b"',
      ),
    )
    .action(resume);
}

async function resume({ reason, yes, ...options }: Options): Promise<void> {
  const { openQuestion, whoActs } = load<typeof Session>("./session");
  const { holdText } = load<typeof Refusals>("../delivery/ledger/refusals");
  const { clients, ledger, target } = await openQuestion(options);
  const { teller } = load<typeof Notify>("../delivery/notify");
  const { clocksIn, readerHere } = load<typeof Times>("../delivery/facts/times");
  const { stack, config } = target;
  const reader = readerHere();
  const { standing } = await ledger.past(1);
  const hold = standing?.hold;
  if (!hold) return print(`${stack} is not on hold`);
  const held = clocksIn(holdText(hold, reader.now), reader);
  await agree([`${stack} is ${held}`, "New releases come again. Nothing is deployed by it."], {
    yes,
  });
  const ended = await load<typeof Resume>("../delivery/resume").resume(ledger, {
    ...{ by: whoActs().actor, stack, since: hold.at },
    ...(reason ? { reason } : {}),
  });
  if (ended) {
    await teller({ clients, target, clock: { now: () => new Date() }, log: tell })({
      kind: "resumed",
      what: "new releases come again",
      why: reason ?? `the hold of ${ended.at} by ${ended.by} is over: ${ended.reason}`,
      who: whoActs().actor,
    });
    tell(
      config.pipeline
        ? `A release that was refused meanwhile: gantry retry --stack ${stack}, or from the beginning: gantry deploy --stack ${stack} <release>. ` +
            "The next one comes by itself."
        : `A release that was refused meanwhile: gantry deploy --stack ${stack}`,
    );
  }
  print(ended ? `resumed: ${stack} was ${holdText(ended, new Date())}` : `${stack} is not on hold`);
}
