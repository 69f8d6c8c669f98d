import { Option, type Command } from "commander";
import { counted } from "../contract/counted";
import type * as Clock from "../delivery/clock";
import type * as Times from "../delivery/facts/times";
import type * as Scale from "../operations/scale/target";
import type * as Schedules from "../operations/sleep/schedules";
import type * as Sleep from "../operations/sleep/sleep";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";
import { requireName } from "./typedName";
import { reasonText } from "./values";

interface Options extends CommonOptions, AgreeOptions {
  readonly reason?: string;
  readonly confirm?: string;
  readonly wait: boolean;
}

export function sleepCommand(): Command {
  return command(
    "sleep",
    "stop every task of an environment, as for the night, and remember what ran",
    "Stops the tasks of every service, has nothing scale them, and turns the schedules of jobs off, until gantry wake brings back exactly that. " +
      "It costs no tasks meanwhile; load balancers, databases and networks stay. Releases, rollbacks, restarts and pulumi up are refused until then, since " +
      "nothing would show that they run. Refused while a deployment is under way. Cut off, the same again goes on. Of production the stack's name is to be typed.",
  )
    .option("--reason <text>", "why, for whoever finds it asleep")
    .addOption(yesOption())
    .addOption(
      new Option(
        "--confirm <stack>",
        "the stack's name once more in place of the question, which production needs",
      ),
    )
    .option("--no-wait", "end once all of it is told to stop")
    .addHelpText(
      "after",
      examples(
        'gantry sleep --stack staging --reason "the weekend"',
        "gantry sleep --stack staging --yes --no-wait",
      ),
    )
    .action(sleep);
}

async function sleep(options: Options): Promise<void> {
  const { stack, yes, confirm } = options;
  const module = load<typeof Sleep>("../operations/sleep/sleep");
  const given = await openSleep(options);
  const plan = await module.planSleep(given);
  const { clocksIn, readerHere } = load<typeof Times>("../delivery/facts/times");
  const reader = readerHere();
  const acts = plan.acts.map((act) => clocksIn(act, reader));
  // Whoever says a name means that one, whatever it is of.
  const isNamed = given.target.config.kind === "production" || confirm !== undefined;
  await agree(acts, { yes: plan.isDone || isNamed || yes });
  if (!plan.isDone) {
    const nothing = "Nothing was done.";
    if (isNamed) await requireName({ stack, confirm, to: "put it to sleep", nothing });
    await module.sleep(given);
  }
  if (!options.wait) {
    print(`${stack} falls asleep; watch it by gantry status --stack ${stack} --watch`);
    return;
  }
  await module.waitForSilence(given, plan);
  const slept = counted(plan.sleepers.length, "service");
  print(`${stack} sleeps: ${slept} without a task. To wake it: gantry wake --stack ${stack}`);
}

/** What both ends of a sleep work with. */
export async function openSleep({ reason, ...options }: CommonOptions & Pick<Options, "reason">) {
  const { openSession, whoActs } = load<typeof Session>("./session");
  const { systemClock: clock } = load<typeof Clock>("../delivery/clock");
  const { makeAutoScaling } = load<typeof Scale>("../operations/scale/target");
  const { makeScheduler } = load<typeof Schedules>("../operations/sleep/schedules");
  const { clients, target, ledger } = await openSession(options);
  const { region } = target;
  const why = reasonText(reason ?? "");
  return {
    ...{ target, ledger, clock, log: tell, by: whoActs().actor },
    ...(why === "" ? {} : { reason: why }),
    clients: {
      ...clients,
      autoScaling: makeAutoScaling(region),
      scheduler: makeScheduler(region),
    },
  };
}
