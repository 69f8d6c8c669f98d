import { setTimeout as pause } from "node:timers/promises";
import {
  ApprovalAlreadyCompletedException,
  CodePipelineClient,
  PutApprovalResultCommand,
} from "@aws-sdk/client-codepipeline";
import type { Connection } from "./connection";

const pollMs = 500;

/** Which approval of which pipeline. */
export interface ApprovalPlace {
  readonly pipeline: string;
  readonly stage: string;
  readonly action: string;
}

/** What somebody answered by `PutApprovalResult`. */
export interface ApprovalAnswer {
  readonly status: "Approved" | "Rejected";
  readonly summary?: string;
}

/** An approval that waits, in CodePipeline's API as well. */
export interface OpenApproval {
  /** Answers it, as the terminal does. What somebody else has answered before stays. */
  put(answer: ApprovalAnswer): Promise<void>;
  /** Waits for whoever answers first. @returns undefined once the signal comes. */
  answered(ended: AbortSignal): Promise<ApprovalAnswer | undefined>;
  /** Nobody can answer it any more: its time is over, or its execution was stopped. */
  expire(): Promise<void>;
}

interface Listed {
  readonly token: string;
  readonly result?: ApprovalAnswer;
}

/** Has an approval wait where `GetPipelineState` shows it, so that `gantry approve` and `gantry reject` answer it, too. */
export async function openApproval(
  { emulator, root }: Connection,
  { pipeline, stage: stageName, action: actionName }: ApprovalPlace,
): Promise<OpenApproval> {
  const { token } = await emulator.control<Listed>("pipeline-approvals", {
    ...{ pipeline, stageName, actionName },
  });
  const path = `pipeline-approvals?pipeline=${encodeURIComponent(pipeline)}`;
  return {
    put: async ({ status, summary = "" }) => {
      const codepipeline = new CodePipelineClient(root);
      const place = { pipelineName: pipeline, stageName, actionName, token };
      try {
        await codepipeline.send(
          new PutApprovalResultCommand({ ...place, result: { status, summary } }),
        );
      } catch (error) {
        if (!(error instanceof ApprovalAlreadyCompletedException)) throw error;
      } finally {
        codepipeline.destroy();
      }
    },
    answered: async (ended) => {
      while (!ended.aborted) {
        const { approvals } = await emulator.control<{ approvals: readonly Listed[] }>(path);
        const result = approvals.find((one) => one.token === token)?.result;
        if (result) return result;
        await pause(pollMs, undefined, { signal: ended }).catch(() => undefined);
      }
      return undefined;
    },
    expire: async () => {
      await emulator.control("pipeline-approvals", { pipeline, token, expired: true });
    },
  };
}
