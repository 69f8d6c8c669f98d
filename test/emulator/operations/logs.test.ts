import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { systemClock } from "../../../delivery/clock";
import { logSources } from "../../../operations/logs/places";
import { LogReader } from "../../../operations/logs/read";
import { targetOf, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

const program = resolve(__dirname, "../../../cli/gantry.js");
const sidecars = { nginx: { image: "nginx:1.27", port: 8080 } };
const services = { web: { sidecars }, report: { kind: "job" } };
const task = "3f9c2a1b00000000";

describe("gantry logs on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;

  useBench((started) => (bench = started));

  beforeEach(async () => {
    person = personAt(bench, services);
    for (const service of ["web", "report"]) await group(service);
  });
  afterEach(() => person.project.remove());

  const { names } = targetOf();
  const group = (service: string) =>
    bench.clients.logs.send(new CreateLogGroupCommand({ logGroupName: names.logGroup(service) }));

  async function log(service: string, secondsAgo: number, message: string, container = "app") {
    const place = {
      logGroupName: names.logGroup(service),
      logStreamName: `${container}/${container}/${task}`,
    };
    await bench.clients.logs.send(new CreateLogStreamCommand(place)).catch(() => undefined);
    const timestamp = Date.now() - secondsAgo * 1000;
    await bench.clients.logs.send(
      new PutLogEventsCommand({ ...place, logEvents: [{ timestamp, message }] }),
    );
  }

  it("shows services and jobs in the order of time, and says what else logs", async () => {
    await log("web", 30, "GET /orders 200");
    await log("report", 20, "DATABASE_URL=postgres://shop:hunter2@db/shop");
    await log("web", 10, "GET /orders 500");
    await log("web", 5, "access", "nginx");
    const { code, stdout, stderr } = await person.gantry("logs");
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => line.slice(25)),
      [
        "web     3f9c2a1b  GET /orders 200",
        "report  3f9c2a1b  DATABASE_URL=***",
        "web     3f9c2a1b  GET /orders 500",
      ],
    );
    assert.match(lines[0], /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} {2}web/);
    assert.equal(stderr, "other containers log, too (web: nginx): --container <name>\n");
  });

  it("shows a container, a period and what a filter finds", async () => {
    await log("web", 5, "access", "nginx");
    await log("web", 7200, "ERROR long ago");
    await log("web", 1, "ERROR now");
    await log("web", 1, "fine");
    const shown = async (...args: readonly string[]) =>
      (await person.gantry("logs", "web", ...args)).stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split("  ").at(-1));
    assert.deepEqual(await shown("--container", "nginx"), ["access"]);
    assert.deepEqual(await shown("--filter", "ERROR"), ["ERROR now"]);
    assert.deepEqual(await shown("--since", "3h"), ["ERROR long ago", "ERROR now", "fine"]);
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    assert.deepEqual(await shown("--since", "3h", "--until", hourAgo), ["ERROR long ago"]);
  });

  it("answers programs, an object in each line", async () => {
    await log("web", 1, "ready\n");
    const { stdout } = await person.gantry("logs", "web", "--json");
    const { at, ...line } = JSON.parse(stdout) as Record<string, unknown>;
    assert.match(String(at), /^\d{4}-.*Z$/);
    assert.deepEqual(line, {
      ...{ version: 1, service: "web", container: "app", task, message: "ready" },
    });
  });

  it("says what to do where there is nothing, no group, or no filter", async () => {
    const nothing = await person.gantry("logs", "web");
    assert.equal(nothing.code, 0);
    assert.equal(nothing.stdout, "");
    assert.match(
      nothing.stderr,
      /web: nothing was logged since .* \(10 min ago\)\. Longer ago: --since 24h/,
    );
    await bench.emulator.reset();
    const { code, stderr } = await person.gantry("logs", "web");
    assert.equal(code, 0);
    assert.match(
      stderr,
      /web has no log group \/gantry\/shop\/staging\/services\/web yet: pulumi up/,
    );
    await group("web");
    const wrong = await person.gantry("logs", "web", "--filter", "{ $.level");
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /does not understand the filter .*\n.*--filter 'ERROR timeout'/);
    assert.match((await person.gantry("logs", "wbe")).stderr, /Is web meant\?/);
    assert.equal((await person.gantry("logs", "--follow", "--until", "1m")).code, 2);
  });

  it("goes on with what comes, each line once, in order or late", async () => {
    const target = targetOf(services);
    const reader = new LogReader({
      ...{ logs: bench.clients.logs, sources: logSources(target, []).sources, clock: systemClock },
      since: new Date(Date.now() - 600_000),
    });
    const next = async () => {
      const messages: string[] = [];
      for await (const { message } of reader.lines()) messages.push(message);
      return messages;
    };
    await log("web", 1, "one");
    assert.deepEqual(await next(), ["one"]);
    await log("web", 0, "three");
    await log("report", 60, "two, late");
    assert.deepEqual(await next(), ["two, late", "three"]);
    assert.deepEqual(await next(), []);
  });

  function follow() {
    const child = spawn(process.execPath, [program, "logs", "--follow", "web"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...person.env },
    });
    const ended = new Promise((done) => child.once("close", (code, by) => done(by ?? code)));
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    const first = new Promise<string>((done) =>
      child.stdout.once("data", (chunk) => done(String(chunk))),
    );
    return { child, ended, first, stderr: () => stderr };
  }

  it("ends quietly with whoever reads it, and by Ctrl-C", async () => {
    await log("web", 1, "one");
    const read = follow();
    const stopped = follow();
    assert.match(await read.first, /one/);
    read.child.stdout.destroy();
    await log("web", 0, "two");
    assert.equal(await read.ended, 0, read.stderr());
    await stopped.first;
    stopped.child.kill("SIGINT");
    assert.equal(await stopped.ended, "SIGINT");
    for (const { stderr } of [read, stopped]) assert.doesNotMatch(stderr(), /EPIPE|at .*\.[jt]s:/);
  });
});
