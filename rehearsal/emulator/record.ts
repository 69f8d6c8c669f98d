import { readFileSync, rmSync } from "node:fs";
import { writeWhole } from "../wholeFile";

/** What is kept of a detached emulator, so that a later command finds it again. */
export interface EmulatorRecord {
  readonly pid: number;
  readonly port: number;
  /** When it started, ISO 8601. */
  readonly startedAt: string;
  readonly region: string;
  readonly logFile: string;
  /** A secret of this very emulator, by which it proves that it is the one recorded. */
  readonly nonce: string;
}

export function writeRecord(file: string, record: EmulatorRecord): void {
  writeWhole(file, `${JSON.stringify(record, undefined, 2)}\n`, 0o600);
}

/** Reads a record; `undefined` when there is none, or what is there is not one. */
export function readRecord(file: string): EmulatorRecord | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
  return isRecord(content) ? content : undefined;
}

/** Removes the record, but only while it still names this emulator: another may have been started since. */
export function removeRecord(file: string, nonce: string): void {
  if (readRecord(file)?.nonce === nonce) {
    rmSync(file, { force: true });
  }
}

function isRecord(value: unknown): value is EmulatorRecord {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const record = value as Record<string, unknown>;
  const numbers = [record.pid, record.port];
  const strings = [record.startedAt, record.region, record.logFile, record.nonce];
  return (
    numbers.every((v) => Number.isInteger(v) && (v as number) > 0) &&
    strings.every((v) => typeof v === "string")
  );
}
