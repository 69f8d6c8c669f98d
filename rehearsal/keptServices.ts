import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { ServiceAddress } from "./addresses";
import { lastLines } from "./emulator/process";
import { readKept, removeKept, type KeepOrder } from "./keptServices/record";
import { ownProgram } from "./ownProgram";

export interface KeepOptions extends Omit<KeepOrder, "nonce"> {
  readonly logFile: string;
}

const pollMs = 100;
/** Containers start one after the other. */
const startMs = 120_000;
const stopMs = 30_000;

/**
 * Has a process of its own keep the services running, and their addresses open, when this one has ended.
 * @returns where they answer.
 * @throws Error with its last lines, where it does not come up within two minutes.
 */
export async function keepServices(options: KeepOptions): Promise<readonly ServiceAddress[]> {
  const { logFile, ...order } = options;
  const { recordFile } = order;
  const nonce = randomUUID();
  mkdirSync(dirname(logFile), { recursive: true });
  rmSync(recordFile, { force: true });
  const log = openSync(logFile, "w");
  const { args, env } = ownProgram("keptServices", "main");
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["pipe", log, log],
  });
  closeSync(log);
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended = `ended with ${code ?? signal}`));
  child.stdin?.on("error", () => undefined).end(JSON.stringify({ ...order, nonce }));
  const deadline = Date.now() + startMs;
  for (;;) {
    const record = readKept(recordFile);
    if (record?.nonce === nonce) {
      child.removeAllListeners();
      child.unref();
      return record.addresses;
    }
    if (ended !== undefined || Date.now() > deadline) {
      child.kill("SIGTERM");
      const why = ended ?? `was not ready within ${startMs / 1000} s`;
      throw new Error(`the process that keeps the services ${why}:\n${lastLines(logFile)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/**
 * Ends the process that keeps services, with its containers; one that has ended by itself is no fault.
 * @returns the addresses that it had.
 */
export async function stopKeptServices(recordFile: string): Promise<readonly ServiceAddress[]> {
  const record = readKept(recordFile);
  if (!record) return [];
  const { control, nonce, addresses } = record;
  try {
    // Whoever else has that port by now knows no such path.
    await fetch(`${control}/${nonce}/stop`, {
      method: "POST",
      signal: AbortSignal.timeout(stopMs),
    });
  } catch {
    // It has ended.
  }
  removeKept(recordFile, nonce);
  return addresses;
}
