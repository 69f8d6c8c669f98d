import assert from "node:assert/strict";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { Ledger } from "../../../delivery/ledger";
import { sleep, type SleepOptions } from "../../../operations/sleep/sleep";
import { planWake, wake } from "../../../operations/sleep/wake";
import { asleep, awake, clock, target, useSleepBench, type SleepBench } from "./sleepBench";

describe("falling asleep and waking, cut off on the emulator", function () {
  this.timeout(120_000);
  let shop: SleepBench;

  useSleepBench((made) => (shop = made));

  const isAwake = async () => {
    const { tasks, schedules, scaling, parameters } = await shop.world();
    assert.deepEqual([{ tasks, schedules }, parameters], [awake, []]);
    for (const limits of Object.values(scaling)) assert.doesNotMatch(limits, /true/);
    assert.equal((await shop.ledger.recent()).standing?.sleep, undefined);
  };

  /** Clients that die at the nth call that changes something, before its answer is seen. */
  function dying(call: number): SleepOptions {
    let calls = 0;
    const changes = /^(Update|Register|Put|Delete|Transact)/;
    const dies = <T extends object>(client: T): T =>
      ({
        send: async (command: object) => {
          const counts = changes.test(command.constructor.name);
          if (counts) calls += 1;
          const answer: unknown = await (
            client as { send: (command: object) => Promise<unknown> }
          ).send(command);
          if (counts && calls === call) throw new Error("killed");
          return answer;
        },
      }) as unknown as T;
    const { ecs, ssm, dynamodb } = shop.bench.clients;
    return {
      clients: {
        ...{ ecs: dies(ecs), ssm: dies(ssm) },
        ...{ autoScaling: dies(shop.autoScaling), scheduler: dies(shop.scheduler) },
      },
      ledger: new Ledger(dies(dynamodb), target.names.ledger, clock, "staging"),
      ...{ target, clock, by: "ada", log: () => undefined },
    };
  }
  const fall = async (options: SleepOptions) => sleep(options);
  const rise = async (options: SleepOptions) => wake(options, await planWake(options));
  /** How many calls change something when nothing goes wrong. */
  const calls = 8;

  it("anywhere, and the same again, or its contrary, ends it", async () => {
    for (let call = 1; call <= calls; call++) {
      const at = `at call ${call}`;
      await assert.rejects(fall(dying(call)), /killed/, at);
      if (call % 2 === 0) await fall(dying(0));
      const { tasks, schedules, scaling } = await shop.world();
      if (call % 2 === 0) assert.deepEqual({ tasks, schedules, scaling }, asleep, at);
      await rise(dying(call)).catch((error: Error) => assert.equal(error.message, "killed", at));
      await rise(dying(0));
      await isAwake();
    }
  });

  it("by somebody who wakes it, and what it has stopped is brought back", async () => {
    // Of one that is taken up again, the plan sees services without a task.
    for (const before of [0, calls]) {
      if (before > 0) await assert.rejects(fall(dying(before)), /killed/);
      await assert.rejects(fall(woken()), /somebody woke staging while it fell asleep/);
      await isAwake();
    }
  });

  /** Clients of somebody who falls asleep, and whom another one wakes at the first task that is stopped. */
  function woken(): SleepOptions {
    const options = dying(0);
    let isWoken = false;
    const { ecs } = options.clients;
    const raced = {
      send: async (command: object) => {
        if (command instanceof UpdateServiceCommand && !isWoken) {
          isWoken = true;
          await rise(dying(0));
        }
        return ecs.send(command as UpdateServiceCommand);
      },
    } as unknown as typeof ecs;
    return { ...options, clients: { ...options.clients, ecs: raced } };
  }

  it("by somebody who wakes what another has woken meanwhile, and what runs since stays", async () => {
    await fall(dying(0));
    const plan = await planWake(dying(0));
    await rise(dying(0));
    const { ecs } = shop.bench.clients;
    const { cluster, service } = target.names;
    await ecs.send(new UpdateServiceCommand({ cluster, service: service("web"), desiredCount: 5 }));
    await assert.rejects(wake(dying(0), plan), /somebody woke staging meanwhile\. Nothing was/);
    assert.equal((await shop.world()).tasks.web[0], 5);
  });
});
