import { environmentNames } from "../contract/names";
import { variables } from "../contract/variables";
import type { Command } from "commander";
import type * as Clients from "../delivery/clients";
import type * as Clock from "../delivery/clock";
import type * as Times from "../delivery/facts/times";
import type * as Ledger from "../delivery/ledger";
import type * as Notify from "../delivery/notify";
import type * as TaskFailures from "../delivery/taskFailures";
import type * as Deployment from "../operations/explain/deployment";
import type * as Explain from "../operations/explain/explain";
import type * as Text from "../operations/explain/text";
import { command, examples, load, option, print, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Paint from "./paint";
import type * as Session from "./session";

interface Options extends CommonOptions, Partial<EventOptions> {
  readonly json?: boolean;
}

/** Of the call by an event of ECS's. */
interface EventOptions {
  readonly product: string;
  readonly service: string;
  readonly event: string;
  readonly topic: string;
}

export function explainCommand(): Command {
  const eventOptions = [
    option("--event <name>", "how ECS calls what has happened", variables.serviceEvent),
    option("--product <name>", "gantry:name", variables.product),
    option("--service <arn>", "the service, as ECS's event has it", variables.serviceArn),
    option("--topic <arn>", "where it is published", variables.topic),
  ];
  const made = command(
    "explain",
    "say why a deployment failed, and what to do",
    "Says of a deployment where in the delivery it failed and why, from what the history, ECS, the logs and CloudWatch still know: " +
      "why tasks stopped, with the last log lines, what ECS told of each service, alarms, what was done about it, what is no longer " +
      "known, and what to do now. Default: the newest deployment that failed. (Called with --event it is what ECS's events start, in a " +
      "project of its own: it publishes why tasks of a service fail while nothing is deployed.)",
  )
    .argument("[deployment]", "its number, or the id of a release; default: the newest that failed")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples("gantry explain --stack production", "gantry explain --stack production 12 --json"),
    )
    .action((given: string | undefined, options: Options, called: Command) =>
      options.event ? explainEvent(eventOf(options, called)) : explain(given, options),
    );
  for (const each of eventOptions) made.addOption(each.hideHelp());
  return made;
}

async function explain(
  given: string | undefined,
  { json = false, ...common }: Options,
): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { deploymentMeant, lookedThrough } = load<typeof Deployment>(
    "../operations/explain/deployment",
  );
  const { explain: explained } = load<typeof Explain>("../operations/explain/explain");
  const { explanationText } = load<typeof Text>("../operations/explain/text");
  const { target, clients, ledger } = await openQuestion(common);
  const view = await ledger.recent(given === undefined ? lookedThrough : Infinity);
  const deployment = deploymentMeant(view, target.stack, given);
  const reader = readerHere();
  const found = await explained({ clients, target, view, deployment, now: reader.now });
  if (json) return load<typeof Json>("./json").printJson(found);
  print(explanationText(found, reader, load<typeof Paint>("./paint").painter()));
}

/** What a call by an event must have. */
function eventOf(options: Options, called: Command): EventOptions & CommonOptions {
  const { product, service, event, topic } = options;
  if (product && service && event && topic) return { ...options, product, service, event, topic };
  return called.error("error: --event needs --product, --service and --topic, too");
}

async function explainEvent({
  product,
  stack,
  service,
  event,
  topic,
}: EventOptions & CommonOptions): Promise<void> {
  const { interactiveClients } = load<typeof Clients>("../delivery/clients");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const ledgers = load<typeof Ledger>("../delivery/ledger");
  const region = topic.split(":")[3];
  const clients = interactiveClients(region);
  const names = environmentNames({ name: product, stack });
  const told = await load<typeof TaskFailures>("../delivery/taskFailures").taskFailures({
    ...{ clients, names, region, stack, event, clock: systemClock },
    ledger: new ledgers.Ledger(clients.dynamodb, names.ledger, systemClock, stack),
    serviceArn: service,
  });
  if (typeof told === "string") return print(`nobody is told: ${told}`);
  const at = systemClock.now().toISOString();
  await load<typeof Notify>("../delivery/notify").publish(clients.sns, topic, {
    ...{ product, stack, at },
    ...told,
  });
  for (const line of [told.what, ...(told.lines ?? [])]) print(line);
}
