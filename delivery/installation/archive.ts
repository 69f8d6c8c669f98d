import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { DeliveryError } from "../errors";
import { run } from "../run";

/** Seconds of packing for megabytes that a bucket of the same region hands over in less: see decision 24. */
const level = 1;

/**
 * Packs entries of a folder, with `tar`, which every image has.
 * @param follow whether symbolic links are packed as what they lead to. Default: as links.
 * @throws DeliveryError with what tar said.
 */
export async function pack(
  folder: string,
  entries: readonly string[],
  file: string,
  { follow = false }: { readonly follow?: boolean } = {},
): Promise<void> {
  const args = [follow ? "-chf" : "-cf", "-", "-C", folder, "--", ...entries];
  const tar = spawn("tar", args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  tar.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  // Before it can end.
  const ended = once(tar, "close");
  await pipeline(tar.stdout, createGzip({ level }), createWriteStream(file));
  const [code] = (await ended) as [number | null];
  if (code === 0) return;
  throw new DeliveryError(`packing ${entries.join(", ")} failed: tar ended with ${code}`, [
    said.trim(),
  ]);
}

/** Unpacks into a folder, which is made. @throws DeliveryError with tar's last lines. */
export async function unpack(file: string, folder: string, timeoutMs: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Owners are those of the host that packed it.
  const args = ["-xzf", file, "-C", folder, "--no-same-owner"];
  await run("unpacking an installation", "tar", args, { timeoutMs });
}
