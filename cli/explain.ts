import { environmentNames } from "../contract/names";
import { variables } from "../contract/variables";
import type { Command } from "commander";
import type * as Clients from "../delivery/clients";
import type * as Clock from "../delivery/clock";
import type * as Ledger from "../delivery/ledger";
import type * as Notify from "../delivery/notify";
import type * as TaskFailures from "../delivery/taskFailures";
import { command, examples, load, print, required } from "./command";

interface Options {
  readonly product: string;
  readonly stack: string;
  readonly service: string;
  readonly event: string;
  readonly topic: string;
}

export function explainCommand(): Command {
  return command(
    "explain",
    "tell people why tasks of a service fail",
    "What ECS's events start, in a project of its own, without the source: says why tasks of a service failed in the last hour, " +
      "and publishes it. Says nothing while a deployment is under way, and the same of a service once in six hours. For yourself: gantry status.",
  )
    .addOption(required("--product <name>", "gantry:name", variables.product))
    .addOption(
      required("--service <arn>", "the service, as ECS's event has it", variables.serviceArn),
    )
    .addOption(
      required("--event <name>", "how ECS calls what has happened", variables.serviceEvent),
    )
    .addOption(required("--topic <arn>", "where it is published", variables.topic))
    .addHelpText(
      "after",
      examples(
        "gantry explain --product shop --stack production --event SERVICE_TASK_START_IMPAIRED --topic arn:aws:sns:eu-west-1:123456789012:shop--production--notifications --service arn:aws:ecs:eu-west-1:123456789012:service/shop--production/shop--production--web",
      ),
    )
    .action(explain);
}

async function explain({ product, stack, service, event, topic }: Options): Promise<void> {
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
