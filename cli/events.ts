import type { Command } from "commander";
import type * as Times from "../delivery/facts/times";
import type * as Events from "../operations/events/events";
import type * as Text from "../operations/events/text";
import type * as Services from "../operations/services";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Paint from "./paint";
import { sinceOption } from "./period";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly since: Date;
  readonly json?: boolean;
}

export function eventsCommand(): Command {
  return command(
    "events",
    "say what ECS has done to services",
    "Says what ECS tells of each service: tasks that it started and stopped, targets, capacity that it did not find, and what became of " +
      "its deployments; oldest first. That a service is steady, which ECS says every six hours, is told once. Of a job there is nothing: gantry tasks.",
  )
    .argument("[services...]", "services, as config calls them; default: all")
    .addOption(sinceOption("24h"))
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples(
        "gantry events --stack production",
        "gantry events --stack production web --since 4w",
      ),
    )
    .action(events);
}

async function events(
  given: readonly string[],
  { since, json = false, ...common }: Options,
): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { eventsOf } = load<typeof Events>("../operations/events/events");
  const { eventLines, eventRemarks } = load<typeof Text>("../operations/events/text");
  const { servicesMeant } = load<typeof Services>("../operations/services");
  const { target, clients } = await openQuestion(common);
  const { stack } = target;
  const services = servicesMeant(target, given, "hosted");
  const found = await eventsOf(clients.ecs, target, services, since);
  if (json) {
    return load<typeof Json>("./json").printJson({ stack, since: since.toISOString(), ...found });
  }
  const reader = readerHere();
  const { huePainter } = load<typeof Paint>("./paint");
  for (const line of eventLines(found.events, reader, huePainter(services))) print(line);
  for (const line of eventRemarks(found, { stack, services, since }, reader)) tell(line);
}
