import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { plainText } from "../../contract/plainText";
import type { SecretMask } from "../../delivery/explain/secretMask";
import { exactText, type Reader } from "../../delivery/facts/times";
import type { LogSource } from "./places";

/** A message that a container logged: with `--json`, each is an object in a line of its own. */
export interface LogLine {
  /** When it was written, as the task's host has it: ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly service: string;
  readonly container: string;
  /** Id of the task. */
  readonly task: string;
  /** As it was logged, without a newline at its end; three stars stand for what looks like a secret. */
  readonly message: string;
}

export function logLine(
  { timestamp = 0, logStreamName = "", message = "" }: FilteredLogEvent,
  { service, container }: LogSource,
  secrets: SecretMask,
): LogLine {
  return {
    ...{ at: new Date(timestamp).toISOString(), service, container },
    task: logStreamName.split("/").at(-1) ?? logStreamName,
    message: secrets.of(`${service}/${logStreamName}`, message.trimEnd()),
  };
}

/** How much of a task's id a person is shown: enough to tell tasks of a service apart. */
export const shortIdLength = 8;

/**
 * A line for people: `2026-11-30 12:44:03.120  web  3f9c2a1b  GET /orders 200`. What could move a terminal's cursor is left out.
 * @param width of the column of services.
 * @param paint colours the name of the service.
 */
export function logText(
  { at, service, task, message }: LogLine,
  reader: Reader,
  width: number,
  paint: (service: string, text: string) => string,
): string {
  const time = exactText(at, reader);
  const short = task.slice(0, shortIdLength);
  const column = " ".repeat(time.length + width + short.length + 6);
  const said = plainText(message).replaceAll("\r", "").replaceAll("\n", `\n${column}`);
  return `${time}  ${paint(service, service.padEnd(width))}  ${short}  ${said}`;
}
