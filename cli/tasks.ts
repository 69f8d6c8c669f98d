import type { Command } from "commander";
import type * as Times from "../delivery/facts/times";
import type * as Services from "../operations/services";
import type * as Tasks from "../operations/tasks/tasks";
import type * as Text from "../operations/tasks/text";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Paint from "./paint";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly stopped?: boolean;
  readonly json?: boolean;
}

/** How many deployments are read to tell the releases of tasks. */
const deployments = 50;

export function tasksCommand(): Command {
  return command(
    "tasks",
    "say which tasks run, or why some stopped",
    "Says of each task of services and jobs which release it runs, since when and where, its health, size, capacity and private " +
      "address. With --stopped: those that stopped in the last hour, which is for how long ECS remembers them, with exit code and reason.",
  )
    .argument("[services...]", "services and jobs, as config calls them; default: all")
    .option("--stopped", "those that stopped in the last hour, and why")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples("gantry tasks --stack production", "gantry tasks --stack production web --stopped"),
    )
    .action(tasks);
}

async function tasks(
  given: readonly string[],
  { stopped = false, json = false, ...common }: Options,
): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { servicesMeant } = load<typeof Services>("../operations/services");
  const { tasksOf } = load<typeof Tasks>("../operations/tasks/tasks");
  const { runningText, stoppedText } = load<typeof Text>("../operations/tasks/text");
  const { target, clients, ledger } = await openQuestion(common);
  const services = servicesMeant(target, given);
  const { records } = await ledger.past(deployments);
  const releases = records.map(({ release }) => release);
  const { ecs, elb } = clients;
  const found = await tasksOf({ target, ecs, elb, services, stopped, releases });
  if (json) return load<typeof Json>("./json").printJson({ stack: target.stack, tasks: found });
  if (found.length === 0) {
    const what = stopped ? "no task stopped in the last hour" : "no task runs";
    const next = stopped ? "logs reach back further: gantry logs" : "why: gantry status";
    return tell(`${services.join(", ") || target.stack}: ${what}; ${next} --stack ${target.stack}`);
  }
  const reader = readerHere();
  const { painter } = load<typeof Paint>("./paint");
  print(stopped ? stoppedText(found, reader) : runningText(found, reader, painter()));
}
