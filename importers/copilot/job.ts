import { awsSchedule } from "../../stacks/config/job";
import { lost, otherWay } from "../outcome";
import { becomes, isOtherWay, type Table } from "../rules";
import { number, seconds } from "../values";

const mostMinutes = 10_080;
const mostRetries = 10;

/** What a scheduled job has beside a service. */
export const jobTable: Table = {
  type: isOtherWay("kind: job"),
  "on.schedule": ({ value, set }) => {
    if (value === "none") return otherWay("no schedule: gantry run starts it");
    const schedule = awsSchedule(String(value));
    return schedule === undefined
      ? lost("AWS has no such schedule", "set schedule of the job, as cron(0 3 * * ? *)")
      : set(["schedule"], schedule);
  },
  timeout: becomes("timeoutMinutes", (value) => {
    const minutes = Math.ceil((seconds(value) ?? 0) / 60);
    return minutes >= 1 && minutes <= mostMinutes ? minutes : undefined;
  }),
  retries: becomes("retries", (value) => {
    const times = number(value) ?? -1;
    return Number.isInteger(times) && times >= 0 && times <= mostRetries ? times : undefined;
  }),
};

/** Copilot has no limit of its own: the job goes on to have as long as it takes, up to Gantry's longest. */
export const unlimitedMinutes = mostMinutes;
