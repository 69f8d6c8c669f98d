import { setTimeout as pause } from "node:timers/promises";
import { CodePipelineClient, GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import type { Connection } from "./connection";

const pollMs = 500;

/**
 * Waits until somebody has stopped an execution (`StopPipelineExecution`).
 * @param ended ends the wait, after a last look.
 * @returns whether it was stopped.
 */
export async function untilStopped(
  { root }: Connection,
  pipelineName: string,
  pipelineExecutionId: string,
  ended: AbortSignal,
): Promise<boolean> {
  const codepipeline = new CodePipelineClient(root);
  const request = new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId });
  for (;;) {
    // A look that fails is repeated: what waits here ends by itself, too.
    const answer = await codepipeline.send(request).catch(() => undefined);
    if (/^Stopp(ed|ing)$/.test(answer?.pipelineExecution?.status ?? "")) return true;
    if (ended.aborted) return false;
    await pause(pollMs, undefined, { signal: ended }).catch(() => undefined);
  }
}

/** Resolves with nothing when the signal comes. */
export function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

/**
 * Does what may wait for long, and tells it when it is stopped.
 * @param watch answers whether it was stopped, once it was or the wait has ended. Default: it cannot be.
 */
export async function unlessStopped<T>(
  work: (stop: AbortSignal) => Promise<T>,
  watch: (ended: AbortSignal) => Promise<boolean> | undefined,
): Promise<{ readonly result: T; readonly stopped: boolean }> {
  const stop = new AbortController();
  const ended = new AbortController();
  const watching = watch(ended.signal)?.then((stopped) => stopped && stop.abort());
  try {
    const result = await work(stop.signal);
    ended.abort();
    await watching;
    return { result, stopped: stop.signal.aborted };
  } finally {
    ended.abort();
  }
}
