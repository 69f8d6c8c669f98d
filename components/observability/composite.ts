import type * as pulumi from "@pulumi/pulumi";
import { text } from "../shared/account";
import type { Cause, Child, Told } from "./plan";

/**
 * The rule of a composite alarm, as `(ALARM("a") OR ALARM("b")) AND NOT ALARM("c")` for each cause, and all with OR.
 * @param nameOf the name of an alarm.
 */
export function alarmRule(
  { causes }: Told,
  nameOf: (child: Child) => pulumi.Input<string>,
): pulumi.Input<string> {
  return joined(
    causes.map((cause) => causeRule(cause, nameOf)),
    " OR ",
  );
}

function causeRule(
  { any, unless = [] }: Cause,
  nameOf: (child: Child) => pulumi.Input<string>,
): pulumi.Input<string> {
  const fires = (child: Child) => text`ALARM("${nameOf(child)}")`;
  const causes = joined(any.map(fires), " OR ");
  if (unless.length === 0) return causes;
  return text`((${causes}) AND NOT (${joined(unless.map(fires), " OR ")}))`;
}

function joined(parts: readonly pulumi.Input<string>[], between: string): pulumi.Input<string> {
  return parts.reduce((before, part) => text`${before}${between}${part}`);
}
