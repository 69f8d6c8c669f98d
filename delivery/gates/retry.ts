import {
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Clients } from "../clients";
import type { Clock } from "../clock";
import { isNamed } from "../errors";
import type { PipelineExecution } from "../pipelineExecution";
import type { Target } from "../target";

/** The pipeline's state machine that has CodePipeline try the stage of a deployment again. */
export interface DeployRetry {
  /**
   * Has the stage tried again at a moment, in the place of what waited before. Absent beside the pipeline: then there is no stage.
   * @throws where it cannot be begun.
   */
  readonly at?: (moment: Date) => Promise<void>;
  /** Ends what waits, of whichever execution. */
  readonly cancel: () => Promise<void>;
}

interface RetryOptions {
  readonly clients: Pick<Clients, "sfn" | "sts">;
  readonly target: Pick<Target, "names" | "region">;
  readonly clock: Pick<Clock, "now">;
  readonly execution?: Pick<PipelineExecution, "id">;
}

/** AWS itself: executions of the state machine wait, one at a time unless somebody starts others by hand. */
export function deployRetry({ clients, target, clock, execution }: RetryOptions): DeployRetry {
  const { sfn } = clients;
  return {
    ...(execution && {
      at: async (moment) => {
        const stateMachineArn = await machineArn();
        const { executionArn } = await sfn.send(
          new StartExecutionCommand({
            stateMachineArn,
            // Of this refusal, since a name is not given twice: repeated by the SDK, it begins one.
            name: `${execution.id}-${clock.now().getTime()}`,
            input: JSON.stringify({ at: moment.toISOString(), execution: execution.id }),
          }),
        );
        // What still waits beside it would ask all gates again, too, and so does no harm.
        await stopWaiting(stateMachineArn, executionArn).catch(() => undefined);
      },
    }),
    cancel: async () => stopWaiting(await machineArn()),
  };

  async function machineArn(): Promise<string> {
    const { Arn = "", Account } = await clients.sts.send(new GetCallerIdentityCommand({}));
    const place = `arn:${Arn.split(":")[1]}:states:${target.region}:${Account}`;
    return `${place}:stateMachine:${target.names.deployRetry}`;
  }

  async function stopWaiting(stateMachineArn: string, but?: string): Promise<void> {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }),
    );
    for (const { executionArn } of executions) {
      if (executionArn === but) continue;
      try {
        await sfn.send(new StopExecutionCommand({ executionArn, cause: "superseded" }));
      } catch (error) {
        // It has ended in the meantime.
        if (!isNamed(error, "ExecutionDoesNotExist")) throw error;
      }
    }
  }
}
