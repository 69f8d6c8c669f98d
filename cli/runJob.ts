import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type * as Clock from "../delivery/clock";
import type * as RunJob from "../delivery/runJob";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";
import { ToldError } from "./toldError";

export function runJobCommand(): Command {
  return command(
    "run",
    "run a job now, and follow its log",
    "Starts a job as its schedule does, with its time limit and its repeated attempts, and prints what it logs until it is " +
      "over. The exit code is the job's. Ended before (Ctrl-C), the job goes on.",
  )
    .argument("<job>", "the job, as config calls it")
    .addHelpText("after", examples("gantry run --stack production report"))
    .action(run);
}

async function run(job: string, options: CommonOptions): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { runJob } = load<typeof RunJob>("../delivery/runJob");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { target, clients } = await openQuestion(options);
  const exitCode = await runJob({
    ...{ target, clients, job, print, progress: tell, clock: systemClock },
    name: `by-hand-${randomUUID()}`,
  });
  if (exitCode !== 0) throw new ToldError(exitCode);
}
