import type { LedgerPort } from "../../../delivery/deploy/ports";
import type { DeploymentRecord, Ending, FailureStage } from "../../../delivery/ledger";
import { beingConcluded, lockedByAnother, overtaken } from "../../../delivery/ledger/refusals";
import type { Release } from "../../../contract/manifest";
import { changeBy } from "./fakeNotes";
import type { FakeEnvironment } from "./fakePorts";

/** The ledger of an environment in memory. */
export function fakeLedger(env: FakeEnvironment): LedgerPort {
  return {
    recent: () => Promise.resolve(env.view),
    begin: async (beginning, latest) => {
      const { kind, release, previous, owner, actor, origin, after, supersedes } = beginning;
      const held = latest.lock;
      if (held && held.number !== supersedes?.number) {
        const own = env.records.find(({ number }) => number === held.number);
        if (held.owner !== owner || held.releaseId !== release.id || !own) {
          throw lockedByAnother(env.target.stack, held, env.clock.now(), own);
        }
        return own;
      }
      env.notes.refuse(env.target.stack, kind, release.id);
      return env.act(`begin ${kind} ${release.id}`, () => {
        if (supersedes) supersede(env, supersedes, release);
        const number = Math.max(env.records.at(0)?.number ?? 0, after ?? 0) + 1;
        const record = env.past(release, {
          ...{ number, kind, previous, owner, actor, begunAt: env.clock.now().toISOString() },
          ...{ status: "inProgress", endedAt: undefined, seconds: undefined },
          ...{ history: ["begun"], times: { begun: env.clock.now().toISOString() } },
          ...(origin ? { origin } : {}),
        });
        const { begunAt: at } = record;
        env.lock = { number, owner, at, releaseId: release.id };
        return record;
      });
    },
    note: (record, event) =>
      env.act(`note ${event.event}`, () => {
        const current = env.records.find(({ number }) => number === record.number) ?? record;
        const isTold = event.event !== "updating" && current.history.includes(event.event);
        return isTold ? current : env.change(current, event.event, changeBy(event));
      }),
    end: (record, { stage: failedStage, ...ending }: Ending & { stage?: FailureStage }) =>
      env.act(`end ${ending.status}`, () => {
        env.lock = undefined;
        const stage = ending.status === "failed" ? { failedStage: failedStage ?? "deploy" } : {};
        return env.change(record, ending.status, { held: undefined, ...stage, ...ending });
      }),
    unlock: (actor) =>
      env.act("unlock", () => {
        const { lock } = env;
        const record = env.records.find(({ number }) => number === lock?.number);
        env.lock = undefined;
        const reason = `${actor} took its lock away`;
        if (record) env.change(record, "unlocked", { status: "failed", held: undefined, reason });
        return lock;
      }),
    annotate: (note, { records }) =>
      env.notes.add(note, records, (what, change) => env.act(what, change)),
    mark: (record, { status, ...rest }) =>
      env.act(`mark ${status}`, () => env.change(record, status, { status, ...rest })),
  };
}

/** In one step with what begins in its place. */
function supersede(
  env: FakeEnvironment,
  { number, owner, history }: DeploymentRecord,
  { id }: Release,
): void {
  const { stack } = env.target;
  const held = env.records.find((record) => record.number === number);
  if (env.lock?.owner !== owner || !held) throw overtaken(stack, number);
  if (held.history.length !== history.length) throw beingConcluded(stack, held);
  env.change(held, "failed", {
    ...{ status: "failed", held: undefined, failedStage: "superseded" },
    reason: `superseded by release ${id}`,
  });
}
