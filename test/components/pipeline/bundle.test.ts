import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAllowed } from "../../support/policies";
import { pipeline, productionArgs, roleOf, stagingArgs, toldBy, types } from "./support";

const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";
const bucket = "shop-staging-artifacts-1a2b3c4";

describe("the bundle of a Pipeline", () => {
  let folder: string;
  let path: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-bundle-"));
    path = join(folder, "command.js");
    writeFileSync(path, "console.log(1)");
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const bundle = () => ({ path, variable: "COMMAND" });

  it("is put beside the artifacts under the hash of its content, and told to every project", async () => {
    const recording = await pipeline(stagingArgs({ bundle: bundle() }));
    const { inputs } = recording.one(objectType);
    assert.match(String(inputs.key), /^bundles\/[0-9a-f]{64}\.js$/);
    for (const action of ["build-web", "release", "deploy", "verify", "conclude", "promote"]) {
      assert.equal(toldBy(recording, action).COMMAND, `s3://${bucket}/${String(inputs.key)}`);
    }
  });

  it("has another name with another content, and the same with the same", async () => {
    const key = async () =>
      (await pipeline(stagingArgs({ bundle: bundle() }))).one(objectType).inputs.key;
    const first = await key();
    assert.equal(await key(), first);
    writeFileSync(path, "console.log(2)");
    assert.notEqual(await key(), first);
  });

  it("stays where another takes its place: S3 would not give up its version", async () => {
    const { one } = await pipeline(stagingArgs({ bundle: bundle() }));
    assert.equal(one(objectType).options.retainOnDelete, true);
  });

  it("may be read by every action, and written by none", async () => {
    for (const args of [stagingArgs({ bundle: bundle() }), productionArgs({ bundle: bundle() })]) {
      const recording = await pipeline(args);
      const own = `arn:aws:s3:::${args.pipelineName}-artifacts-1a2b3c4`;
      const projects = recording.all(types.project).map(({ inputs }) => String(inputs.name));
      assert.ok(projects.length > 3);
      for (const name of projects) {
        const { policy } = roleOf(recording, name.replace(`${args.pipelineName}-`, ""));
        const may = (action: string, key: string) =>
          isAllowed({ action, resource: `${own}/${key}` }, { identity: [policy] });
        assert.equal(may("s3:GetObject", `bundles/${"0".repeat(64)}.js`), true, name);
        assert.equal(may("s3:PutObject", `bundles/${"0".repeat(64)}.js`), false, name);
        assert.equal(may("s3:DeleteObject", `bundles/${"0".repeat(64)}.js`), false, name);
        assert.equal(may("s3:GetObject", "bundle"), false, name);
      }
    }
  });

  it("is absent without it: no object, no variable, no right", async () => {
    const recording = await pipeline(stagingArgs());
    assert.deepEqual(recording.all(objectType), []);
    assert.deepEqual(toldBy(recording, "promote"), {});
    const { policy } = roleOf(recording, "promote");
    const resource = `arn:aws:s3:::${bucket}/bundles/x.js`;
    assert.equal(isAllowed({ action: "s3:GetObject", resource }, { identity: [policy] }), false);
  });
});
