import type { Command } from "commander";
import type * as Times from "../delivery/facts/times";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";

export function unlockCommand(): Command {
  return command(
    "unlock",
    "take away the lock of a deployment that will not end",
    "Takes the lock away that a killed deployment left, and records that you did; the deployment counts as failed. " +
      "Make sure that it does not run any more: gantry status says who began it. A retry of the same execution of the " +
      "pipeline takes up its own lock, and needs no unlock.",
  )
    .addOption(yesOption())
    .addHelpText("after", examples("gantry unlock --stack staging"))
    .action(unlock);
}

async function unlock(options: CommonOptions & AgreeOptions): Promise<void> {
  const { openQuestion, whoActs } = load<typeof Session>("./session");
  const { ledger } = await openQuestion(options);
  const { lock: left } = await ledger.recent(1);
  if (!left) return print(`${options.stack} is not locked`);
  const { readerHere, sinceText } = load<typeof Times>("../delivery/facts/times");
  const since = sinceText(left.at, readerHere());
  await agree(
    [
      `${options.stack}: the lock of deployment ${left.number} of ${left.releaseId} is taken away, which ${left.owner} has since ${since}`,
      "It counts as failed then. Make sure that it does not run any more.",
    ],
    options,
  );
  const lock = await ledger.unlock(whoActs().actor, left);
  if (!lock) return print(`${options.stack} is not locked: that deployment has ended meanwhile`);
  tell(
    "What it was updating may be half-made: the next deployment settles that, or gantry rollback, which also takes back new tasks that wait for their verification. Where that is told " +
      `that Pulumi's state is locked too: pulumi cancel --stack ${options.stack}`,
  );
  print(
    `unlocked: deployment ${lock.number} of ${lock.releaseId}, locked by ${lock.owner} since ${lock.at}`,
  );
}
