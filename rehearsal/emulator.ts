/**
 * AWS on this machine: starts and stops the emulator (moto with its gaps corrected, see `emulator/README.md`).
 *
 * Its state is in memory. It lives and dies with the Pulumi state that was made against it: under a state that is not
 * empty, an emulator that restarted empty makes the AWS provider retry for minutes.
 */
import { randomUUID } from "node:crypto";
import { answersAs, control, type CallCounts, type CallFilter } from "./emulator/control";
import { startServer, type Server } from "./emulator/process";
import { findPython } from "./emulator/python";
import { readRecord, removeRecord, writeRecord, type EmulatorRecord } from "./emulator/record";

export type { CallCounts, CallFilter } from "./emulator/control";

/** How to start an emulator. */
export interface EmulatorOptions {
  /** Where the server logs: one line a request, and tracebacks. Begun anew at each start. */
  readonly logFile: string;
  /** The region that {@link Emulator.env} names. Default: `eu-west-1`. */
  readonly region?: string;
  /**
   * Keep it running when this process ends, and record it in this JSON file for {@link attachEmulator}. Default: it
   * ends with this process, however this process ends.
   */
  readonly detached?: { readonly recordFile: string };
  /** Milliseconds until a server that does not listen is given up. Default: 30000. */
  readonly readyTimeoutMs?: number;
  /** Receives a line when something slow begins, such as the installation of moto. Default: nobody is told. */
  readonly onProgress?: (line: string) => void;
}

/** A running emulator. */
export interface Emulator {
  /** For instance `http://127.0.0.1:40123`; the endpoint of every AWS service. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Where the server logs. */
  readonly logFile: string;
  /** What makes the AWS SDKs, the AWS provider and the AWS CLI use it. See {@link emulatorEnvironment}. */
  readonly env: Readonly<Record<string, string>>;
  /** Forgets every resource and every counted call. */
  reset(): Promise<void>;
  /** Counts API calls: all of them, those after a cursor, those signed with one access key. */
  calls(filter?: CallFilter): Promise<CallCounts>;
  /** Asks one of the control endpoints of the README, `POST` with a body and `GET` without. */
  control<T>(name: string, body?: unknown): Promise<T>;
  /** Ends it, and removes its record; nothing happens when it has ended already. */
  stop(): Promise<void>;
}

const defaultRegion = "eu-west-1";
const defaultReadyTimeoutMs = 30_000;
const stopTimeoutMs = 5_000;

/**
 * Starts an emulator on a free loopback port and waits until it answers: one to two seconds, more the first time on a
 * machine without moto, where a Python environment is made.
 *
 * @throws Error when Python is missing or too old, when the environment cannot be made, when the server does not
 *   listen in time (with its last log lines), or when a detached one is recorded in the same file and still runs.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const recordFile = options.detached?.recordFile;
  const running = recordFile && (await attachEmulator(recordFile));
  if (running) {
    throw new Error(
      `an emulator recorded in ${recordFile} runs already (pid ${running.pid}, ${running.url}): ` +
        "use it (attachEmulator), or stop it first",
    );
  }
  const python = await findPython(options.onProgress);
  const nonce = randomUUID();
  const server = await startServer({
    python,
    nonce,
    logFile: options.logFile,
    detached: recordFile !== undefined,
    readyTimeoutMs: options.readyTimeoutMs ?? defaultReadyTimeoutMs,
  });
  const record: EmulatorRecord = {
    pid: server.pid,
    port: server.port,
    startedAt: new Date().toISOString(),
    region: options.region ?? defaultRegion,
    logFile: options.logFile,
    nonce,
  };
  if (recordFile) {
    writeRecord(recordFile, record);
  }
  return emulatorOf(record, recordFile, server);
}

/**
 * Finds the detached emulator that a record file names.
 *
 * @returns `undefined` when there is no record, or nothing answers at its port with the recorded nonce: a pid or port
 *   alone may belong to anybody by now.
 */
export async function attachEmulator(recordFile: string): Promise<Emulator | undefined> {
  const record = readRecord(recordFile);
  if (!record || !(await answersAs(urlOf(record.port), record.nonce))) {
    return undefined;
  }
  return emulatorOf(record, recordFile);
}

/**
 * An environment for programs that shall talk to the emulator and to nothing else: every inherited `AWS_*` variable
 * (a profile, a session token, a role) is left out.
 */
export function emulatorEnvironment(
  emulator: Pick<Emulator, "env">,
  inherited: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const kept = Object.entries(inherited).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("AWS_"),
  );
  return { ...Object.fromEntries(kept), ...emulator.env };
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function emulatorOf(record: EmulatorRecord, recordFile?: string, server?: Server): Emulator {
  const url = urlOf(record.port);
  return {
    url,
    port: record.port,
    pid: record.pid,
    logFile: record.logFile,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: record.region,
      AWS_DEFAULT_REGION: record.region,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    reset: async () => {
      await control(url, "POST", "/moto-api/reset", {});
    },
    calls: (filter = {}) => {
      const query = new URLSearchParams({
        since: String(filter.since ?? 0),
        caller: filter.caller ?? "",
        sequence: String(filter.sequence ?? false),
        ...(filter.without === undefined ? {} : { without: filter.without }),
      });
      return control(url, "GET", `/gantry-emulator/calls?${query.toString()}`);
    },
    control: (name, body) =>
      control(url, body === undefined ? "GET" : "POST", `/gantry-emulator/${name}`, body),
    stop: async () => {
      await stopServer(url, record, server);
      if (recordFile) {
        removeRecord(recordFile, record.nonce);
      }
    },
  };
}

/** Asks the server to end, and kills it when it does not: after it has proven that the pid is its own. */
async function stopServer(url: string, record: EmulatorRecord, server?: Server): Promise<void> {
  if (!(await answersAs(url, record.nonce))) {
    server?.child.kill("SIGKILL");
    return;
  }
  await control(url, "POST", "/gantry-emulator/stop", { nonce: record.nonce });
  const deadline = Date.now() + stopTimeoutMs;
  while (await answersAs(url, record.nonce)) {
    if (Date.now() > deadline) {
      process.kill(record.pid, "SIGKILL");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
