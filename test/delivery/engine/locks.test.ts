import assert from "node:assert/strict";
import {
  clearOwnLock,
  isLeftover,
  lockHolders,
  StackLockedError,
  type LockHolder,
} from "../../../delivery/engine/locks";

/** As Pulumi says it of a backend of files. */
const message = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/.pulumi/locks/organization/gantry/staging/0f8f.json: created by root@build-1 (pid 4711) at 2026-01-31T12:00:05Z`;

const ownership = { hosts: ["build-1", "build-2"], since: new Date("2026-01-31T12:00:00.400Z") };
const [holder] = lockHolders(message);

describe("the locks of Pulumi's state", () => {
  it("tell who took them, where and when", () => {
    const { text, ...rest } = holder;
    assert.deepEqual(rest, {
      ...{ user: "root", host: "build-1", pid: 4711 },
      at: new Date("2026-01-31T12:00:05Z"),
    });
    assert.equal(text, "taken by root@build-1 (pid 4711) at 2026-01-31T12:00:05Z");
    assert.deepEqual(lockHolders("409: another update is in progress"), []);
  });

  describe("are left over", () => {
    const judged = (change: Partial<LockHolder>, { runs = false, thisHost = "build-9" } = {}) =>
      isLeftover({ ...holder, ...change }, ownership, () => runs, thisHost);

    for (const [what, change, where, expected] of [
      ["of a host that this deployment updated on", {}, {}, true],
      [
        "of the second in which the deployment began",
        { at: new Date("2026-01-31T12:00:00Z") },
        {},
        true,
      ],
      ["of a host that it never was on", { host: "laptop" }, {}, false],
      ["of before it began", { at: new Date("2026-01-31T11:59:59Z") }, {}, false],
      ["of a process that is gone, on this host", {}, { thisHost: "build-1" }, true],
      ["of a process that runs, on this host", {}, { thisHost: "build-1", runs: true }, false],
      ["of the same number of a process, on another host", {}, { runs: true }, true],
    ] as const) {
      it(`${expected ? "when" : "not when"} ${what}`, () => {
        assert.equal(judged(change, where), expected);
      });
    }
  });

  describe("are cleared", () => {
    let cancelled: number;
    const stack = { cancel: () => Promise.resolve(void (cancelled += 1)) };
    const clear = (error: unknown) => clearOwnLock(stack, error, ownership);

    beforeEach(() => {
      cancelled = 0;
    });

    it("where all of them are this deployment's own", async () => {
      await clear(new StackLockedError("locked", [holder]));
      assert.equal(cancelled, 1);
    });

    for (const [what, error] of [
      [
        "one of them is somebody else's",
        new StackLockedError("", [holder, { ...holder, host: "x" }]),
      ],
      ["nobody says who took them", new StackLockedError("", [])],
      ["the update failed for another reason", new Error("AccessDenied")],
    ] as const) {
      it(`never where ${what}: the error stays`, async () => {
        await assert.rejects(clear(error), (thrown) => thrown === error);
        assert.equal(cancelled, 0);
      });
    }
  });
});
