import type { Fault } from "../shared/validation";
import type { ServiceArgs } from "./args";
import { cronFault, timezoneFault } from "../shared/cron";
import { burstFaults } from "./burstArgs";
import type { ScheduleArgs } from "./schedule";

/** What is wrong with how many tasks a service shall have. */
export function scalingFaults({ scaling }: Pick<ServiceArgs, "scaling">): Fault[] {
  const { schedule = [] } = scaling;
  return [
    ...orderFaults("scaling", scaling),
    ...burstFaults(scaling),
    ...schedule.flatMap((entry, index) => scheduleFaults(`scaling.schedule.${index}`, entry)),
  ];
}

function orderFaults(path: string, { min, max }: { min: number; max: number }): Fault[] {
  return min <= max
    ? []
    : [
        {
          path: `${path}.min`,
          given: min,
          allowed: `0 to ${max}, which is ${path}.max`,
          fix: `raise ${path}.max or lower ${path}.min`,
        },
      ];
}

function scheduleFaults(path: string, entry: ScheduleArgs): Fault[] {
  const { at, timezone = "UTC" } = entry;
  const [when, where] = [cronFault(at), timezoneFault(timezone)];
  return [
    ...(when === undefined
      ? []
      : [{ path: `${path}.at`, given: at, allowed: "a cron expression of AWS", fix: when }]),
    ...(where === undefined
      ? []
      : [{ path: `${path}.timezone`, given: timezone, allowed: "a time zone", fix: where }]),
    ...orderFaults(path, entry),
  ];
}
