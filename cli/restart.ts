import type { Command } from "commander";
import { agree, yesOption, type AgreeOptions } from "./agree";
import type * as Clock from "../delivery/clock";
import type * as Restart from "../operations/restart";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";

export function restartCommand(): Command {
  return command(
    "restart",
    "exchange the tasks of services for new ones of the same release",
    "Has ECS start new tasks of what runs, as after a secret was changed, and waits until the old ones have left. Each service is " +
      "exchanged as its deployments are: with blueGreen, canary and linear requests go over by themselves once new tasks are healthy, since there " +
      "is nothing new to verify. Nobody deploys meanwhile: the environment is locked, and the history has it. Cut off, it is taken up by the same command.",
  )
    .argument("[services...]", "as config calls them (default: every one that ECS keeps running)")
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples("gantry restart web --stack production", "gantry restart --stack staging --yes"),
    )
    .action(restart);
}

async function restart(
  services: readonly string[],
  options: CommonOptions & AgreeOptions,
): Promise<void> {
  const { openReading, tellInterruption, whoActs } = load<typeof Session>("./session");
  const { systemClock: clock } = load<typeof Clock>("../delivery/clock");
  const module = load<typeof Restart>("../operations/restart");
  const opened = await openReading(options);
  const given = { ...opened, ...whoActs(), services, clock, log: tell };
  const plan = await module.planRestart(given);
  await agree([`${options.stack}, release ${plan.release.id}:`, ...plan.acts], options);
  tellInterruption(options.stack);
  const { number, seconds = 0 } = await module.restart(given, plan);
  print(`${plan.services.join(", ")}: restarted in ${seconds} s, as deployment ${number}`);
}
