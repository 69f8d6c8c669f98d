import type { Command } from "commander";
import { appContainer } from "../contract/containers";
import type * as Clock from "../delivery/clock";
import type * as Times from "../delivery/facts/times";
import type * as Line from "../operations/logs/line";
import type * as Places from "../operations/logs/places";
import type * as Read from "../operations/logs/read";
import type * as Remarks from "../operations/logs/remarks";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Paint from "./paint";
import { pastTime, sinceOption } from "./period";
import type * as Readers from "./readers";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly since: Date;
  readonly until?: Date;
  readonly follow?: boolean;
  readonly filter?: string;
  readonly container?: string;
  readonly json?: boolean;
}

/** Between two looks at what has come. */
const pauseMs = 2_000;

export function logsCommand(): Command {
  return command(
    "logs",
    "show what services and jobs log",
    "Shows what the tasks of services and jobs have logged, in the order of time, each line with the service and the first digits of " +
      "its task's id. What looks like a secret is three stars. With --follow it goes on until Ctrl-C. Whoever runs it needs logs:FilterLogEvents.",
  )
    .argument("[services...]", "services and jobs, as config calls them; default: all")
    .option("-f, --follow", "go on with what comes")
    .addOption(sinceOption("10m"))
    .option("--until <time>", "to when; default: now", (text: string) => pastTime(text))
    .option("--filter <pattern>", "only what matches, a filter pattern of CloudWatch")
    .option(
      "--container <name>",
      `a sidecar, or release for the release command; default: the service's own (${appContainer})`,
    )
    .option("--json", "as JSON, an object in each line")
    .addHelpText(
      "after",
      examples(
        "gantry logs --stack production --follow",
        "gantry logs --stack production web worker --since 1h --filter '?ERROR ?WARN'",
        "gantry logs --stack production web --container nginx",
      ),
    )
    .action(logs);
}

async function logs(
  services: readonly string[],
  { since, until, follow = false, filter, container, json = false, ...common }: Options,
  called: Command,
): Promise<void> {
  if (follow && until) called.error("error: --follow goes on: leave --until out");
  if (until && since > until) called.error("error: --since is after --until");
  const { openQuestion } = load<typeof Session>("./session");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { logText } = load<typeof Line>("../operations/logs/line");
  const { logSources } = load<typeof Places>("../operations/logs/places");
  const { LogReader } = load<typeof Read>("../operations/logs/read");
  const { logRemarks } = load<typeof Remarks>("../operations/logs/remarks");
  const { printJsonLine } = load<typeof Json>("./json");
  const { huePainter } = load<typeof Paint>("./paint");
  const { readersLeft } = load<typeof Readers>("./readers");
  const { target, clients } = await openQuestion(common);
  const { sources, notes } = logSources(target, services, container);
  for (const note of notes) tell(note);
  const asked = { since, until, filter };
  const reader = new LogReader({ logs: clients.logs, sources, ...asked, clock: systemClock });
  const names = sources.map(({ service }) => service);
  const width = Math.max(...names.map((name) => name.length));
  const paint = huePainter(names);
  const person = readerHere();
  const show = async () => {
    let isAny = false;
    for await (const line of reader.lines()) {
      if (readersLeft()) break;
      if (json) printJsonLine(line);
      else print(logText(line, person, width, paint));
      isAny = true;
    }
    return isAny;
  };
  const read = { target, names, missing: reader.missing, ...asked };
  for (const remark of logRemarks({ ...read, isAny: await show() }, person)) tell(remark);
  if (follow) tell("following what comes; Ctrl-C ends it");
  while (follow && !readersLeft()) {
    await systemClock.sleep(pauseMs);
    await show();
  }
}
