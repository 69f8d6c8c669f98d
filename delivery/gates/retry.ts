import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { OwnAccount } from "../account";
import type { Clients } from "../clients";
import type { Clock } from "../clock";
import type { PipelineExecution } from "../pipelineExecution";
import type { Target } from "../target";

/** The pipeline's state machine that has CodePipeline try the stage of a deployment again. */
export interface DeployRetry {
  /**
   * Has the stage tried again at a moment, where nobody has tried it until then.
   * @throws where that cannot be begun.
   */
  at(moment: Date): Promise<void>;
}

interface RetryOptions {
  readonly clients: Pick<Clients, "sfn">;
  readonly target: Pick<Target, "names" | "region">;
  readonly own: () => Promise<OwnAccount>;
  readonly clock: Pick<Clock, "now">;
  readonly execution: Pick<PipelineExecution, "id">;
  /** The build that refuses, as CodeBuild calls it, `<project>:<id>`. */
  readonly build: string;
}

/** AWS itself: an execution of the state machine waits for each refusal, and does nothing once a later build has begun. */
export function deployRetry(options: RetryOptions): DeployRetry {
  const { clients, target, clock, execution, build, own } = options;
  return {
    at: async (moment) => {
      const { partition, accountId } = await own();
      const place = `arn:${partition}:states:${target.region}:${accountId}`;
      await clients.sfn.send(
        new StartExecutionCommand({
          stateMachineArn: `${place}:stateMachine:${target.names.deployRetry}`,
          // Of this refusal, since a name is not given twice: repeated by the SDK, it begins one.
          name: `${execution.id}-${clock.now().getTime()}`,
          input: JSON.stringify({ at: moment.toISOString(), execution: execution.id, build }),
        }),
      );
    },
  };
}
