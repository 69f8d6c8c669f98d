import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployThrough } from "../../../delivery/deploy";
import { planThrough } from "../../../delivery/plan";
import { resume } from "../../../delivery/resume";
import { rollbackThrough, type RollbackRequest } from "../../../delivery/rollback";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const ada = { owner: "ada@laptop", actor: "ada@laptop" };

describe("a plan after a person's rollback", () => {
  let folder: string;
  let env: FakeEnvironment;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-hold-"));
    mkdirSync(join(folder, ".release"));
    env = new FakeEnvironment(aTarget({ services: { web }, pipeline: {} }, folder, "production"));
    env.past(one);
    env.past(two, { previous: one });
    env.pointer = two;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const rollback = (more: Partial<RollbackRequest> = {}) =>
    rollbackThrough(env.ports, { ...ada, ...more });
  const plan = (release: typeof one) => {
    const known = {
      release: release.id,
      commit: release.commit,
      tests: {},
      scans: {},
      history: [],
    };
    writeFileSync(join(folder, ".release", "release.json"), JSON.stringify(release));
    writeFileSync(join(folder, ".release", "evidence.json"), JSON.stringify(known));
    env.promoted = release;
    return planThrough(env.ports, { output: join(folder, "out"), owner: "execution-9" });
  };

  it("is refused on hold: nobody is asked to approve what would be refused, and nothing that waits is stopped", async () => {
    await rollback();
    env.done.length = 0;
    await assert.rejects(plan(three), /production is on hold .* gantry resume --stack production/);
    assert.deepEqual(env.done, []);
    await resume(env.ports.ledger, { by: "ada", stack: "production" });
    assert.equal((await plan(three)).release.id, three.id);
  });

  it("of what runs already is made", async () => {
    await rollback();
    assert.equal((await plan(one)).release.id, one.id);
  });

  it("tells who went back and who ended that, until a release was deployed", async () => {
    await rollback({ reason: 'payments "fail"' });
    await resume(env.ports.ledger, { by: "grace", reason: "fixed", stack: "production" });
    const told = await plan(three);
    const { at } = told.evidence.hold ?? {};
    assert.ok(at);
    assert.match(
      told.summary,
      new RegExp(
        `Rollback: ada@laptop went back from ${two.id} at ${at} \\(payments 'fail'\\); grace let releases come again at \\S+ \\(fixed\\)\\.`,
      ),
    );
    const text = readFileSync(join(folder, "out", "evidence.md"), "utf8");
    assert.match(text, /^- Rollback: ada@laptop went back from .* \(payments "fail"\); grace let/m);
    await deployThrough(env.ports, { release: three, owner: "execution-9", actor: "pipeline" });
    assert.equal((await plan(releaseNumber(4))).evidence.hold, undefined);
  });
});
