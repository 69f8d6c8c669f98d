/**
 * What an action of a pipeline does before Gantry's own first line: as it was, an installation of the program's packages and
 * the command by ts-node; and as it is, the command as one file, whose hash is checked. Both take turns on this machine, with
 * npm's cache warm, so the installation is shown at its best; S3's and Docker's part is in neither. Medians are shown.
 *
 * And how long it takes until a program's packages are there, which an action that runs Pulumi waits for beside its first
 * questions: by `npm ci`, and unpacked from what the release has kept. Pulumi's CLI and plugins are in neither.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pack, unpack } from "../delivery/installation/archive";
import { modulesFolders } from "../delivery/installation/packages";
import { table } from "../delivery/text";
import { commandBundle } from "../stacks/commandBundle";

const rounds = Number(process.argv[2] ?? 3);
const root = resolve(__dirname, "..");
const hash = 'crypto.createHash("sha256").update(fs.readFileSync(process.argv[1])).digest("hex")';

async function main(): Promise<void> {
  const bundle = commandBundle();
  const before: number[] = [];
  const after: number[] = [];
  // Warms npm's cache and the file system's.
  await installed();
  await bundled(bundle);
  for (let round = 0; round < rounds; round += 1) {
    before.push(await installed());
    after.push(await bundled(bundle));
  }
  const row = (name: string, seconds: readonly number[]) => [
    name,
    median(seconds).toFixed(2),
    (median(seconds) / median(before)).toFixed(3),
  ];
  const header = [`median of ${rounds} runs`, "seconds to the first line#", "ratio#"];
  const rows = [row("npm ci, ts-node", before), row("one file", after)];
  console.log(table(header, rows, { rule: true }));
  await packages();
}

async function packages(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gantry-bench-"));
  try {
    layManifests(folder);
    const seconds: number[][] = [[], []];
    const timed = async (column: number, work: () => unknown) => {
      const begin = performance.now();
      await work();
      seconds[column].push((performance.now() - begin) / 1000);
    };
    const archive = join(folder, "packages.tar.gz");
    for (let round = 0; round < rounds; round += 1) {
      await timed(0, () => npmCi(folder));
      await pack(folder, await modulesFolders(folder), archive);
      const unpacked = join(folder, "unpacked");
      await timed(1, async () => {
        createHash("sha256").update(readFileSync(archive)).digest();
        await unpack(archive, unpacked, 600_000);
      });
      rmSync(unpacked, { recursive: true });
    }
    const [byNpm, kept] = seconds.map(median);
    const megabytes = Math.ceil(statSync(archive).size / 1_000_000);
    const header = [`median of ${rounds} runs`, "seconds to the packages#", "ratio#"];
    const rows = [
      ["npm ci", byNpm.toFixed(2), "1.000"],
      [`kept, ${megabytes} MB`, kept.toFixed(2), (kept / byNpm).toFixed(3)],
    ];
    console.log(`\n${table(header, rows, { rule: true })}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What npm reads of this repository, in an empty folder. */
function layManifests(folder: string): void {
  mkdirSync(join(folder, "rehearsal"));
  for (const file of ["package.json", "package-lock.json", "rehearsal/package.json"]) {
    copyFileSync(join(root, file), join(folder, file));
  }
}

function npmCi(folder: string): void {
  must("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline"], folder);
}

async function installed(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "gantry-bench-"));
  try {
    layManifests(folder);
    const begin = performance.now();
    npmCi(folder);
    await firstLine(join(root, "cli/gantry.js"));
    return (performance.now() - begin) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundled(bundle: string): Promise<number> {
  const begin = performance.now();
  must(process.execPath, ["-p", hash, bundle], root);
  await firstLine(bundle);
  return (performance.now() - begin) / 1000;
}

function must(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}: ${stderr}`);
}

/** Runs the command until it says its first line, and ends it. */
function firstLine(script: string): Promise<void> {
  const child = spawn(process.execPath, [script, "settle", "--stack", "staging"], {
    cwd: root,
    env: { ...process.env, CODEBUILD_BUILD_ID: "bench:1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  return new Promise((done, fail) => {
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (!/^gantry \S+: settle of staging$/m.test(text)) return;
      child.kill();
      done();
    });
    child.on("error", fail);
    child.on("close", () => fail(new Error(`it ended without its first line: ${text}`)));
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

void main();
