import { defaultAddPercent } from "../../components/service/burstArgs";
import { isRecord } from "../../contract/record";
import { flag, section, unlimited, wholeNumber } from "./fields";
import { either } from "./own";

/** `true`, or which load of one minute adds how many tasks. */
export function burst() {
  const given = section({
    /** Average CPU of a minute, in percent. Default: halfway from what is held to 100. */
    cpuPercent: wholeNumber(2, 100).optional(),
    /** Requests of a minute and task. Default: twice what is held. */
    requestsPerTarget: wholeNumber(1, unlimited).optional(),
    /** Tasks to add, in percent of those that there are; twice as many from twice the threshold on. Default: 50. */
    addPercent: wholeNumber(1, 1000).default(defaultAddPercent),
  });
  const on = flag().transform((value) => (value ? given.parse({}) : undefined));
  return either(isRecord, given, on);
}

/** What is held, and from which load on tasks are added. */
export interface Held {
  readonly cpuPercent: number;
  readonly requestsPerTarget?: number;
  readonly burst?: {
    readonly cpuPercent?: number;
    readonly requestsPerTarget?: number;
    readonly addPercent: number;
  };
}

/** Thresholds of bursts follow what is held, where they are not given. */
export function completeBurst({ burst, cpuPercent, requestsPerTarget }: Held) {
  if (burst === undefined) return undefined;
  return {
    cpuPercent: burst.cpuPercent ?? Math.ceil((cpuPercent + 100) / 2),
    requestsPerTarget:
      burst.requestsPerTarget ??
      (requestsPerTarget === undefined ? undefined : 2 * requestsPerTarget),
    addPercent: burst.addPercent,
  };
}
