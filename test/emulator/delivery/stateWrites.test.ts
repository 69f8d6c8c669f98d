import assert from "node:assert/strict";
import { deployThrough } from "../../../delivery/deploy";
import { DeliveryError } from "../../../delivery/errors";
import type { Ports } from "../../../delivery/deploy/ports";
import { readPointer } from "../../../delivery/pointer";
import { emptyPreview } from "../../../rehearsal/update";
import type { Release } from "../../../contract/manifest";
import { buildOnEachOther, log } from "../support";
import { StackBench } from "./stackBench";

const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };
const stateFile = ".pulumi/stacks/gantry/staging.json";

describe("Pulumi's state on the emulator, with the real engine,", function () {
  buildOnEachOther();
  let bench: StackBench;
  let first: Release;
  let second: Release;

  before(async () => {
    bench = await StackBench.start({ web });
    first = await bench.release(1);
    second = await bench.release(2);
    await deployed(first, "execution-1");
  });

  after(() => bench?.stop());

  /** From now on the backend refuses to read or to write the state, until it is allowed again. */
  const refuse = (action: "s3:GetObject" | "s3:PutObject", code: string, message: string) =>
    bench.bench.emulator.control("errors", {
      ...{ action, count: null, containing: stateFile },
      ...{ code, message, status: 403 },
    });
  const refuseWrites = () => refuse("s3:PutObject", "AccessDenied", "Access Denied");
  const allow = (action: "s3:GetObject" | "s3:PutObject") =>
    bench.bench.emulator.control("errors", { action, count: 0 });
  const newest = async () => (await bench.ledger.recent()).records[0];
  const pointer = async () => (await readPointer(bench.clients.ssm, bench.names))?.id;
  const digestOf = (release: Release) => release.images.web.digest;

  async function deployed(release: Release, owner: string): Promise<void> {
    const { code, stderr } = await bench.deploy(release, { owner });
    assert.equal(code, 0, stderr);
    assert.equal((await bench.running()).digest, digestOf(release));
    assert.equal(await pointer(), release.id);
    await emptyPreview(await bench.stack(), log);
  }

  /** It failed and says why, its own lock and Pulumi's are free, and the release before is the desired one. */
  async function failed(details: string, before: Release): Promise<void> {
    assert.match(details, /failed to save snapshot: .*AccessDenied/);
    assert.equal((await newest()).status, "failed");
    assert.equal((await bench.ledger.recent()).lock, undefined);
    assert.deepEqual(await bench.state.locks(), []);
    assert.equal(await pointer(), before.id);
  }

  /** The state cannot be written any more from the moment in which ECS has registered a revision. */
  function refusedAfterRevision(ports: Ports): Ports {
    const up: Ports["engine"]["up"] = async (options) => {
      let refused: Promise<unknown> = Promise.resolve();
      const progress = (line: string) => {
        options.progress?.(line);
        if (/TaskDefinition/.test(line)) refused = refuseWrites();
      };
      await ports.engine.up({ ...options, progress }).finally(() => refused);
    };
    return { ...ports, engine: { ...ports.engine, up } };
  }

  it("cannot be written: fails, and nothing has changed; the next deployment is made (row 26)", async () => {
    const { revision } = await bench.running();
    await refuseWrites();
    const { code, stderr } = await bench.deploy(second, { owner: "execution-2" });
    assert.equal(code, 1);
    await failed(stderr, first);
    assert.match(stderr, /The rollback to .* failed too[^]*failed to save snapshot/);
    assert.equal((await bench.running()).revision, revision);
    await allow("s3:PutObject");
    await deployed(second, "execution-3");
  });

  it("can be written no more when ECS has the revision: the next deployment settles it (row 26)", async () => {
    const third = await bench.release(3);
    const failure = await bench
      .inProcess((ports) =>
        deployThrough(refusedAfterRevision(ports), {
          ...{ release: third, owner: "execution-4", actor: "ada" },
        }),
      )
      .catch((error: unknown) => error);
    assert.ok(failure instanceof DeliveryError, String(failure));
    await failed(failure.details.join("\n"), second);
    await allow("s3:PutObject");
    await deployed(await bench.release(4), "execution-5");
  });

  it("cannot be read, its key being disabled: fails before the deployment begins (row 32)", async () => {
    const { number } = await newest();
    const { revision } = await bench.running();
    await refuse("s3:GetObject", "KMS.DisabledException", "arn:aws:kms:...:key/1 is disabled.");
    const { code, stderr } = await bench.deploy(await bench.release(5), { owner: "execution-6" });
    assert.equal(code, 1);
    assert.match(stderr, /KMS\.DisabledException: .*is disabled/);
    assert.equal((await newest()).number, number, "nothing was begun");
    assert.equal((await bench.running()).revision, revision);
    await allow("s3:GetObject");
  });
});
