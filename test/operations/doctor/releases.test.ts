import assert from "node:assert/strict";
import type { DeploymentRecord, LedgerView } from "../../../delivery/ledger";
import { DeliveryError } from "../../../delivery/errors";
import { historyFindings, releasesCheck } from "../../../operations/doctor/checks/releases";
import { aContext, aTarget, diagnose, now, told } from "./support";

const release = {
  ...{ id: "3f9c2a1b-17", commit: "3f9c2a1b".repeat(5), createdAt: "2026-01-31T12:00:00Z" },
  images: {},
};
const record = {
  ...{ number: 7, kind: "deploy", release, status: "verified" },
  ...{ owner: "execution", actor: "ann", begunAt: "2026-11-30T10:00:00Z" },
} as unknown as DeploymentRecord;

describe("the check of lock and history", () => {
  const target = aTarget({
    "gantry:pipeline": { source: { type: "codecommit", repository: "shop" } },
  });
  const view = (given: Partial<LedgerView>): LedgerView => ({ records: [record], ...given });
  const found = (given: Partial<LedgerView>) =>
    historyFindings(target, view(given), now).map(({ severity, what, command }) => [
      severity,
      what,
      command,
    ]);
  const lock = (at: string) =>
    ({ number: 8, releaseId: "4a0d3b2c-18", owner: "ci", at }) as LedgerView["lock"];

  it("is well without lock and hold", async () => {
    const context = aContext({
      target,
      ledger: { recent: () => Promise.resolve(view({})) },
      release: () => Promise.resolve(release),
    });
    const result = await diagnose(releasesCheck, context);
    assert.deepEqual(told(result), []);
    assert.equal(result.well, "no lock, no hold; deployment 7 of 3f9c2a1b-17 was the last");
  });

  it("tells of a lock that is in use, and finds one that was left", () => {
    const [[fresh]] = found({ lock: lock("2026-11-30T11:55:00Z") });
    assert.equal(fresh, "note");
    const [[left, what, command]] = found({ lock: lock("2026-11-29T12:00:00Z") });
    assert.deepEqual([left, command], ["error", "gantry unlock --stack staging"]);
    assert.match(what ?? "", /held by ci since .* longer than a deployment may take$/);
  });

  it("takes no lock for left whose deployment waits for its verification", () => {
    const records = [{ ...record, status: "held" as const }];
    const [[severity, what]] = found({ records, lock: lock("2026-11-29T12:00:00Z") });
    assert.equal(severity, "note");
    assert.match(what ?? "", /waits for its verification$/);
  });

  it("finds a hold, and a deployment that was not taken back", () => {
    const hold = { by: "ann", reason: "payments fail", at: "2026-11-30T11:00:00Z" };
    const standing = { version: 1, hold, overrides: [] };
    assert.deepEqual(
      found({ standing }).map(([severity, , command]) => [severity, command]),
      [["warning", "gantry resume --stack staging"]],
    );
    const failed = {
      ...record,
      status: "failed" as const,
      reason: "it broke\nmore",
      previous: { ...release, id: "1-1" },
    };
    const [[severity, what, command]] = found({ records: [failed] });
    assert.deepEqual([severity, command], ["error", "gantry rollback --stack staging --to 1-1"]);
    assert.equal(what, "it failed and was not taken back: it broke");
  });

  it("finds a history that was lost, and a ledger that is not there", async () => {
    const lost = { ledger: { recent: () => Promise.resolve(view({ records: [] })) } };
    const context = aContext({ target, ...lost, release: () => Promise.resolve(release) });
    assert.match(
      told(await diagnose(releasesCheck, context)).join(),
      /^warning shop--staging--deployments: the history is empty/,
    );
    const none = { recent: () => Promise.reject(new DeliveryError("there is no ledger")) };
    const result = await diagnose(releasesCheck, aContext({ target, ledger: none }));
    assert.deepEqual(told(result), ["error lock and history: there is no ledger"]);
  });
});
