import { DescribeAlarmsCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { messageOf } from "../errors";

/**
 * A warning of those alarms that have no data, in which nobody would have seen a fault: one call. Empty where all have.
 * @param cloudwatch undefined where nobody is to be asked.
 */
export async function withoutData(
  cloudwatch: CloudWatchClient | undefined,
  names: readonly string[],
): Promise<string> {
  if (!cloudwatch) return "";
  try {
    const { MetricAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [...names], StateValue: "INSUFFICIENT_DATA" }),
    );
    const silent = MetricAlarms.map(({ AlarmName = "" }) => AlarmName);
    return silent.length === 0
      ? ""
      : `. WARNING: without data, and so of no meaning: ${silent.join(", ")}`;
  } catch (error) {
    return `. WARNING: whether they have data could not be asked: ${messageOf(error)}`;
  }
}
