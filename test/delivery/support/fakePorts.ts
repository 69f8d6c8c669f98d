import { Deadline } from "../../../delivery/deadline";
import { boundedPorts } from "../../../delivery/deploy/boundedPorts";
import type { Ports } from "../../../delivery/deploy/ports";
import type { PlannedChange, StateView, UpOptions } from "../../../delivery/engine";
import { DeliveryError } from "../../../delivery/errors";
import { stateLocked, type LockHolder } from "../../../delivery/engine/locks";
import type { Promoted } from "../../../delivery/guards";
import type { DeploymentRecord, LedgerView, LockRecord } from "../../../delivery/ledger";
import type { Told } from "../../../delivery/notify";
import { Progress } from "../../../delivery/progress";
import type { Target } from "../../../delivery/target";
import type { Release } from "../../../contract/manifest";
import { commandTimes, deliveryTimes, type CommandTimes } from "../../../contract/times";
import { aTarget } from "./aTarget";
import type { ToldDanger } from "../../../delivery/preflight/danger";
import { FakeClock } from "./fakeClock";
import { FakeRetry } from "./fakeRetry";
import { fakeLedger } from "./fakeLedger";
import { FakeNotes } from "./fakeNotes";
import { FakeShift } from "./fakeShift";

export const web = { build: "app", port: 3000 };

/** The n-th release: newer the higher n is. */
export function releaseNumber(n: number, services: readonly string[] = ["web"]): Release {
  const tag = String(n).padStart(8, "0");
  return {
    id: `${tag}-${n}`,
    commit: tag.repeat(5),
    createdAt: new Date(Date.UTC(2026, 0, n)).toISOString(),
    images: Object.fromEntries(
      services.map((service) => [
        service,
        {
          uri: `registry.example.com/shop/staging/${service}`,
          tag,
          digest: `sha256:${String(n).repeat(64).slice(0, 64)}`,
        },
      ]),
    ),
  };
}

/** A deployment of the past, which was verified unless something else is said. */
export function aRecord(
  number: number,
  release: Release,
  more: Partial<DeploymentRecord> = {},
): DeploymentRecord {
  const at = new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString();
  return {
    ...{ number, kind: "deploy", release, owner: `execution-${number}`, actor: "ada" },
    ...{ begunAt: at, endedAt: at, seconds: 60, status: "verified", releaseCommandDone: false },
    history: ["begun", "deployed", "verified"],
    times: { begun: at, deployed: at, verified: at },
    ...more,
  };
}

/** The process was killed: nothing more of it happens. */
export class Killed extends Error {}

/** An environment in memory: what was done is in `done`, in order; what shall fail is in `failures`, by step. */
export class FakeEnvironment {
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  readonly done: string[] = [];
  /** What people were told. */
  readonly told: Told[] = [];
  /** Releases whose tasks were compared with those before. */
  readonly compared: string[] = [];
  /** By the text that begins an entry of `done`: thrown when it is to be done, as often as there are errors. */
  readonly failures = new Map<string, unknown[]>();
  /** By the text that begins an entry of `done`: how many minutes it takes. Default: none. */
  readonly minutes = new Map<string, number>();
  readonly ups: UpOptions[] = [];
  pending: PlannedChange[] = [];
  records: DeploymentRecord[] = [];
  lock: LockRecord | undefined;
  readonly notes = new FakeNotes(this.clock);
  pointer: Release | undefined;
  /** What the services were updated to last. */
  services: Release | undefined;
  promoted: Promoted | undefined;
  /** What the ledger of the environment before says. Default: that what was promoted was deployed there, and nothing since. */
  before: () => Promise<LedgerView> = () => Promise.resolve({ records: this.ranBefore() });
  alarms: Ports["alarms"] = () => Promise.resolve({ firing: [], unknown: [] });
  /** What Pulumi's state says, and what ECS has. */
  stateVersion = "1";
  state: Omit<StateView, "version"> = { taskDefinitions: {} };
  taskDefinitions: Record<string, string> = {};
  /** Who holds Pulumi's state. */
  stateHeldBy: LockHolder | undefined;
  /** The highest number of a deployment that an image is tagged with. */
  highestTagged = 0;
  /** Whether a newer execution of the pipeline has stopped the one that works here. */
  executionIsStopped = false;
  /** What tries the stage again, where gates open by the time. */
  readonly retry = new FakeRetry();
  /** Executions of the pipeline that wait for an approval. */
  readonly unapproved = new Set<string>();
  /** Executions of the pipeline that conclude what people have approved. */
  readonly concluding = new Set<string>();
  /** Why people refused what was verified. */
  refusal: string | undefined;
  host = "build-1";
  /** Of the command that works here. Default: a deployment's. */
  commandTimes: CommandTimes;
  /** Services of which no task shall run. */
  unproven: string[] = [];
  /** What is dangerous in the images. */
  imageDangers: readonly ToldDanger[] = [];
  /** What a policy pack advises. */
  advice: readonly string[] = [];
  /** Where new tasks wait for an answer. Default: deployments are rolling. */
  shift: FakeShift | undefined;
  private death: { readonly step: number; readonly when: "before" | "after" } | undefined;

  constructor(readonly target: Target = aTarget({ services: { web } })) {
    this.commandTimes = commandTimes(deliveryTimes(target.config), "deploy");
  }

  /** One in which a release runs that was verified. */
  static running(release: Release, target?: Target): FakeEnvironment {
    const made = new FakeEnvironment(target);
    made.past(release);
    made.pointer = release;
    return made;
  }

  /** The same, and new tasks wait for an answer. */
  static shifting(release: Release | undefined, target?: Target): FakeEnvironment {
    const made = release ? FakeEnvironment.running(release, target) : new FakeEnvironment(target);
    made.services = release;
    made.shift = new FakeShift(release);
    return made;
  }

  failOn(step: string, ...errors: unknown[]): void {
    this.failures.set(step, errors);
  }

  /** Kills whoever works here at the nth thing that it does from now on: before it is done, or before it is known. */
  killAt(step: number, when: "before" | "after"): void {
    this.death = { step: this.done.length + step, when };
  }

  /** The next run is another process, on another machine. */
  revive(): void {
    this.death = undefined;
    this.host = `${this.host}-again`;
  }

  /** A deployment of the past. */
  past(release: Release, more: Partial<DeploymentRecord> = {}): DeploymentRecord {
    const record = aRecord((this.records.at(0)?.number ?? 0) + 1, release, more);
    this.records = [record, ...this.records];
    return record;
  }

  private ranBefore(): DeploymentRecord[] {
    const { id, createdAt } = this.promoted ?? {};
    if (id === undefined || createdAt === undefined) return [];
    return [aRecord(1, { ...releaseNumber(1), id, createdAt })];
  }

  get ports(): Ports {
    const pulumi: Ports["pulumi"] = {
      preview: ({ release, policy }) => {
        this.advice.forEach((line) => policy?.advice(line));
        return this.act(`preview ${release?.id}`, () => this.pending);
      },
      up: (options) => {
        this.ups.push(options);
        return this.act(`up ${options.release?.id ?? "no release"}`, () => {
          this.shift?.up(options);
          this.services = options.release;
        });
      },
      state: () => Promise.resolve({ version: this.stateVersion, ...this.state }),
      requireUnlocked: () =>
        this.stateHeldBy
          ? Promise.reject(stateLocked(this.target.stack, [this.stateHeldBy]))
          : Promise.resolve(),
    };
    const ports: Omit<Ports, "deadline"> = {
      ...{ target: this.target, clock: this.clock },
      progress: new Progress("deploy", this.clock, (line) => this.log.push(line)),
      host: this.host,
      ledger: fakeLedger(this),
      engine: pulumi,
      pulumi,
      pointer: {
        read: () => Promise.resolve(this.pointer),
        write: (release) =>
          this.act(`point ${release.id}`, () => {
            this.pointer = release;
          }),
        delete: () =>
          this.act("forget", () => {
            this.pointer = undefined;
          }),
      },
      newestPromoted: () => Promise.resolve(this.promoted),
      before: () => this.before(),
      execution: {
        supersedeWaiting: ({ id }) => this.act(`supersede for ${id}`),
        refuseStopped: ({ id }) =>
          this.executionIsStopped
            ? Promise.reject(new DeliveryError(`release ${id} is not deployed: stopped`))
            : Promise.resolve(),
        isUnapproved: (id) => Promise.resolve(this.unapproved.has(id)),
        isConcluding: (id) => Promise.resolve(this.concluding.has(id)),
        stopSuperseded: (id) => this.act(`stop ${id}`),
        refusal: () => Promise.resolve(this.refusal),
      },
      preflight: ({ id }) => this.act(`preflight ${id}`, () => this.imageDangers),
      releaseCommand: ({ id }, service) => this.act(`command ${service} ${id}`),
      steadyState: (release, _note, { held, compares } = {}) => {
        if (compares) this.compared.push(release.id);
        return this.act(`steady ${release.id}`, () => this.shift?.steadyState(release, held) ?? []);
      },
      underWay: () => Promise.resolve(this.shift?.underWay ?? []),
      wentBack: () => Promise.resolve(this.shift?.wentBack ? ["web"] : []),
      goBack: async () => {
        const { shift } = this;
        return shift?.waiting ? this.act("go back", () => shift.goBack()) : [];
      },
      truth: ({ id }) => this.act(`truth ${id}`, () => this.unproven),
      tag: ({ id }, number) => this.act(`tag ${id} ${number}`),
      explain: (service) => Promise.resolve([`${service}: exit code 137`]),
      taskDefinitions: () => Promise.resolve(this.taskDefinitions),
      alarms: () => this.alarms(),
      tell: (told) => {
        this.told.push(told);
        return Promise.resolve();
      },
      highestTagged: () => Promise.resolve(this.highestTagged),
      retry: this.retry.portOf(this.target),
      running: () => Promise.resolve(["web: 1 of 1 tasks run, the service is on bootstrap"]),
    };
    return boundedPorts(ports, new Deadline(this.clock, this.commandTimes));
  }

  get view(): LedgerView {
    return { records: this.records, lock: this.lock, ...this.notes.view };
  }

  /** Does one thing, unless it shall fail. */
  act(what: string): Promise<void>;
  act<T>(what: string, change: () => T): Promise<T>;
  act(what: string, change: () => unknown = () => undefined): Promise<unknown> {
    const { step = Infinity, when } = this.death ?? {};
    const place = this.done.length + 1;
    if (place > step || (place === step && when === "before")) return this.die();
    const key = [...this.failures.keys()].find((begin) => what.startsWith(begin));
    const error = key === undefined ? undefined : this.failures.get(key)?.shift();
    for (const [begin, minutes] of this.minutes) {
      if (what.startsWith(begin)) void this.clock.sleep(minutes * 60_000);
    }
    this.done.push(error === undefined ? what : `${what}!`);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a test may throw anything.
    if (error !== undefined) return Promise.reject(error);
    const answer = change();
    return place === step ? this.die() : Promise.resolve(answer);
  }

  /** Whatever it would do now to fix things, it cannot. */
  private die(): Promise<never> {
    this.death = { step: 0, when: "before" };
    return Promise.reject(new Killed());
  }

  /** What an event makes of a deployment. */
  change(
    record: DeploymentRecord,
    event: string,
    change: Partial<DeploymentRecord>,
  ): DeploymentRecord {
    const times = { [event]: this.clock.now().toISOString(), ...record.times };
    const changed = { ...record, ...change, history: [...record.history, event], times };
    this.records = this.records.map((one) => (one.number === record.number ? changed : one));
    return changed;
  }
}
