import { randomUUID } from "node:crypto";
import { InvalidArgumentError, Option, type Command } from "commander";
import { agree, yesOption, type AgreeOptions } from "./agree";
import type * as Clock from "../delivery/clock";
import type * as RunJob from "../delivery/runJob";
import type * as OneOff from "../operations/oneOff";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";
import { ToldError } from "./toldError";

interface Options extends CommonOptions, AgreeOptions {
  readonly service?: string;
  readonly timeout?: number;
}

const defaultMinutes = 30;

export function runJobCommand(): Command {
  return command(
    "run",
    "run a job now, or a command as a task of a service, and follow its log",
    "Starts a job as its schedule does, with its time limit and its repeated attempts, and prints what it logs until it is " +
      "over. With --service, runs a command such as a migration as a task of its own, of the image that the service is on, with its roles, secrets " +
      "and network. The exit code is the job's, or the command's. Ended before (Ctrl-C), it goes on. Put no secret into a command: it is recorded.",
  )
    .argument("[job]", "the job, as config calls it")
    .argument("[command...]", "with --service, after --: the command")
    .option("--service <service>", "the service that the command is run like, as config calls it")
    .addOption(
      new Option(
        "--timeout <time>",
        "with --service: until it is stopped, 90s to 24h (default: 30m)",
      ).argParser(minutesOf),
    )
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry run report --stack production",
        "gantry run --stack production --service web --timeout 2h -- node migrate.js",
      ),
    )
    .action(run);
}

const unitMinutes = { s: 1 / 60, m: 1, h: 60 } as const;

/** Minutes of `90s`, `30m`, `2h`. */
function minutesOf(text: string): number {
  const [, count, unit] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const minutes = Number(count) * unitMinutes[unit as keyof typeof unitMinutes];
  if (minutes > 0 && minutes <= 24 * 60) return minutes;
  throw new InvalidArgumentError("Give how long, a day at most: 90s, 30m, 2h.");
}

async function run(
  first: string | undefined,
  rest: readonly string[],
  options: Options,
  called: Command,
): Promise<void> {
  const { service, timeout } = options;
  const words = [...(first === undefined ? [] : [first]), ...rest];
  if (service !== undefined) {
    if (words.length === 0) called.error("error: --service takes a command after --");
    await runCommand(words, service, options);
    return;
  }
  if (first === undefined) called.error("error: name a job, or give --service and a command");
  if (rest.length > 0) called.error("error: a command is run with --service");
  if (timeout !== undefined) called.error("error: --timeout is for --service: a job has its own");
  await runJobNow(first, options);
}

async function runJobNow(job: string, options: Options): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { runJob, runJobActs } = load<typeof RunJob>("../delivery/runJob");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { target, clients } = await openQuestion(options);
  await agree(runJobActs(target, job), options);
  const exitCode = await runJob({
    ...{ target, clients, job, print, progress: tell, clock: systemClock },
    name: `by-hand-${randomUUID()}`,
  });
  if (exitCode !== 0) throw new ToldError(exitCode);
}

async function runCommand(
  words: readonly string[],
  service: string,
  options: Options,
): Promise<void> {
  const { openQuestion, whoActs } = load<typeof Session>("./session");
  const { planOneOff, runOneOff } = load<typeof OneOff>("../operations/oneOff");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { target, clients } = await openQuestion(options);
  const given = {
    ...{ target, clients, service, command: words, print, progress: tell, clock: systemClock },
    ...{ actor: whoActs().actor, timeoutMinutes: options.timeout ?? defaultMinutes },
    started: tellGoesOn,
  };
  const plan = await planOneOff(given);
  await agree([plan.act], options);
  const exitCode = await runOneOff(given, plan);
  if (exitCode !== 0) throw new ToldError(exitCode);
}

/** Whoever ends this command ends no task. */
function tellGoesOn(stop: string): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      tell(
        `interrupted (${signal}): the task goes on, without its time limit. To stop it: ${stop}`,
      );
      process.kill(process.pid, signal);
    });
  }
}
