import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachEmulator, startEmulator, type Emulator } from "../../rehearsal/emulator";
import { findPython } from "../../rehearsal/emulator/python";

const rehearsal = join(__dirname, "../../rehearsal");

/** Starts real emulators: needs python3, and the network once where moto is not installed. */
describe("emulator process", function () {
  this.timeout(10 * 60_000);
  let folder: string;
  const running: Emulator[] = [];

  before(async () => {
    await findPython((line) => console.log(`      ${line}`));
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-emulator-"));
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((emulator) => emulator.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(name = "one", detached?: { recordFile: string }): Promise<Emulator> {
    const emulator = await startEmulator({ logFile: join(folder, `${name}.log`), detached });
    running.push(emulator);
    return emulator;
  }

  async function request(emulator: Emulator, target: string): Promise<Response> {
    return fetch(emulator.url, {
      method: "POST",
      body: "{}",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": target,
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ecs/aws4_request, SignedHeaders=host, Signature=0",
      },
    });
  }

  async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!(await holds())) {
      assert.ok(Date.now() < deadline, `${what} does not hold after 10 s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const alive = (pid: number) => existsSync(`/proc/${pid}`) && !isZombie(pid);
  const isZombie = (pid: number) => / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));

  it("answers, counts calls, forgets on reset, and stops", async () => {
    const emulator = await start();
    assert.equal(emulator.env.AWS_ENDPOINT_URL, emulator.url);
    const create = "AmazonEC2ContainerServiceV20141113.CreateCluster";
    const list = "AmazonEC2ContainerServiceV20141113.ListClusters";
    assert.equal((await request(emulator, create)).status, 200);
    const { cursor } = await emulator.calls();
    const clusters = async () =>
      (await (await request(emulator, list)).json()) as { clusterArns: string[] };
    assert.equal((await clusters()).clusterArns.length, 1);
    assert.deepEqual((await emulator.calls({ since: cursor })).calls, { "ecs:ListClusters": 1 });
    await emulator.reset();
    assert.deepEqual((await emulator.calls()).calls, {});
    assert.deepEqual((await clusters()).clusterArns, []);
    await assert.rejects(
      emulator.control("ecs/stop-tasks", { cluster: "c", service: "s" }),
      /the emulator refused POST .*no active service s in the cluster c/,
    );
    assert.match(readFileSync(emulator.logFile, "utf8"), /200 ecs:CreateCluster/);
    await emulator.stop();
    await emulator.stop();
    await eventually("ended", () => !alive(emulator.pid));
  });

  it("two at once have a port each", async () => {
    const [one, two] = await Promise.all([start("one"), start("two")]);
    assert.notEqual(one.port, two.port);
    assert.notEqual(one.pid, two.pid);
  });

  it("ends with its parent, even when that is killed", async () => {
    const program = `
      const { startEmulator } = require(${JSON.stringify(join(rehearsal, "emulator.ts"))});
      startEmulator({ logFile: ${JSON.stringify(join(folder, "child.log"))} })
        .then((e) => { console.log(e.pid); setInterval(() => undefined, 1000); });`;
    const parent = spawn(process.execPath, ["-r", "ts-node/register", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
      cwd: join(rehearsal, ".."),
    });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (data: Buffer) => resolve(Number(data.toString().trim()))),
    );
    assert.ok(alive(pid));
    parent.kill("SIGKILL");
    await eventually("ended with its parent", () => !alive(pid));
  });

  it("does not keep its parent alive", () => {
    const program = `
      const { startEmulator } = require(${JSON.stringify(join(rehearsal, "emulator.ts"))});
      startEmulator({ logFile: ${JSON.stringify(join(folder, "child.log"))} }).then((e) => console.log(e.pid));`;
    const parent = spawnSync(process.execPath, ["-r", "ts-node/register", "-e", program], {
      timeout: 60_000,
      encoding: "utf8",
      cwd: join(rehearsal, ".."),
    });
    assert.equal(parent.status, 0, parent.stderr);
  });

  it("detached, it is found again by its record, and stopped", async () => {
    const recordFile = join(folder, "emulator.json");
    const started = await start("one", { recordFile });
    const found = await attachEmulator(recordFile);
    assert.equal(found?.pid, started.pid);
    assert.equal(found?.url, started.url);
    await found?.stop();
    await eventually("ended", () => !alive(started.pid));
    assert.equal(existsSync(recordFile), false);
    assert.equal(await attachEmulator(recordFile), undefined);
  });

  it("detached, it outlives its parent", async () => {
    const recordFile = join(folder, "emulator.json");
    const program = `
      const { startEmulator } = require(${JSON.stringify(join(rehearsal, "emulator.ts"))});
      startEmulator(${JSON.stringify({ logFile: join(folder, "child.log"), detached: { recordFile } })});`;
    const parent = spawnSync(process.execPath, ["-r", "ts-node/register", "-e", program], {
      timeout: 60_000,
      encoding: "utf8",
      cwd: join(rehearsal, ".."),
    });
    assert.equal(parent.status, 0, parent.stderr);
    const found = await attachEmulator(recordFile);
    assert.ok(found, "it does not run any more");
    running.push(found);
  });
});
