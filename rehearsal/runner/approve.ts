import { counted } from "../../contract/counted";
import type { ActionContext, ActionOutcome } from "./action";
import { openApproval } from "./openApproval";

const weekMinutes = 7 * 24 * 60;

/** What ends the wait for an answer besides its time. */
export interface ApprovalEnds {
  /** The rehearsal is interrupted. */
  readonly interrupted?: AbortSignal;
  /** Somebody stops the execution. */
  readonly stopped: AbortSignal;
}

/** Asks; whoever does not answer in time has not approved. */
export async function approve(
  context: ActionContext,
  { interrupted, stopped }: ApprovalEnds,
): Promise<ActionOutcome> {
  const { action, configuration, approvals, pipeline, connection } = context;
  const { CustomData: message = "", ExternalEntityLink: link } = configuration;
  const minutes = action.timeoutMinutes ?? weekMinutes;
  const timeout = AbortSignal.timeout(minutes * 60_000);
  const signal = AbortSignal.any([timeout, stopped, ...(interrupted ? [interrupted] : [])]);
  const stage = pipeline.stages.find(({ actions }) => actions.includes(action))?.name ?? "";
  const place = { pipeline: pipeline.name, stage, action: action.name };
  const { result, summary } = await approvals.decide(
    {
      ...{ pipeline: pipeline.name, action: action.name, message, link },
      endpoint: connection.emulator.url,
      open: () => openApproval(connection, place),
    },
    signal,
  );
  const evidence = [message, link].filter(Boolean).join("\n");
  if (stopped.aborted && result === "timedOut") {
    return { evidence, abandoned: true, error: "the execution was stopped before anybody decided" };
  }
  const errors = {
    granted: undefined,
    // Confirm tells people what was said here.
    rejected: summary ?? "the approval was rejected",
    timedOut: interrupted?.aborted
      ? "the rehearsal was interrupted before anybody decided"
      : `nobody approved within ${counted(minutes, "minute")}`,
  };
  return { evidence, tail: [`${action.name}: ${result}`], error: errors[result] };
}
