import { exactText, sinceText, type Reader } from "../../delivery/facts/times";
import type { ServiceEvent, ServiceEvents } from "./events";

const steady = "has reached a steady state.";

/** A row of events that are alike: the newest of them, and how many there are since when. */
interface Folded {
  readonly newest: ServiceEvent;
  readonly count: number;
  readonly since: string;
}

/**
 * The events in lines for people, oldest first; what each service says over and over, that it is steady, once.
 * @param paint colours the name of the service.
 */
export function eventLines(
  events: readonly ServiceEvent[],
  reader: Reader,
  paint: (service: string, text: string) => string,
): string[] {
  const width = Math.max(0, ...events.map(({ service }) => service.length));
  return folded(events).map(({ newest: { at, service, message }, count, since }) => {
    const often = count === 1 ? "" : ` (${count} times since ${sinceText(since, reader)})`;
    // To the second.
    const time = exactText(at, reader).slice(0, -4);
    return `${time}  ${paint(service, service.padEnd(width))}  ${message}${often}`;
  });
}

/** In each service's own row; a fold stands where its newest event does. */
function folded(events: readonly ServiceEvent[]): Folded[] {
  const rows: Folded[] = [];
  const last = new Map<string, Folded>();
  for (const event of events) {
    const before = last.get(event.service);
    const isMore = before?.newest.message === steady && event.message === steady;
    const row = isMore
      ? { newest: event, count: before.count + 1, since: before.since }
      : { newest: event, count: 1, since: event.at };
    if (isMore) rows.splice(rows.lastIndexOf(before), 1);
    rows.push(row);
    last.set(event.service, row);
  }
  return rows;
}

/** What the events do not tell, and what to do. */
export function eventRemarks(
  { events, missing, keptSince }: ServiceEvents,
  {
    stack,
    services,
    since,
  }: { readonly stack: string; readonly services: readonly string[]; readonly since: Date },
  reader: Reader,
): string[] {
  const there = services.filter((service) => !missing.includes(service));
  return [
    ...missing.map(
      (service) =>
        `${service}: ECS has no such service: gantry status --stack ${stack} says what to do`,
    ),
    ...Object.entries(keptSince).map(
      ([service, at]) =>
        `${service}: ECS keeps the newest 100 events, since ${sinceText(at, reader)}`,
    ),
    ...(events.length > 0 || there.length === 0
      ? []
      : [
          `${there.join(", ")}: nothing has happened since ${sinceText(since.toISOString(), reader)}. Longer ago: --since 4w`,
        ]),
  ];
}
