import { list, section, sectionOrSwitch, text } from "./fields";

/**
 * Which alarms hold releases back while they fire.
 * @param isDefault whether the environment's own do where nothing is said.
 */
export function gateAlarmsSchema(isDefault: boolean) {
  const own = section({
    /** Metric alarms of one's own that do as well. Default: none. */
    also: list(
      text(
        "the name of an alarm of CloudWatch",
        /^[^\s:][^:]{0,254}$/,
        "write its name, and no ARN",
      ),
      "names of alarms",
    ).default([]),
  });
  return sectionOrSwitch(own, "true, false or { also: [names] }").prefault(isDefault ? {} : false);
}
