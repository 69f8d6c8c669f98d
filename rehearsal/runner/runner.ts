import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ActionContext, ActionOutcome } from "./action";
import { countCalls } from "./apiCalls";
import { approve } from "./approve";
import { Artifacts } from "./artifacts";
import { runCodeBuild } from "./codebuild";
import { orchestratorOf } from "./credentials";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";
import { deployToEcs } from "./ecsDeploy";
import type { Execution } from "./execution";
import { logFileFor } from "./logFile";
import type { Action, Stage } from "./pipelines";
import type { Place } from "./record";
import { notRun, type ActionRun, type PipelineRun, type StageRun, type StageStatus } from "./run";
import { fetchSource } from "./sources";
import { unlessStopped, whenAborted } from "./stopped";
import { executionNamespace, resolveConfiguration } from "./variables";

/** Runs a pipeline: its stages one after the other, and the actions of a stage by their run order. */
export class Runner {
  readonly executionId = randomUUID();
  private readonly startedAt = new Date();
  private readonly namespaces = new Map<string, Readonly<Record<string, string>>>();
  private readonly artifacts: Artifacts;
  private readonly stages: StageRun[] = [];
  private commit = "";
  private evidence: string | undefined;
  private place: Place = {};
  /** What was done in the stage before it was tried again. */
  private tried: readonly ActionRun[] = [];

  constructor(private readonly execution: Execution) {
    this.artifacts = new Artifacts(execution.pipeline);
    this.namespaces.set(executionNamespace, { PipelineExecutionId: this.executionId });
  }

  run(): Promise<PipelineRun> {
    return this.go(this.execution.pipeline.stages);
  }

  /** Goes on with the stage that has failed, as `RetryStageExecution` has it: what succeeded there is not done again. */
  resume(): Promise<PipelineRun> {
    const failed = this.stages.findIndex(({ status }) => status === "Failed");
    const [tried] = this.stages.splice(failed);
    return this.go(this.execution.pipeline.stages.slice(failed), tried.actions);
  }

  /** @param tried what was done before in the first of the stages. Default: nothing. */
  private async go(
    stages: readonly Stage[],
    tried: readonly ActionRun[] = [],
  ): Promise<PipelineRun> {
    const { signal, folder } = this.execution;
    const work = join(folder, "work", this.executionId);
    try {
      await this.tell();
      let status: StageStatus = "Succeeded";
      for (const [index, stage] of stages.entries()) {
        const leave = status === "Succeeded" ? await this.enter(stage.name) : undefined;
        if (status === "Succeeded" && (!leave || signal?.aborted)) status = "Stopped";
        if (status !== "Succeeded") {
          const unreached = status === "Stopped" ? "Abandoned" : "Skipped";
          const actions = stage.actions.map((action) => notRun(action, unreached));
          this.stages.push({ name: stage.name, status: "Skipped", actions });
          leave?.();
        } else {
          this.tried = index === 0 ? tried : [];
          status = await this.runStage(stage, work).finally(leave);
        }
      }
      return this.result(status === "Skipped" ? "Succeeded" : status);
    } finally {
      // Some ten thousand files: meanwhile load balancers answer.
      await rm(work, { recursive: true, force: true });
    }
  }

  /** @returns how to leave the stage; undefined where the execution was stopped before its turn came. */
  private async enter(stage: string): Promise<(() => void) | undefined> {
    const turn = this.execution.queue?.enter(stage) ?? Promise.resolve(() => undefined);
    await this.tell({ ...this.place, waitsFor: stage });
    const { stopped } = await this.unlessStopped((stop) => Promise.race([turn, whenAborted(stop)]));
    if (stopped) {
      // Its turn may have come, or comes yet: whoever is next shall not wait for it.
      void turn.then((leave) => leave());
      return undefined;
    }
    await this.tell({ stage });
    return turn;
  }

  private async tell(place: Place = this.place, soFar: readonly StageRun[] = []): Promise<void> {
    this.place = place;
    const run = this.result("Succeeded");
    await this.execution.onProgress?.({ ...run, stages: [...run.stages, ...soFar] }, place);
  }

  private unlessStopped<T>(work: (stop: AbortSignal) => Promise<T>) {
    const { untilStopped } = this.execution;
    return unlessStopped(work, (ended) => untilStopped?.(this.executionId, ended));
  }

  private async runStage(stage: Stage, work: string): Promise<StageStatus> {
    let run = await this.tryStage(stage, work);
    const { signal } = this.execution;
    // As CodePipeline does, once: what was tried before is in the history still.
    if (stage.retries === "ALL_ACTIONS" && run.status === "Failed" && !signal?.aborted) {
      run = await this.tryStage(stage, work, run.actions);
    }
    this.stages.push(run);
    return run.status;
  }

  private async tryStage(
    stage: Stage,
    work: string,
    before: readonly ActionRun[] = [],
  ): Promise<StageRun> {
    const { signal } = this.execution;
    const orders = [...new Set(stage.actions.map(({ runOrder }) => runOrder))].sort(
      (left, right) => left - right,
    );
    const actions: ActionRun[] = [];
    const failed = () => actions.some(({ status }) => status === "Failed");
    const stopped = () => signal?.aborted || actions.some(({ status }) => status === "Abandoned");
    let status: StageStatus = "Succeeded";
    for (const order of orders) {
      const group = stage.actions.filter(({ runOrder }) => runOrder === order);
      if (failed() || stopped()) {
        status = failed() ? "Failed" : "Stopped";
        const unreached = status === "Stopped" ? "Abandoned" : "Skipped";
        actions.push(...group.map((action) => notRun(action, unreached)));
      } else {
        actions.push(...(await this.runSideBySide(stage, group, work)));
        await this.tell(this.place, [
          { name: stage.name, status, actions: [...before, ...actions] },
        ]);
      }
    }
    if (failed()) status = "Failed";
    else if (actions.some(({ status: ended }) => ended === "Abandoned")) status = "Stopped";
    return { name: stage.name, status, actions: [...before, ...actions] };
  }

  /** As CodePipeline does, a stage that retries what failed tries it once more, and not a third time. */
  private async runSideBySide(
    stage: Stage,
    group: readonly Action[],
    work: string,
  ): Promise<ActionRun[]> {
    const runs = await Promise.all(
      group.map(async (action) => {
        const before = this.tried.find(({ name }) => name === action.name);
        if (before?.status === "Succeeded") return before;
        const run = await this.runAction(stage, action, work);
        return before?.status === "Failed" ? { ...run, retriedAfter: before.error } : run;
      }),
    );
    if (stage.retries !== "FAILED_ACTIONS" || this.execution.signal?.aborted) return runs;
    return Promise.all(
      runs.map(async (run, index) =>
        run.status === "Failed"
          ? { ...(await this.runAction(stage, group[index], work)), retriedAfter: run.error }
          : run,
      ),
    );
  }

  private async runAction(stage: Stage, action: Action, work: string): Promise<ActionRun> {
    const { log, folder, pipeline, connection } = this.execution;
    const title = `${pipeline.name}: ${stage.name}/${action.name}`;
    const startedAt = new Date();
    const name = `${stage.name}-${action.name}`;
    const logFile = logFileFor(join(folder, "logs", this.executionId), name);
    let role = action.roleArn;
    let buildId: string | undefined;
    const keys = new Set<string>();
    let outcome: ActionOutcome;
    log(`${title} ...`);
    try {
      const orchestrator = await orchestratorOf(connection, pipeline, action, this.executionId);
      keys.add(orchestrator.accessKeyId);
      const own = join(work, name);
      // A second attempt finds nothing of the first.
      await rm(own, { recursive: true, force: true });
      mkdirSync(own, { recursive: true });
      outcome = await this.perform({
        ...this.shared(action),
        configuration: resolveConfiguration(action.configuration, this.namespaces),
        orchestrator,
        folder: own,
        logFile,
        onBuild: (id) => (buildId = id),
        onRole: (arn, credentials) => {
          role = arn;
          keys.clear();
          keys.add(credentials.accessKeyId);
        },
      });
    } catch (error) {
      const expected = error instanceof ActionError || !(error instanceof Error);
      outcome = { error: expected ? messageOf(error) : `${error.name}: ${error.message}` };
    }
    if (outcome.commit) this.commit = outcome.commit;
    if (outcome.evidence) this.evidence = outcome.evidence;
    const { outputVariables = {}, error } = outcome;
    if (action.namespace && error === undefined) {
      this.namespaces.set(action.namespace, outputVariables);
    }
    const calls = await countCalls(connection, [...keys]);
    const seconds = secondsSince(startedAt);
    log(`${title}: ${error === undefined ? "succeeded" : `failed: ${error}`} (${seconds} s)`);
    return {
      name: action.name,
      provider: action.provider,
      runOrder: action.runOrder,
      role,
      status: outcome.abandoned ? "Abandoned" : error === undefined ? "Succeeded" : "Failed",
      startedAt: startedAt.toISOString(),
      seconds,
      ...(buildId === undefined ? {} : { buildId }),
      ...(outcome.firstLineAt === undefined
        ? {}
        : { firstLineSeconds: secondsSince(startedAt, outcome.firstLineAt) }),
      outputVariables,
      artifacts: outcome.artifacts ?? [],
      ...calls,
      logFile: action.provider === "CodeBuild" ? logFile : undefined,
      tail: outcome.tail ?? [],
      overrides: outcome.overrides ?? {},
      simulated: outcome.simulated ?? [],
      error,
    };
  }

  private shared(action: Action) {
    const { connection, pipeline, repository, approvals, adjust, host, revisions } = this.execution;
    const { artifacts, executionId, commit } = this;
    return {
      ...{ connection, pipeline, repository, approvals, adjust, host },
      ...{ artifacts, executionId, commit },
      action,
      revision: revisions?.[action.name],
    };
  }

  private perform(context: ActionContext): Promise<ActionOutcome> {
    const { category, provider } = context.action;
    if (category === "Source") return source(context);
    if (category === "Approval") {
      const { signal } = this.execution;
      return this.unlessStopped((stopped) =>
        approve(context, { interrupted: signal, stopped }),
      ).then(({ result }) => result);
    }
    if (provider === "CodeBuild") return runCodeBuild(context);
    if (provider === "ECS") return deployToEcs(context);
    throw new ActionError(`an action of ${category} by ${provider} cannot be rehearsed`);
  }

  private result(status: PipelineRun["status"]): PipelineRun {
    const { pipeline, trigger } = this.execution;
    const simulated = this.stages.flatMap(({ actions }) => actions.flatMap((one) => one.simulated));
    return {
      pipeline: pipeline.name,
      executionId: this.executionId,
      trigger,
      commit: this.commit,
      startedAt: this.startedAt.toISOString(),
      seconds: secondsSince(this.startedAt),
      status,
      stages: [...this.stages],
      evidence: this.evidence,
      simulated: [...new Set(simulated)],
    };
  }
}

async function source(context: ActionContext): Promise<ActionOutcome> {
  const { connection, orchestrator, action, artifacts } = context;
  const settings = connection.as(orchestrator);
  const fetched = await fetchSource({ ...context, settings });
  return {
    commit: fetched.commit,
    outputVariables: fetched.variables,
    artifacts: [await artifacts.put(settings, action.outputArtifacts[0], fetched.archive)],
  };
}

function secondsSince(start: Date, endMs = Date.now()): number {
  return Math.round((endMs - start.getTime()) / 100) / 10;
}
