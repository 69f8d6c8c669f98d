import { readFileSync, rmSync } from "node:fs";
import type { ServiceAddress, WantedAddress } from "../addresses";
import type { ImageTools } from "../runner/images";
import { writeWhole } from "../wholeFile";

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

export function writeKept(file: string, record: KeptRecord): void {
  writeWhole(file, `${JSON.stringify(record, undefined, 2)}\n`, 0o600);
}

export function removeKept(file: string, nonce: string): void {
  if (readKept(file)?.nonce === nonce) rmSync(file, { force: true });
}
