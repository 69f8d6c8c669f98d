import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Of Linux's capabilities, the one that sandboxes withhold from their root, and its number. */
const withheld = { name: "CAP_SYS_RESOURCE", bit: 24n };

/** Takes it out of what is asked for a container or a command in one, then does as runc does. */
const script = `
const { readFileSync, writeFileSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
const args = process.argv.slice(2);
const after = (option) => args[args.indexOf(option) + 1 || args.length];
const bundle = after("--bundle");
for (const file of [bundle && bundle + "/config.json", after("--process")].filter(Boolean)) {
  const config = JSON.parse(readFileSync(file, "utf8"));
  const { capabilities = {} } = config.process ?? config;
  for (const set of Object.keys(capabilities)) {
    capabilities[set] = capabilities[set]?.filter((name) => name !== "${withheld.name}");
  }
  writeFileSync(file, JSON.stringify(config));
}
process.exit(spawnSync("runc", args, { stdio: "inherit" }).status ?? 1);
`;

/**
 * A runtime for privileged containers in a sandbox: runc fails where it is to give more than there is.
 * @returns its path; undefined where nothing is withheld.
 */
export function sandboxRuntime(folder: string): string | undefined {
  const status = readFileSync("/proc/self/status", "utf8");
  const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)/m.exec(status)?.[1] ?? "0"}`);
  if ((bounding >> withheld.bit) & 1n) return undefined;
  const [program, runtime] = [join(folder, "runc.cjs"), join(folder, "runc")];
  writeFileSync(program, script);
  writeFileSync(runtime, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
    mode: 0o755,
  });
  return runtime;
}
