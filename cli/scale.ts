import type { Command } from "commander";
import { counted } from "../contract/counted";
import type * as Clock from "../delivery/clock";
import type * as Count from "../operations/scale/count";
import type * as Scale from "../operations/scale/scale";
import type * as ScalableTarget from "../operations/scale/target";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions, AgreeOptions {
  readonly wait: boolean;
}

export function scaleCommand(): Command {
  return command(
    "scale",
    "run more or fewer tasks of a service, beside what config says",
    "Sets how many tasks a service has, now, and waits until they run: one number, or of a service that scales also the least and " +
      "the most. It is no deployment. Config is not changed, and has the number that comes back: what to write there is said before. " +
      "Refused while a deployment is under way. Quotas of the account are not looked at: gantry doctor does.",
  )
    .argument("<service>", "as config calls it")
    .argument("<tasks>", "such as 3, or 2-6; 0 stops it")
    .addOption(yesOption())
    .option("--no-wait", "end once the number is set")
    .addHelpText(
      "after",
      examples(
        "gantry scale web 4-20 --stack production",
        "gantry scale mailer 3 --stack staging --yes",
      ),
    )
    .action(scale);
}

async function scale(service: string, tasks: string, options: Options): Promise<void> {
  const count = load<typeof Count>("../operations/scale/count").parseCount(tasks);
  const { openReading, tellInterruption } = load<typeof Session>("./session");
  const { systemClock: clock } = load<typeof Clock>("../delivery/clock");
  const module = load<typeof Scale>("../operations/scale/scale");
  const { makeAutoScaling } = load<typeof ScalableTarget>("../operations/scale/target");
  const opened = await openReading(options);
  const autoScaling = makeAutoScaling(opened.target.region);
  const given = { ...opened, autoScaling, service, count, clock, log: tell };
  const plan = await module.planScale(given);
  if (plan.isDone) tell(`${plan.acts[0]}, as is asked for`);
  else {
    await agree(plan.acts, options);
    tellInterruption(options.stack);
    await module.scale(given, plan);
  }
  if (!options.wait) {
    print(`${plan.service}: set; watch it by gantry status --stack ${options.stack} --watch`);
    return;
  }
  const running = await module.waitForTasks(given, plan);
  print(`${plan.service}: ${counted(running, "task runs", "tasks run")}`);
}
