import type { Command } from "commander";
import type * as Clock from "../delivery/clock";
import type * as Follow from "../delivery/explain/follow";
import type * as Times from "../delivery/facts/times";
import type * as Executions from "../operations/buildLogs/executions";
import type * as Text from "../operations/buildLogs/text";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Paint from "./paint";
import type * as Readers from "./readers";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly action?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** Between two looks at what has come. */
const pauseMs = 3_000;

export function buildLogsCommand(): Command {
  return command(
    "build-logs",
    "show what an execution of the pipeline came to, and its log",
    "Says which actions of an execution ran, for how long, and what they came to; below it the whole log of the one that failed, or that " +
      "is in progress, or that --action names. What looks like a secret is three stars.",
  )
    .argument("[execution]", "an id, a commit, or the beginning of either; default: the newest")
    .option("--action <name>", "the log of this one, such as Deploy")
    .option("-f, --follow", "go on with the log until its action ends")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples(
        "gantry build-logs --stack production",
        "gantry build-logs --stack staging 3f9c2a1b --action Release",
      ),
    )
    .action(buildLogs);
}

async function buildLogs(
  given: string | undefined,
  { action: named, follow = false, json = false, ...common }: Options,
  called: Command,
): Promise<void> {
  if (follow && json) called.error("error: --json is a whole answer: leave --follow out");
  const { openQuestion } = load<typeof Session>("./session");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { actionMeant, actionsOf, findExecution, isRunning } = load<typeof Executions>(
    "../operations/buildLogs/executions",
  );
  const { LogTail } = load<typeof Follow>("../delivery/explain/follow");
  const { executionText } = load<typeof Text>("../operations/buildLogs/text");
  const { readersLeft } = load<typeof Readers>("./readers");
  const { target, clients } = await openQuestion(common);
  const reader = readerHere();
  const asked = { codepipeline: clients.codepipeline, target, now: reader.now };
  const execution = await findExecution(asked, given);
  const meant = actionMeant(execution, named);
  const log = meant?.log && new LogTail(clients.logs, meant.log);
  if (json) {
    const lines = await log?.next();
    const { stack } = target;
    const shown = lines === undefined ? {} : { log: { action: meant?.action, lines } };
    return load<typeof Json>("./json").printJson({ stack, execution, ...shown });
  }
  print(executionText(execution, reader, load<typeof Paint>("./paint").painter()));
  if (!meant || !log) {
    return tell(`no action failed or is in progress: --action <name> shows the log of one`);
  }
  print(`\n${meant.action}:`);
  let isAny = false;
  for (;;) {
    // Asked before the log, so that what was written until the end is seen.
    const latest = follow ? await actionsOf(asked, execution.id) : [];
    const now = latest.find((one) => one.log?.logStreamName === meant.log?.logStreamName);
    for (const line of await log.next()) {
      if (readersLeft()) return;
      print(line);
      isAny = true;
    }
    if (!now || !isRunning(now)) break;
    await systemClock.sleep(pauseMs);
  }
  if (!isAny) {
    tell(
      `nothing was logged to ${meant.log?.logGroupName}, ${meant.log?.logStreamName}, or it has expired`,
    );
  }
}
