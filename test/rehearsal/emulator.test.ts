import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachEmulator, emulatorEnvironment, startEmulator } from "../../rehearsal/emulator";
import { lastLines, startServer } from "../../rehearsal/emulator/process";
import { cacheFolder, findPython } from "../../rehearsal/emulator/python";
import { readRecord, removeRecord, writeRecord } from "../../rehearsal/emulator/record";

const record = {
  pid: 4242,
  port: 40123,
  startedAt: "2026-01-01T00:00:00.000Z",
  region: "eu-west-1",
  logFile: "emulator.log",
  nonce: "n",
};

describe("emulator", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-emulator-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** An executable that stands in for python3. */
  function script(name: string, ...lines: string[]): string {
    const file = join(folder, name);
    writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"));
    chmodSync(file, 0o755);
    return file;
  }

  describe("python", () => {
    it("caches below XDG_CACHE_HOME, else below the home folder", () => {
      assert.equal(cacheFolder({ XDG_CACHE_HOME: "/x", HOME: "/h" }), "/x/gantry/emulator");
      assert.equal(cacheFolder({ HOME: "/h" }), "/h/.cache/gantry/emulator");
    });

    it("fails when there is no Python, and says what to install", async () => {
      const missing = { GANTRY_PYTHON: join(folder, "none") };
      await assert.rejects(
        findPython(undefined, missing),
        /needs Python 3\.10 or newer, and there is no/,
      );
    });

    it("answers the interpreter that environment.py names, and passes progress on", async () => {
      const python = script("python", "echo slow >&2", `echo '{"python": "/opt/it"}'`);
      const lines: string[] = [];
      const answer = await findPython((line) => lines.push(line), { GANTRY_PYTHON: python });
      assert.equal(answer, "/opt/it");
      assert.deepEqual(lines, ["slow"]);
    });

    it("fails with the last lines of what went wrong", async () => {
      const python = script("python", "echo 'pip install failed: no route' >&2", "exit 3");
      await assert.rejects(
        findPython(undefined, { GANTRY_PYTHON: python }),
        /has no Python environment: pip install failed: no route/,
      );
    });
  });

  describe("server process", () => {
    const options = (python: string, readyTimeoutMs = 5_000) => ({
      python,
      readyTimeoutMs,
      logFile: join(folder, "logs", "emulator.log"),
      nonce: "n",
      detached: false,
    });

    it("fails with the end of the log when the server ends early", async () => {
      const python = script("python", "echo 'ImportError: moto' >&2", "exit 1");
      await assert.rejects(startServer(options(python)), (error: Error) => {
        assert.match(error.message, /the emulator ended with 1 before it listened/);
        assert.match(error.message, /its last log lines:\nImportError: moto/);
        return true;
      });
    });

    it("fails in bounded time when the server stays silent", async () => {
      const python = script("python", "exec sleep 60");
      const slow = startServer(options(python, 200));
      await assert.rejects(slow, /did not listen within 200 ms; its log is empty/);
    });

    it("fails when the interpreter cannot be run", async () => {
      await assert.rejects(startServer(options(join(folder, "none"))), /cannot be run .*ENOENT/);
    });

    it("shows the last lines of a log only", () => {
      const log = join(folder, "log");
      writeFileSync(log, "1\n2\n3\n");
      assert.equal(lastLines(log, 2), "2\n3");
      assert.equal(lastLines(join(folder, "none")), "");
    });
  });

  describe("record", () => {
    it("survives, for nobody else's eyes", () => {
      const file = join(folder, "deep", "emulator.json");
      writeRecord(file, record);
      assert.deepEqual(readRecord(file), record);
    });

    it("is none when it is missing, broken or something else", () => {
      const file = join(folder, "emulator.json");
      for (const content of [undefined, "{", "null", '"x"', '{"pid": 1}', '{"pid": -1}']) {
        if (content !== undefined) {
          writeFileSync(file, content);
        }
        assert.equal(readRecord(file), undefined);
      }
    });

    it("is removed by the emulator that it names only", () => {
      const file = join(folder, "emulator.json");
      writeRecord(file, record);
      removeRecord(file, "another");
      assert.deepEqual(readRecord(file), record);
      removeRecord(file, record.nonce);
      assert.equal(readRecord(file), undefined);
    });
  });

  describe("attachEmulator", () => {
    let impostor: Server;
    let answer: unknown;
    let asked: string[];
    let answerAfterMs: number;

    beforeEach(async () => {
      asked = [];
      answerAfterMs = 0;
      impostor = createServer((request, response) => {
        asked.push(request.url ?? "");
        setTimeout(() => response.end(JSON.stringify(answer)), answerAfterMs);
      });
      await new Promise<void>((resolve) => impostor.listen(0, "127.0.0.1", resolve));
    });

    afterEach(() => impostor.close());

    const recorded = () => {
      const file = join(folder, "emulator.json");
      writeRecord(file, { ...record, port: (impostor.address() as AddressInfo).port });
      return file;
    };

    it("finds nothing without a record", async () => {
      assert.equal(await attachEmulator(join(folder, "none.json")), undefined);
    });

    it("is not taken in by another program at the port", async () => {
      answer = { nonce: "another", pid: record.pid };
      assert.equal(await attachEmulator(recorded()), undefined);
    });

    it("finds one that a busy machine has answer late", async () => {
      answer = { nonce: record.nonce, pid: record.pid };
      answerAfterMs = 3_000;
      assert.ok(await attachEmulator(recorded()));
    });

    it("counts calls after a cursor, of one key, and in their order where it is asked for", async () => {
      answer = { nonce: record.nonce, pid: record.pid };
      const emulator = await attachEmulator(recorded());
      assert.ok(emulator);
      await emulator.calls();
      await emulator.calls({ since: 3, caller: "key", sequence: true });
      assert.deepEqual(asked.slice(1), [
        "/gantry-emulator/calls?since=0&caller=&sequence=false",
        "/gantry-emulator/calls?since=3&caller=key&sequence=true",
      ]);
    });

    it("finds the one that knows the nonce, and no second one is started", async () => {
      answer = { nonce: record.nonce, pid: record.pid };
      const file = recorded();
      assert.equal((await attachEmulator(file))?.pid, record.pid);
      const again = startEmulator({ logFile: join(folder, "log"), detached: { recordFile: file } });
      await assert.rejects(
        again,
        /runs already \(pid 4242, .*use it \(attachEmulator\), or stop it/,
      );
    });
  });

  describe("environment", () => {
    it("holds nothing of AWS that was inherited", () => {
      const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "test" };
      const inherited = {
        PATH: "/bin",
        AWS_PROFILE: "mine",
        AWS_SESSION_TOKEN: "t",
        EMPTY: undefined,
      };
      assert.deepEqual(emulatorEnvironment({ env }, inherited), { PATH: "/bin", ...env });
    });
  });

  it("pins every package that it installs", () => {
    const requirements = readFileSync(
      join(__dirname, "../../rehearsal/emulator/requirements.txt"),
      "utf8",
    );
    const lines = requirements.split("\n").filter((line) => line && !line.startsWith("#"));
    assert.ok(lines.includes("moto==5.2.1"));
    for (const line of lines) {
      assert.match(line, /^[A-Za-z0-9-]+==[0-9][0-9A-Za-z.]*$/);
    }
  });
});
