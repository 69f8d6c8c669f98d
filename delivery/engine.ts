import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import { releaseFiles } from "../contract/artifacts";
import { variables } from "../contract/variables";
import type { Release } from "../contract/manifest";
import { bounded, engineLimits, type EngineLimits } from "./engine/bounded";
import { finishedChanges, plannedChanges, type PlannedChange } from "./engine/changes";
import { engineErrors, engineFailure } from "./engine/failure";
import { clearOwnLock, stateLocked, type Ownership } from "./engine/locks";
import { settlePendingCreates, type FindTaskDefinition } from "./engine/pendingCreates";
import { policyLines, policyViolation, type PolicyPack } from "./engine/policy";
import { stateView, type StateView } from "./engine/state";
import { updateHolders } from "./engine/updateHolders";
import { qualifiedStack } from "./engine/stackName";
import { serviceTargets } from "./engine/targets";
import { quietBackend } from "./engine/quietBackend";
import type { Installation } from "./installation";
import { once } from "./once";
import type { Log } from "./progress";
import { putInProject, type Target } from "./target";

export type { PlannedChange } from "./engine/changes";
export type { Ownership } from "./engine/locks";
export type { StateView } from "./engine/state";

export interface PreviewOptions {
  /** Undefined for the one that runs, which the program itself reads. */
  readonly release: Release | undefined;
  /** URNs of what is looked at. Default: the whole stack. */
  readonly targets?: readonly string[];
  /** Where Pulumi's plan is written. Default: it is not. */
  readonly planFile?: string;
  /** Default: nothing is held to a policy pack. */
  readonly policy?: PreviewPolicy;
}

/** What a preview is held to: its mandatory rules fail it. */
export interface PreviewPolicy {
  /** Asked once the program's packages are there. A text says why there is none that should be. */
  readonly pack: () => PolicyPack | string | undefined;
  /** Receives what the others say, a line each. */
  readonly advice: (line: string) => void;
}

export interface UpOptions {
  /** Undefined for none: what the program says where the release pointer is absent. */
  readonly release: Release | undefined;
  /** URNs of what may change. */
  readonly targets: readonly string[];
  /** The approved plan, which the update is held to. Default: none. */
  readonly planFile?: string;
  /** Which lock of Pulumi's state is left from an earlier run of the same deployment, and may be cleared. */
  readonly ownership: Ownership;
  /** Whether an earlier run may have been killed in the middle of an update. */
  readonly resumes: boolean;
  /**
   * Whether the targets are read back first, since others than Pulumi change them: ECS's own rollback tells it to nobody,
   * and Pulumi would find nothing to do. Default: no.
   */
  readonly refresh?: boolean;
  readonly progress?: Log;
}

/** What delivery asks of Pulumi. */
export interface DeliveryEngine {
  /** What would change. Neither locks the state nor waits for its lock. */
  preview(options: PreviewOptions): Promise<readonly PlannedChange[]>;
  /**
   * Changes the targets.
   * @throws StackLockedError when somebody else's update holds the state.
   * @throws EngineError with what the engine said of each resource.
   */
  up(options: UpOptions): Promise<void>;
  /** What the state says. It is not locked for that. */
  state(): Promise<StateView>;
  /**
   * Looks whether an update holds the state, or was killed and left its lock. Where the backend cannot be asked, that
   * comes out when the state is to be changed.
   * @throws StackLockedError
   */
  requireUnlocked(): Promise<void>;
}

/** The `pulumi` of the PATH, on the backend that the environment names. */
export class PulumiEngine implements DeliveryEngine {
  /** Once: Pulumi may write to the file. */
  private readonly fileInProject = once(() => putInProject(this.target));

  constructor(
    private readonly target: Target,
    private readonly findTaskDefinition: FindTaskDefinition,
    /** For a state that is kept in a bucket. */
    private readonly s3: S3Client,
    private readonly limits: EngineLimits = engineLimits,
    /** What it waits for before it starts Pulumi. Default: nothing. */
    private readonly installation?: Installation,
  ) {}

  async preview({
    release,
    targets,
    planFile,
    policy,
  }: PreviewOptions): Promise<readonly PlannedChange[]> {
    return this.withCandidate(release, (stack) => {
      const pack = policy?.pack();
      if (typeof pack === "string") policy?.advice(pack);
      return this.watched("preview", this.limits.previewMs, async (onEvent, signal) => {
        const events: EngineEvent[] = [];
        await stack.preview({
          target: targets && [...targets],
          ...planAt(planFile),
          ...packAt(pack),
          signal,
          suppressProgress: true,
          onEvent: (event) => {
            events.push(event);
            onEvent(event);
          },
        });
        const violations = events.flatMap((event) => policyViolation(event) ?? []);
        policyLines(violations).forEach((line) => policy?.advice(line));
        return plannedChanges(events);
      });
    });
  }

  async up(options: UpOptions): Promise<void> {
    const { release, ownership, resumes, progress } = options;
    await this.withCandidate(release, async (stack) => {
      const attempt = async (afterKill: boolean) => {
        if (afterKill) await this.settle(stack, progress);
        await this.update(stack, options);
      };
      try {
        await attempt(resumes);
      } catch (error) {
        await clearOwnLock(stack, error, ownership, progress);
        await attempt(true);
      }
    });
  }

  async state(): Promise<StateView> {
    const stack = await this.stack({});
    const services = Object.entries(serviceTargets(this.target));
    return stateView(
      await this.asked("stack export", () => stack.exportStack()),
      Object.fromEntries(services),
    );
  }

  async requireUnlocked(): Promise<void> {
    await this.installation?.done();
    const holders = await updateHolders(this.target, this.s3, this.limits);
    if (holders) throw stateLocked(this.target.stack, holders);
  }

  private async update(stack: Stack, options: UpOptions): Promise<void> {
    const { targets, planFile, refresh, progress } = options;
    const target = [...targets];
    // By itself: `pulumi up --refresh` compares the program with what the state said before, and leaves the change to the next one (3.248).
    if (refresh) {
      await this.watched("refresh", this.limits.updateMs, async (onEvent, signal) => {
        await stack.refresh({ target, signal, suppressProgress: true, onEvent });
      });
    }
    await this.watched("up", this.limits.updateMs, async (onEvent, signal) => {
      await stack.up({
        target,
        ...planAt(planFile),
        signal,
        suppressProgress: true,
        onEvent: (event) => {
          onEvent(event);
          for (const line of finishedChanges(event)) progress?.(line);
        },
      });
    });
  }

  private async settle(stack: Stack, progress: Log | undefined): Promise<void> {
    try {
      await this.asked("stack import", () =>
        settlePendingCreates(stack, this.target, this.findTaskDefinition, progress),
      );
    } catch (error) {
      // Writing the state takes its lock, which the killed run may have left.
      throw engineFailure("pulumi stack import", this.target, [], error);
    }
  }

  private async withCandidate<T>(
    release: Release | undefined,
    work: (stack: Stack) => Promise<T>,
  ): Promise<T> {
    if (!release) return work(await this.stack({}));
    const folder = await mkdtemp(join(tmpdir(), "gantry-release-"));
    try {
      const file = join(folder, releaseFiles.release);
      await writeFile(file, JSON.stringify(release));
      return await work(await this.stack({ [variables.release]: file }));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async stack(envVars: Record<string, string>): Promise<Stack> {
    const { folder } = this.target;
    const stackName = qualifiedStack(this.target);
    await Promise.all([this.installation?.done(), this.fileInProject()]);
    try {
      return await this.asked("stack select", () =>
        LocalWorkspace.selectStack(
          { stackName, workDir: folder },
          { envVars: { ...quietBackend, ...envVars } },
        ),
      );
    } catch (error) {
      throw engineFailure("pulumi stack select", this.target, [], error);
    }
  }

  /** A question to the backend: Pulumi cannot be interrupted there, and has nothing to take back. */
  private asked<T>(command: string, work: () => Promise<T>): Promise<T> {
    return bounded(`pulumi ${command}`, this.limits.stateMs, 0, work);
  }

  /** Runs the engine, and tells its errors by what it said of resources. */
  private async watched<T>(
    command: "preview" | "refresh" | "up",
    limitMs: number,
    work: (onEvent: (event: EngineEvent) => void, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const errors: string[] = [];
    try {
      return await bounded(`pulumi ${command}`, limitMs, this.limits.graceMs, (signal) =>
        work((event) => errors.push(...engineErrors(event)), signal),
      );
    } catch (error) {
      throw engineFailure(`pulumi ${command}`, this.target, errors, error);
    }
  }
}

function packAt(pack: PolicyPack | string | undefined) {
  if (pack === undefined || typeof pack === "string") return {};
  const { folder, settings } = pack;
  return {
    policyPacks: [folder],
    ...(settings === undefined ? {} : { policyPackConfigs: [settings] }),
  };
}

/** Pulumi runs in the program's folder, and paths are from this process's. */
function planAt(file: string | undefined): { readonly plan?: string } {
  return file === undefined ? {} : { plan: resolve(file) };
}
