import { type Fault } from "../shared/validation";

/** What a service's alarms watch, and from which bound on they fire. */
export interface AlarmBounds {
  /**
   * Percent of a web service's answers that are 500 or above, above which it fires: in two of three minutes, of minutes with 20
   * requests or more. 0.1 to 100. Without it, 5.
   */
  readonly errorPercent?: number;
  /**
   * Seconds within which 95 of 100 requests of a web service are answered; it fires after three minutes of more. 0.01 to 3600.
   * Without it, what CloudWatch expects by the service's own past (anomaly detection, three standard deviations).
   */
  readonly latencySeconds?: number;
  /** Whether the cluster has Container Insights, by which tasks are counted. Without it, none are. */
  readonly countsTasks?: boolean;
}

/** Hyphens as between the parts of an environment's names: services have single ones, so that no two have an alarm of one name. */
export function alarmName(serviceName: string, part: string): string {
  return `${serviceName}--${part}`;
}

export const errorPercentRange = { least: 0.1, most: 100 } as const;
export const latencyRange = { least: 0.01, most: 3600 } as const;

/** What is wrong with them. */
export function alarmFaults(
  alarms: AlarmBounds | false | undefined,
  kind: "web" | "private" | "worker",
): Fault[] {
  if (!alarms) return [];
  const { errorPercent, latencySeconds, countsTasks = false } = alarms;
  const given = { errorPercent, latencySeconds };
  const ofWeb = Object.entries(given).filter(([, value]) => value !== undefined && kind !== "web");
  const nothing = kind !== "web" && !countsTasks;
  return [
    ...ofWeb.map(([key, value]) => ({
      path: `alarms.${key}`,
      given: value,
      allowed: `nothing for a ${kind}, whose requests no load balancer counts`,
      fix: "remove it",
    })),
    ...boundFaults("errorPercent", errorPercent, errorPercentRange),
    ...boundFaults("latencySeconds", latencySeconds, latencyRange),
    ...(nothing
      ? [
          {
            path: "alarms.countsTasks",
            given: countsTasks,
            allowed: `true for a ${kind}, of which nothing else is watched`,
            fix: "give the cluster containerInsights, or set alarms: false",
          },
        ]
      : []),
  ];
}

function boundFaults(
  key: string,
  given: number | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): Fault[] {
  if (given === undefined || (given >= least && given <= most)) return [];
  const fix = `set ${key}: ${given < least ? least : most}`;
  return [{ path: `alarms.${key}`, given, allowed: `${least} to ${most}`, fix }];
}
