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

type Kind = "web" | "private" | "worker";

/** What is wrong with alarms that end deployments, and with those that only watch. */
export function alarmFaults(
  { alarms, watch }: { readonly alarms?: AlarmBounds | false; readonly watch?: AlarmBounds },
  kind: Kind,
): Fault[] {
  const countsTasks = !alarms || (alarms.countsTasks ?? false);
  const nothing = kind !== "web" && !countsTasks;
  return [
    ...(alarms ? boundsFaults("alarms", alarms, kind) : []),
    ...(watch ? boundsFaults("watch", watch, kind) : []),
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

function boundsFaults(
  path: string,
  { errorPercent, latencySeconds }: AlarmBounds,
  kind: Kind,
): Fault[] {
  const given = Object.entries({ errorPercent, latencySeconds });
  const ofWeb = given.filter(([, value]) => value !== undefined && kind !== "web");
  return [
    ...ofWeb.map(([key, value]) => ({
      path: `${path}.${key}`,
      given: value,
      allowed: `nothing for a ${kind}, whose requests no load balancer counts`,
      fix: "remove it",
    })),
    ...boundFaults(path, "errorPercent", errorPercent, errorPercentRange),
    ...boundFaults(path, "latencySeconds", latencySeconds, latencyRange),
  ];
}

function boundFaults(
  path: string,
  key: string,
  given: number | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): Fault[] {
  if (given === undefined || (given >= least && given <= most)) return [];
  const fix = `set ${key}: ${given < least ? least : most}`;
  return [{ path: `${path}.${key}`, given, allowed: `${least} to ${most}`, fix }];
}
