import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { writeWhole } from "../../rehearsal/wholeFile";

/** Reads the file until it is told to end, and answers with every size that it saw. */
const reader = `
const { readFileSync } = require("node:fs");
const { parentPort, workerData } = require("node:worker_threads");
const seen = new Set();
const end = new Int32Array(workerData.end);
parentPort.postMessage("reads");
while (Atomics.load(end, 0) === 0) seen.add(readFileSync(workerData.file).length);
parentPort.postMessage([...seen]);
`;

describe("a file that others read while it is written", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "gantry-whole-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("is never seen half, or empty", async () => {
    const file = join(folder, "deeper", "Pulumi.yaml");
    const content = "name: shop\n".repeat(50_000);
    writeWhole(file, content);
    const end = new SharedArrayBuffer(4);
    const worker = new Worker(reader, { eval: true, workerData: { file, end } });
    const next = () => new Promise((done) => worker.once("message", done));
    await next();
    for (let count = 0; count < 200; count++) writeWhole(file, content);
    const seen = next();
    Atomics.store(new Int32Array(end), 0, 1);
    assert.deepEqual(await seen, [content.length]);
    assert.deepEqual(readdirSync(join(folder, "deeper")), ["Pulumi.yaml"]);
  });

  it("has the mode that it is given", () => {
    const file = join(folder, "record.json");
    writeWhole(file, "{}", 0o600);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(readFileSync(file, "utf8"), "{}");
  });
});
