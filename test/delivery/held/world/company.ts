import type { Release } from "../../../../contract/manifest";
import { concludeThrough } from "../../../../delivery/conclude";
import { isUnsettled } from "../../../../delivery/deploy/history";
import { deployThrough } from "../../../../delivery/deploy";
import { restoreThrough } from "../../../../delivery/restore";
import { resume } from "../../../../delivery/resume";
import { rollbackThrough } from "../../../../delivery/rollback";
import { releaseNumber } from "../../support/fakePorts";
import { holdMinutes, rolling, shifting, World } from "./world";

const minuteMs = 60_000;

/** Somebody who begins something some time after what was begun before, and is killed after so many calls, or not. */
export interface Move {
  readonly kind: (typeof moveKinds)[number];
  /** Whether what is deployed passes its verification. */
  readonly passes: boolean;
  /** Whether `pulumi up` is run with `--refresh`. */
  readonly refresh: boolean;
  readonly kill: number;
  readonly afterSeconds: number;
}

export const moveKinds = [
  // The pipeline with a new release, and once more with its newest.
  ...(["deploy", "retry"] as const),
  // A person.
  ...(["rollback", "restore", "unlock", "resume"] as const),
  // `pulumi up`: of nothing, of another size, and of the other strategy.
  ...(["up", "cpu", "strategy"] as const),
  // An alarm in the next bake, tasks that do not come up, and nobody who answers in time.
  ...(["alarm", "crash", "timeOut"] as const),
] as const;

/** An execution of the pipeline, which has one release. */
interface Execution {
  readonly release: Release;
  readonly owner: string;
  readonly passes: boolean;
  /** Whether its action Deploy has ended well. */
  isDeployed?: boolean;
}

/** What pipelines and people do in a world, each one thing at a time. */
export class Company {
  readonly world: World;
  readonly executions: Execution[];
  private readonly working = new Map<string, Promise<unknown>>();

  constructor(seed: number) {
    const release = releaseNumber(1);
    this.world = new World(seed, release);
    this.executions = [{ release, owner: "execution-1", passes: true }];
  }

  /** The releases that passed their verification, or would. */
  get good(): readonly string[] {
    return this.executions.filter(({ passes }) => passes).map(({ release }) => release.id);
  }

  /** The first release was deployed before. */
  async found(): Promise<void> {
    const { ledger } = this.world;
    const [{ release, owner }] = this.executions;
    const beginning = { kind: "deploy", release, owner, actor: "ada" } as const;
    const begun = await ledger.begin(beginning, await ledger.recent());
    await ledger.mark(await ledger.end(begun, { status: "deployed", seconds: 1 }), {
      status: "verified",
    });
  }

  /** Begins one thing after the other, and waits until nobody works any more. */
  async make(moves: readonly Move[]): Promise<void> {
    for (const made of moves) {
      await this.world.schedule.sleep(made.afterSeconds * 1000);
      await this.begin(made);
    }
    await Promise.all(this.working.values());
  }

  /**
   * Whoever was killed is given up, and the next release is good.
   * @param waits whether until ECS has gone back from what nobody answers.
   */
  async goOn(waits: boolean): Promise<void> {
    const { world } = this;
    this.calmDown();
    if (world.pulumi.lock) await world.pulumi.cancel();
    await world.ledger.unlock("grace");
    await resume(world.ledger, { by: "grace", stack: "staging" });
    if (waits) await world.schedule.sleep((holdMinutes + 30) * minuteMs);
    const last = this.newExecution(true);
    await this.byWaysOut(() => this.deliver(last));
  }

  /** Whoever has a lock takes up what was left, and `pulumi up` is run again. */
  async takeUp(): Promise<void> {
    const { world } = this;
    this.calmDown();
    // What rolls has ended by then.
    await world.schedule.sleep(10 * minuteMs);
    if (world.pulumi.lock) await world.pulumi.cancel();
    const { lock } = await world.ledger.recent();
    // What was under way may fail by itself.
    await this.takeUpLocked(lock?.owner).catch((error: Error) => this.note(error.message));
    // What was unlocked, or could not be taken back, is gone back from, as `gantry status` says.
    if (isUnsettled(await world.ledger.recent())) await this.rollBack();
    await this.byWaysOut(() => world.up(false));
    // What ECS went back from is told by nobody to Pulumi.
    if (world.hasDrifted) await this.byWaysOut(() => world.up(true));
    // What rolls is waited for by nobody; what waits for an answer would go on waiting.
    await world.schedule.sleep(30 * minuteMs);
  }

  private async takeUpLocked(owner: string | undefined): Promise<void> {
    const execution = this.executions.find((one) => one.owner === owner);
    if (execution) await this.deliver(execution, execution.isDeployed);
    if (owner === "grace") await this.rollBack();
    if (owner === "linus") await this.restore();
  }

  private calmDown(): void {
    Object.assign(this.world.colours.accidents, { alarm: false, crash: false });
  }

  /** Does what an error says is to be done first. */
  private async byWaysOut(work: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await work();
        return;
      } catch (error) {
        const { message } = error as Error;
        const ways = [...message.matchAll(/gantry (restore|rollback)/g)].map(([, way]) => way);
        if (tries < 3 && /run pulumi up --refresh/.test(message)) {
          await this.byWaysOut(() => this.world.up(true));
          continue;
        }
        this.note(`the ways out are ${ways.join()}: ${message}`);
        if (tries === 3 || ways.length === 0) throw error;
        const { records } = await this.world.ledger.recent();
        const isRelease = records[0].status === "held" || isUnsettled({ records });
        const goesBack = ways.length === 1 ? ways[0] === "rollback" : isRelease;
        await (goesBack ? this.rollBack() : this.restore());
        await resume(this.world.ledger, { by: "grace", stack: "staging" });
      }
    }
  }

  private async begin({ kind, passes, refresh, kill }: Move): Promise<void> {
    const { world } = this;
    const { settings, ledger } = world;
    switch (kind) {
      case "deploy":
        return this.start("execution", kill, () => this.deliver(this.newExecution(passes)));
      case "retry":
        return this.start("execution", kill, () => this.deliver(this.executions.slice(-1)[0]));
      case "rollback":
        return this.start("grace", kill, () => this.rollBack());
      case "restore":
        return this.start("linus", kill, () => this.restore());
      case "cpu":
        world.settings = { ...settings, cpu: settings.cpu + 256 };
        return this.up(refresh, kill);
      case "strategy":
        world.settings = {
          ...settings,
          deployment: settings.deployment === shifting ? rolling : shifting,
        };
        return this.up(refresh, kill);
      case "up":
        return this.up(refresh, kill);
      case "unlock": {
        const { lock } = await ledger.recent();
        // As people are told: where whoever has it was killed, or does not come back.
        if (lock && !this.working.has(lock.owner.replace(/-\d+$/, "")))
          await ledger.unlock("grace");
        return;
      }
      case "resume":
        await resume(ledger, { by: "grace", stack: "staging" });
        return;
      case "alarm":
      case "crash":
        world.colours.accidents[kind] = true;
        return;
      case "timeOut":
        await world.schedule.sleep(holdMinutes * minuteMs);
    }
  }

  /**
   * What the pipeline does with a release.
   * @param isDeployed whether the action that failed is tried again, and not the whole stage. Default: the whole stage.
   */
  private async deliver(execution: Execution, isDeployed = false): Promise<void> {
    const { world } = this;
    const { release, owner, passes } = execution;
    const who = { release, owner, actor: "ada" };
    execution.isDeployed = isDeployed;
    if (!isDeployed) await deployThrough(world.ports("deploy"), who);
    execution.isDeployed = true;
    await world.schedule.sleep(20_000);
    const check = { passed: passes, attempts: 1, seconds: 20, output: [] };
    const verification = { release: release.id, passed: passes, services: { web: check }, at: "" };
    await concludeThrough(world.ports("conclude"), { ...who, verification });
  }

  private rollBack(): Promise<unknown> {
    return rollbackThrough(this.world.ports("deploy"), { owner: "grace", actor: "grace" });
  }

  private restore(): Promise<unknown> {
    return restoreThrough(this.world.ports("deploy"), { owner: "linus", actor: "linus" });
  }

  private up(refresh: boolean, kill: number): void {
    const { world } = this;
    this.start("dennis", kill, async () => {
      // As Pulumi tells people to, where whoever has it was killed.
      if (world.pulumi.lock && this.working.size === 0) await world.pulumi.cancel();
      await world.up(refresh);
    });
  }

  private start(who: string, kill: number, work: () => Promise<unknown>): void {
    if (this.working.has(who)) return;
    this.note(`${who} begins, and is killed after ${kill} calls`);
    const done = this.world.schedule
      .act(work, kill)
      .catch((error: Error) => this.note(`${who}: ${error.message}`))
      .finally(() => this.working.delete(who));
    this.working.set(who, done);
  }

  private note(text: string): void {
    this.world.log.push(`${this.world.schedule.now().toISOString()} ${text}`);
  }

  private newExecution(passes: boolean): Execution {
    const number = this.executions.length + 1;
    const made = { release: releaseNumber(number), owner: `execution-${number}`, passes };
    this.executions.push(made);
    return made;
  }
}
