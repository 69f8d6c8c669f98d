import type { Command } from "commander";
import { counted } from "../contract/counted";
import type * as Times from "../delivery/facts/times";
import type * as Pipeline from "../operations/pipeline/pipeline";
import type * as Wake from "../operations/sleep/wake";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import { openSleep } from "./sleep";

interface Options extends CommonOptions, AgreeOptions {
  readonly reason?: string;
  readonly wait: boolean;
}

export function wakeCommand(): Command {
  return command(
    "wake",
    "bring back what gantry sleep has stopped",
    "Gives every service as many tasks as it had, lets it scale again, turns the schedules of jobs on that were on, and waits until the tasks run. " +
      "What the pipeline was refused meanwhile it then tries again. Cut off, the same again goes on.",
  )
    .option("--reason <text>", "why, for the history")
    .addOption(yesOption())
    .option("--no-wait", "end once all of it is told to start")
    .addHelpText(
      "after",
      examples("gantry wake --stack staging", "gantry wake --stack staging --yes --no-wait"),
    )
    .action(wake);
}

async function wake(options: Options): Promise<void> {
  const { stack } = options;
  const module = load<typeof Wake>("../operations/sleep/wake");
  const { pipelineOf } = load<typeof Pipeline>("../operations/pipeline/pipeline");
  const opened = await openSleep(options);
  const { target, clients } = opened;
  const pipeline = target.config.pipeline && pipelineOf(target, clients.codepipeline);
  const given = { ...opened, ...(pipeline ? { pipeline } : {}) };
  const plan = await module.planWake(given);
  const { clocksIn, readerHere } = load<typeof Times>("../delivery/facts/times");
  const reader = readerHere();
  const acts = plan.acts.map((act) => clocksIn(act, reader));
  if (acts.length > 0) await agree(acts, options);
  await module.wake(given, plan);
  const running = plan.sleep && options.wait ? await module.waitUntilAwake(given, plan) : undefined;
  for (const line of await module.deliverRefused(given, plan)) tell(line);
  if (!plan.sleep) return print(`${stack} is awake: there is no sleep to end`);
  print(
    running === undefined
      ? `${stack} wakes; watch it by gantry status --stack ${stack} --watch`
      : `${stack} is awake: ${counted(running, "task runs", "tasks run")}`,
  );
}
