import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

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

/** Writes the record so that no reader ever sees half of it. */
export function writeRecord(file: string, record: EmulatorRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
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
