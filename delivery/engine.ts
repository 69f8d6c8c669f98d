import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import type { Release } from "../stacks/manifest";
import { finishedChanges, plannedChanges, type PlannedChange } from "./engine/changes";
import { engineErrors, engineFailure } from "./engine/failure";
import { clearOwnLock, type Ownership } from "./engine/locks";
import { settlePendingCreates, type FindTaskDefinition } from "./engine/pendingCreates";
import { stateVersion } from "./engine/state";
import type { Log } from "./progress";
import type { Target } from "./target";

export type { PlannedChange } from "./engine/changes";
export type { Ownership } from "./engine/locks";

export interface PreviewOptions {
  readonly release: Release;
  /** URNs of what is looked at. Default: the whole stack. */
  readonly targets?: readonly string[];
  /** Where Pulumi's plan is written. Default: it is not. */
  readonly planFile?: string;
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
  /** Changes with every update of the stack, whoever makes it. */
  stateVersion(): Promise<string>;
}

/** The variable with which the program is told its candidate: `candidateVariable` of stacks/release.ts. */
const candidateVariable = "GANTRY_RELEASE";

/** The `pulumi` of the PATH, on the backend that the environment names. */
export class PulumiEngine implements DeliveryEngine {
  constructor(
    private readonly target: Target,
    private readonly findTaskDefinition: FindTaskDefinition,
  ) {}

  async preview({ release, targets, planFile }: PreviewOptions): Promise<readonly PlannedChange[]> {
    return this.withCandidate(release, (stack) =>
      this.watched("preview", async (onEvent) => {
        const events: EngineEvent[] = [];
        await stack.preview({
          target: targets && [...targets],
          plan: planFile,
          suppressProgress: true,
          onEvent: (event) => {
            events.push(event);
            onEvent(event);
          },
        });
        return plannedChanges(events);
      }),
    );
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

  async stateVersion(): Promise<string> {
    const stack = await this.stack({});
    return stateVersion(await stack.exportStack());
  }

  private async update(stack: Stack, options: UpOptions): Promise<void> {
    const { targets, planFile, refresh, progress } = options;
    await this.watched("up", async (onEvent) => {
      await stack.up({
        target: [...targets],
        plan: planFile,
        refresh,
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
      await settlePendingCreates(stack, this.target, this.findTaskDefinition, progress);
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
      const file = join(folder, "release.json");
      await writeFile(file, JSON.stringify(release));
      return await work(await this.stack({ [candidateVariable]: file }));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async stack(envVars: Record<string, string>): Promise<Stack> {
    const { stack, folder } = this.target;
    try {
      return await LocalWorkspace.selectStack({ stackName: stack, workDir: folder }, { envVars });
    } catch (error) {
      throw engineFailure("pulumi stack select", this.target, [], error);
    }
  }

  /** Runs the engine, and tells its errors by what it said of resources. */
  private async watched<T>(
    command: "preview" | "up",
    work: (onEvent: (event: EngineEvent) => void) => Promise<T>,
  ): Promise<T> {
    const errors: string[] = [];
    try {
      return await work((event) => errors.push(...engineErrors(event)));
    } catch (error) {
      throw engineFailure(`pulumi ${command}`, this.target, errors, error);
    }
  }
}
