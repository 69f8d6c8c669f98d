import { Job } from "../components";
import type { JobServiceConfig } from "./config/types";
import { commonTask, type ServiceContext } from "./service";

/** The job that config calls `name`, on the image that the release says. */
export function createJob(name: string, job: JobServiceConfig, context: ServiceContext): Job {
  const { names, options, scheduleFailures } = context;
  const { schedule, timezone, timeoutMinutes, retries, overlap } = job;
  const args = {
    ...commonTask(name, context),
    ...{ timeoutMinutes, retries, overlap },
    jobName: names.service(name),
    schedule:
      schedule === undefined
        ? undefined
        : {
            ...{ expression: schedule, timezone },
            deadLetterQueueArn: scheduleFailures?.queueArn,
          },
  };
  return new Job(names.service(name), args, options);
}
