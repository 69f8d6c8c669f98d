import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryRun } from "../../../delivery/run";
import { certificates } from "./files";

/** Of Debian's, on top of the smallest system. */
export const pythonPackages = ["python3", "python3-pip", "python3-venv"];

/** What Debian's Python lacks of the official images: its name, and a pip that installs beside the system's packages. */
export async function pythonFiles(rootfs: string): Promise<void> {
  const bin = join(rootfs, "usr/local/bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync("/usr/bin/python3", join(bin, "python"));
  mkdirSync(join(rootfs, "etc"), { recursive: true });
  writeFileSync(join(rootfs, "etc/pip.conf"), await pipSettings());
}

/** Settings that say where packages come from and how they are reached, as `pip config list` prints them. */
const kept =
  /^(?:global|install|:env:)\.(index-url|extra-index-url|no-index|trusted-host|proxy|timeout)='(.*)'$/gm;

/** Those of this machine's pip, without anything that lets somebody in: names and passwords in addresses. */
async function pipSettings(): Promise<string> {
  const { code, stdout } = await tryRun("python3", ["-m", "pip", "config", "list"]);
  const found = code === 0 ? [...stdout.matchAll(kept)] : [];
  const settings: Record<string, string> = { "break-system-packages": "true" };
  if (certificates()) settings.cert = "/etc/ssl/certs/ca-certificates.crt";
  for (const [, name, value] of found) {
    if (!/\/\/[^/]*@/.test(value)) settings[name] = value.replaceAll("\\n", "\n  ");
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return ["[global]", ...lines, ""].join("\n");
}
