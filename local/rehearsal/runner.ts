import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { ActionContext, ActionOutcome, AdjustBuild } from "./action";
import { countCalls } from "./apiCalls";
import type { Approvals } from "./approvals";
import { Artifacts } from "./artifacts";
import { runCodeBuild } from "./codebuild";
import { assumeRole } from "./credentials";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";
import { deployToEcs } from "./ecsDeploy";
import type { Connection, SessionCredentials } from "./connection";
import type { Action, Pipeline, Stage } from "./pipelines";
import type { StageQueue } from "./queue";
import type { ActionRun, PipelineRun, StageRun, StageStatus } from "./run";
import type { SourceRepository } from "./repository";
import { fetchSource } from "./sources";
import { executionNamespace, resolveConfiguration } from "./variables";

/** One execution of a pipeline. */
export interface Execution {
  readonly connection: Connection;
  readonly pipeline: Pipeline;
  /** What started it. */
  readonly trigger: string;
  /** Revisions that source actions shall take, by their names. Default: the newest. */
  readonly revisions?: Readonly<Record<string, string>>;
  readonly repository?: SourceRepository;
  /** Shared with the other executions of the pipeline. Default: it runs beside them. */
  readonly queue?: StageQueue;
  readonly approvals: Approvals;
  readonly adjust: AdjustBuild;
  /** Where logs stay, and the actions' own folders are until the execution ends. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** Interrupts it: what runs goes on to its end, nothing more begins. */
  readonly signal?: AbortSignal;
  /** Hears of its beginning, and each time that actions have ended. */
  readonly onProgress?: (run: PipelineRun) => Promise<void>;
}

const weekMinutes = 7 * 24 * 60;

/** Runs a pipeline: its stages one after the other, and the actions of a stage by their run order. */
export class Runner {
  readonly executionId = randomUUID();
  private readonly startedAt = new Date();
  private readonly namespaces = new Map<string, Readonly<Record<string, string>>>();
  private readonly artifacts: Artifacts;
  private readonly stages: StageRun[] = [];
  private commit = "";
  private evidence: string | undefined;

  constructor(private readonly execution: Execution) {
    this.artifacts = new Artifacts(execution.pipeline);
    this.namespaces.set(executionNamespace, { PipelineExecutionId: this.executionId });
  }

  async run(): Promise<PipelineRun> {
    const { pipeline, signal, folder, onProgress, queue } = this.execution;
    const work = join(folder, "work", this.executionId);
    try {
      await onProgress?.(this.result("Succeeded"));
      let status: StageStatus = "Succeeded";
      for (const stage of pipeline.stages) {
        const leave = status === "Succeeded" ? await queue?.enter(stage.name) : undefined;
        if (status === "Succeeded" && signal?.aborted) status = "Stopped";
        if (status !== "Succeeded") {
          const unreached = status === "Stopped" ? "Abandoned" : "Skipped";
          const actions = stage.actions.map((action) => notRun(action, unreached));
          this.stages.push({ name: stage.name, status: "Skipped", actions });
          leave?.();
        } else {
          status = await this.runStage(stage, work).finally(leave);
        }
      }
      return this.result(status === "Skipped" ? "Succeeded" : status);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  private async runStage(stage: Stage, work: string): Promise<StageStatus> {
    const { signal, onProgress } = this.execution;
    const orders = [...new Set(stage.actions.map(({ runOrder }) => runOrder))].sort(
      (left, right) => left - right,
    );
    const actions: ActionRun[] = [];
    const failed = () => actions.some(({ status }) => status === "Failed");
    let status: StageStatus = "Succeeded";
    for (const order of orders) {
      const group = stage.actions.filter(({ runOrder }) => runOrder === order);
      if (failed() || signal?.aborted) {
        status = failed() ? "Failed" : "Stopped";
        const unreached = status === "Stopped" ? "Abandoned" : "Skipped";
        actions.push(...group.map((action) => notRun(action, unreached)));
      } else {
        actions.push(...(await this.runSideBySide(stage, group, work)));
        const soFar = { name: stage.name, status, actions };
        await onProgress?.({ ...this.result("Succeeded"), stages: [...this.stages, soFar] });
      }
    }
    if (failed()) status = "Failed";
    this.stages.push({ name: stage.name, status, actions });
    return status;
  }

  /** As CodePipeline does, a stage that retries tries what failed once more, and not a third time. */
  private async runSideBySide(
    stage: Stage,
    group: readonly Action[],
    work: string,
  ): Promise<ActionRun[]> {
    const runs = await Promise.all(group.map((action) => this.runAction(stage, action, work)));
    if (!stage.retries || this.execution.signal?.aborted) return runs;
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
    const logFile = join(folder, "logs", this.executionId, `${stage.name}-${action.name}.log`);
    let role = action.roleArn;
    const keys = new Set<string>();
    let outcome: ActionOutcome;
    log(`${title} ...`);
    try {
      const orchestrator = await this.orchestratorOf(action);
      keys.add(orchestrator.accessKeyId);
      const own = join(work, `${stage.name}-${action.name}`);
      // A second attempt finds nothing of the first.
      rmSync(own, { recursive: true, force: true });
      mkdirSync(own, { recursive: true });
      outcome = await this.perform({
        ...this.shared(action),
        configuration: resolveConfiguration(action.configuration, this.namespaces),
        orchestrator,
        folder: own,
        logFile,
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
      status: error === undefined ? "Succeeded" : "Failed",
      startedAt: startedAt.toISOString(),
      seconds,
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
    const { connection, pipeline, repository, approvals, adjust, revisions } = this.execution;
    const { artifacts, executionId, commit } = this;
    return {
      ...{ connection, pipeline, repository, approvals, adjust, artifacts, executionId, commit },
      action,
      revision: revisions?.[action.name],
    };
  }

  /** CodePipeline takes on the pipeline's role, and from there that of an action which names another. */
  private async orchestratorOf({ roleArn }: Action): Promise<SessionCredentials> {
    const { connection, pipeline } = this.execution;
    const own = await assumeRole(connection, {
      roleArn: pipeline.roleArn,
      service: "codepipeline.amazonaws.com",
      sourceArn: pipeline.arn,
      sourceAccount: pipeline.account,
    });
    if (roleArn === pipeline.roleArn) return own;
    try {
      const sts = new STSClient(connection.as(own));
      const request = { RoleArn: roleArn, RoleSessionName: this.executionId };
      const { Credentials: keys } = await sts.send(new AssumeRoleCommand(request));
      return {
        accessKeyId: keys?.AccessKeyId ?? "",
        secretAccessKey: keys?.SecretAccessKey ?? "",
        sessionToken: keys?.SessionToken,
      };
    } catch (error) {
      throw new ActionError(`the pipeline cannot take on ${roleArn}: ${messageOf(error)}`);
    }
  }

  private perform(context: ActionContext): Promise<ActionOutcome> {
    const { category, provider } = context.action;
    if (category === "Source") return source(context);
    if (category === "Approval") return approve(context, this.execution.signal);
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

/** Asks; whoever does not answer in time has not approved. */
async function approve(context: ActionContext, interrupted?: AbortSignal): Promise<ActionOutcome> {
  const { action, configuration, approvals, pipeline } = context;
  const { CustomData: message = "", ExternalEntityLink: link } = configuration;
  const minutes = action.timeoutMinutes ?? weekMinutes;
  const timeout = AbortSignal.timeout(minutes * 60_000);
  const signal = interrupted ? AbortSignal.any([timeout, interrupted]) : timeout;
  const question = { pipeline: pipeline.name, action: action.name, message, link };
  const decision = await approvals.decide(question, signal);
  const evidence = [message, link].filter(Boolean).join("\n");
  const errors = {
    granted: undefined,
    rejected: "the approval was rejected",
    timedOut: interrupted?.aborted
      ? "the rehearsal was interrupted before anybody decided"
      : `nobody approved within ${minutes} minutes`,
  };
  return { evidence, tail: [`${action.name}: ${decision}`], error: errors[decision] };
}

function notRun(action: Action, status: "Skipped" | "Abandoned"): ActionRun {
  const { name, provider, runOrder, roleArn: role } = action;
  return {
    ...{ name, provider, runOrder, role, status },
    startedAt: new Date().toISOString(),
    seconds: 0,
    outputVariables: {},
    artifacts: [],
    apiCalls: 0,
    apiCallsByAction: {},
    tail: [],
    overrides: {},
    simulated: [],
  };
}

function secondsSince(start: Date): number {
  return Math.round((Date.now() - start.getTime()) / 100) / 10;
}
