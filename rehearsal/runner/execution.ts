import type { AdjustBuild } from "./action";
import type { Approvals } from "./approvals";
import type { BuildHost } from "./buildHost";
import type { Connection } from "./connection";
import type { Pipeline } from "./pipelines";
import type { StageQueue } from "./queue";
import type { Place } from "./record";
import type { SourceRepository } from "./repository";
import type { PipelineRun } from "./run";

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
  /** Where builds run. */
  readonly host: BuildHost;
  /** Where logs stay, and the actions' own folders are until the execution ends. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** Interrupts it: what runs goes on to its end, nothing more begins. */
  readonly signal?: AbortSignal;
  /** Hears of its beginning, of its way from stage to stage, and each time that actions have ended. */
  readonly onProgress?: (run: PipelineRun, place: Place) => Promise<void>;
  /** Waits until somebody stops the execution, which ends what it waits for itself. Default: nobody does. */
  readonly untilStopped?: (executionId: string, ended: AbortSignal) => Promise<boolean>;
}
