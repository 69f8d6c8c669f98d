import type * as aws from "@pulumi/aws";
import type { Transform } from "../service/args";
import type { TaskArgs } from "../service/taskArgs";
import type { ScheduleTimes } from "../shared/schedule";

export interface JobArgs extends TaskArgs {
  /** Physical name of its state machine, at most 80 characters. */
  readonly jobName: string;
  /** When it runs. Without it, when somebody starts it. */
  readonly schedule?: JobSchedule;
  /** Minutes until an attempt is stopped and has failed, 1 to 10080, which is a week. Without it, 60. */
  readonly timeoutMinutes?: number;
  /**
   * How often it is started anew after a failed attempt, 0 to 10: after half a minute, and each time after twice as long, up to ten
   * minutes. One that ran out of time is not. Without it, 0.
   */
  readonly retries?: number;
  /** Whether it may run while an earlier run of it does. Without it, no: that run is left out. */
  readonly overlap?: boolean;
  /** Last changes to what is handed to AWS. */
  readonly transform?: JobTransform;
}

export type JobSchedule = ScheduleTimes;

export interface JobTransform {
  readonly taskDefinition?: Transform<aws.ecs.TaskDefinitionArgs>;
  readonly stateMachine?: Transform<aws.sfn.StateMachineArgs>;
  readonly schedule?: Transform<aws.scheduler.ScheduleArgs>;
}
