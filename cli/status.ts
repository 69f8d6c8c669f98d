import { resolve } from "node:path";
import { Option, type Command } from "commander";
import type * as Alarms from "../delivery/gates/alarms";
import type * as Clients from "../delivery/clients";
import type * as Clock from "../delivery/clock";
import type * as Memory from "../delivery/drift/memory";
import type * as Explain from "../delivery/explain";
import type * as Environments from "../delivery/facts/environments";
import type * as FactsPage from "../delivery/facts/page";
import type * as FactsPorts from "../delivery/facts/ports";
import type * as FactsText from "../delivery/facts/text";
import type * as Times from "../delivery/facts/times";
import type * as Execution from "../delivery/pipelineExecution";
import type * as Pointer from "../delivery/pointer";
import type * as Status from "../delivery/status";
import type * as Text from "../delivery/statusText";
import { command, examples, load, print, stackUnless, tell, type CommonOptions } from "./command";
import type * as Paint from "./paint";
import { printJson } from "./json";
import type * as Session from "./session";
import { ToldError } from "./toldError";
import type * as Watch from "./watch";

interface Options extends CommonOptions {
  readonly all?: boolean;
  readonly html?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

export function statusCommand(): Command {
  const made = command(
    "status",
    "say which release should run, and what does",
    "Says which release an environment should run, since when and by whom, what the tasks of each service do run, and " +
      "whether a deployment is in progress. Where they differ (drift), a service is missing or a lock was left, it says " +
      "what to do; where tasks are missing, why some failed, with the log of the container that did; what the last check for drift found, " +
      "and where the dashboard is. With --all: which release " +
      "runs where, since when and by whom, in every stack of the folder, and in every other environment of the account that has " +
      "a release pointer in their regions. One that cannot be read says why, and hides no other.",
  )
    .option("--all", "every environment, in a line each")
    .option("--html <file>", "with --all: a page of it, too, which needs nothing beside itself")
    .option("--json", "as JSON")
    .addOption(
      new Option(
        "-w, --watch",
        "on a terminal: look again every few seconds, until Ctrl-C",
      ).conflicts(["json", "html"]),
    )
    .addHelpText(
      "after",
      examples(
        "gantry status --stack production",
        "gantry status --stack production --watch",
        "gantry status --all",
        "gantry status --all --html facts.html",
      ),
    )
    .action((options: Options, called: Command) => {
      if (options.watch && !process.stdout.isTTY) {
        return called.error(
          "error: --watch is for a terminal: a program calls gantry status --json again and again",
        );
      }
      if (options.all) return everywhere(options);
      if (options.html === undefined) return status(options);
      return called.error("error: --html is of every environment: give --all");
    });
  return stackUnless(made, "--all");
}

async function everywhere({ folder, html, json, watch }: Options): Promise<void> {
  const { writePage } = load<typeof Session>("./session");
  const { interactiveClients } = load<typeof Clients>("../delivery/clients");
  const { gatherFacts } = load<typeof Environments>("../delivery/facts/environments");
  const { makeFactsPorts } = load<typeof FactsPorts>("../delivery/facts/ports");
  const { factsText } = load<typeof FactsText>("../delivery/facts/text");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const made = new Map<string, Clients.Clients>();
  const clientsOf = (region: string) => {
    const clients = made.get(region) ?? interactiveClients(region);
    made.set(region, clients);
    return clients;
  };
  const look = async (reader = readerHere()) =>
    gatherFacts(makeFactsPorts({ folder: resolve(folder), clientsOf, now: reader.now }));
  const text = (found: Environments.Facts, reader = readerHere()) =>
    factsText(found, reader, load<typeof Paint>("./paint").painter());
  if (watch) return load<typeof Watch>("./watch").watch(async () => text(await look()));
  const reader = readerHere();
  const facts = await look(reader);
  if (html !== undefined) {
    const { factsPage } = load<typeof FactsPage>("../delivery/facts/page");
    await writePage(html, factsPage(facts, reader));
    tell(`the page is in ${html}`);
  }
  if (json) {
    printJson(facts);
  } else {
    print(text(facts, reader));
  }
  // Where nothing at all could be read, as without credentials, that is no answer.
  const { environments } = facts;
  if (environments.length === 0 || environments.some((one) => !("unread" in one))) return;
  throw new ToldError();
}

async function status(options: Options): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { taskFailures } = load<typeof Explain>("../delivery/explain");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const { readPointer } = load<typeof Pointer>("../delivery/pointer");
  const { alarmStates } = load<typeof Alarms>("../delivery/gates/alarms");
  const { DriftStore } = load<typeof Memory>("../delivery/drift/memory");
  const { environmentStatus } = load<typeof Status>("../delivery/status");
  const { target, clients, ledger } = await openQuestion(options);
  const { codepipeline } = clients;
  const pipeline = target.names.pipeline;
  const asking: Status.StatusOptions = {
    ...{ target, ledger, ecs: clients.ecs },
    failures: (service) => {
      // ECS remembers tasks that have stopped for an hour, or little more.
      const since = new Date(systemClock.now().getTime() - 2 * 3_600_000);
      return taskFailures({ clients, target, service, since, clock: systemClock });
    },
    alarms: () => alarmStates(clients.cloudwatch, target),
    drift: () => new DriftStore(clients.dynamodb, target.names.ledger).read(),
    isAsked:
      target.config.pipeline?.approval === "afterVerification"
        ? (id) =>
            load<typeof Execution>("../delivery/pipelineExecution").isAsked({
              ...{ codepipeline, pipeline, id },
            })
        : undefined,
    pointer: { read: () => readPointer(clients.ssm, target.names) },
  };
  const text = async () => {
    const { statusText } = load<typeof Text>("../delivery/statusText");
    const { readerHere } = load<typeof Times>("../delivery/facts/times");
    return statusText(await environmentStatus(asking), readerHere());
  };
  if (options.watch) return load<typeof Watch>("./watch").watch(text);
  if (options.json) printJson(await environmentStatus(asking));
  else print(await text());
}
