import { z } from "zod";
import { errorPercentRange, latencyRange } from "../../components/service/alarmArgs";
import { section, sectionOrFalse } from "./fields";

/** Alarms that watch a service, and its deployments: bounds, or `false` for none. */
export function alarmsSchema() {
  return sectionOrFalse(
    section({
      /** Percent of errors (500 and above) among the answers, in two of three minutes. Default: 5. */
      errorPercent: within(errorPercentRange).optional(),
      /** Seconds within which 95 of 100 requests are answered. Default: the service's own past. */
      latencySeconds: within(latencyRange).optional(),
    }),
    "{ errorPercent, latencySeconds } or false",
  );
}

function within({ least, most }: { readonly least: number; readonly most: number }) {
  const error = `a number from ${least} to ${most}`;
  return z.number({ error }).check(z.gte(least, { error }), z.lte(most, { error }));
}
