import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ServiceAddress, WantedAddress } from "../addresses";
import type { ImageTools } from "../runner/images";

/** What the process that keeps services is given, as JSON on its standard input. */
export interface KeepOrder {
  /** Proves to it that a command is about this very process. */
  readonly nonce: string;
  readonly recordFile: string;
  readonly emulatorRecordFile: string;
  readonly tools: ImageTools;
  /** Where logs of containers stay. */
  readonly folder: string;
  readonly wanted: readonly WantedAddress[];
  /** Whose ports it shall have. */
  readonly before: readonly ServiceAddress[];
}

/** What later commands find it by. */
export interface KeptRecord {
  readonly pid: number;
  /** Where it is told to end. */
  readonly control: string;
  readonly nonce: string;
  readonly addresses: readonly ServiceAddress[];
}

/** Undefined when there is none. */
export function readKept(file: string): KeptRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as KeptRecord;
  } catch {
    return undefined;
  }
}

/** No reader ever sees half of it. */
export function writeKept(file: string, record: KeptRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

export function removeKept(file: string, nonce: string): void {
  if (readKept(file)?.nonce === nonce) rmSync(file, { force: true });
}
