import { createHash } from "node:crypto";
import { existsSync, utimesSync } from "node:fs";
import {
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { counted } from "../../contract/counted";
import { checkGo, goFailure } from "./go";
import { withLock } from "./lock";
import type { Part } from "./parts";
import { step, type Log } from "../progress";
import { run } from "./run";
import { requiredGo } from "./versions";

/** The folder of an engine made of these parts; it serves as PULUMI_HOME. */
export function engineFolder(cache: string, parts: readonly Part[]): string {
  const key = createHash("sha256").update(parts.map((part) => `${part.name}-${part.key}`).join());
  return join(cache, key.digest("hex").slice(0, 16));
}

/**
 * Hands back the folder of an engine made of these parts, building those which the cache lacks. An engine appears in the
 * cache by a rename, whole or not at all; of two processes that need it at once, the second waits for the first.
 */
export async function builtEngine(
  cache: string,
  parts: readonly Part[],
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const folder = engineFolder(cache, parts);
  if (existsSync(folder)) {
    touch(folder);
    return folder;
  }
  return withLock(join(cache, "lock"), log, async () => {
    if (existsSync(folder)) return folder; // the one before us built it
    await discardLeftovers(cache);
    const missing = parts.filter((part) => !existsSync(partFile(cache, part)));
    if (missing.length > 0) {
      const newest = (await Promise.all(missing.map((part) => goVersionOf(part)))).sort();
      await checkGo(newest[newest.length - 1] ?? "1.25", env);
      log(`engine: building ${missing.map((part) => part.title).join(", ")}; once on this machine`);
    }
    // One after another: Go keeps all cores busy by itself, and two linkers at once need twice the memory.
    for (const [index, part] of missing.entries()) {
      const count = `${index + 1} of ${missing.length}`;
      await buildPart(
        cache,
        part,
        `engine: building ${part.title} (${count}, about ${part.usually} the first time)`,
        log,
        env,
      );
    }
    await assemble(cache, folder, parts);
    return folder;
  });
}

async function goVersionOf(part: Part): Promise<string> {
  return requiredGo(await readFile(join(part.folder, "go.mod"), "utf8"));
}

function partFile(cache: string, part: Part): string {
  return join(cache, "parts", `${part.name}-${part.key}`);
}

async function buildPart(
  cache: string,
  part: Part,
  title: string,
  log: Log,
  own: NodeJS.ProcessEnv,
): Promise<void> {
  const work = await mkdtemp(join(cache, "tmp-"));
  const output = join(work, "executable");
  const source = join(work, "source");
  let [downloaded, compiled] = [0, 0];
  const count = (line: string) => {
    if (line.startsWith("go: downloading ")) downloaded++;
    else if (/^[\w.\-~/]+$/.test(line)) compiled++;
  };
  const state = () =>
    `${downloaded > 0 ? `${counted(downloaded, "module")} downloaded, ` : ""}${counted(compiled, "package")} compiled`;
  try {
    await mkdir(source);
    part.prepare(source);
    const args = ["build", "-v", "-mod=readonly", "-buildvcs=false", "-trimpath"];
    // No C compiler is needed, and the person's own flags do not make another executable under the same key.
    const env = { ...own, GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0" };
    const build = async () => {
      const { code, stderr } = await run(
        "go",
        [...args, "-ldflags", part.ldflags, "-o", output, part.goPackage],
        { cwd: source, env, onErrorLine: (line) => count(line) },
      );
      if (code === 0) return;
      const file = join(cache, `${part.name}.log`);
      await writeFile(file, stderr);
      throw goFailure(`Building ${part.title}`, stderr, file);
    };
    await step(log, title, build, { state });
    await mkdir(join(cache, "parts"), { recursive: true });
    await rename(output, partFile(cache, part));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function assemble(cache: string, folder: string, parts: readonly Part[]): Promise<void> {
  const work = await mkdtemp(join(cache, "tmp-"));
  for (const part of parts) {
    const target = join(work, part.path);
    await mkdir(dirname(target), { recursive: true });
    // The CLI looks for the language host beside its own file, so this must be a file of its own and no symbolic link.
    await link(partFile(cache, part), target).catch(() => copyFile(partFile(cache, part), target));
  }
  await rename(work, folder);
}

/** Engines that no project used for so long go when another is built. */
const unusedDays = 30;

/** What killed builders left, and what is no longer used; whoever holds the lock is the only builder. */
async function discardLeftovers(cache: string): Promise<void> {
  const parts = join(cache, "parts");
  const kept = existsSync(parts) ? (await readdir(parts)).map((name) => join("parts", name)) : [];
  for (const name of [...(await readdir(cache)), ...kept]) {
    if (name === "parts" || name.startsWith("lock")) continue;
    const found = await stat(join(cache, name));
    // A part is a link of the engines that have it, whose executables nobody touches while they run or are packed.
    const held = found.isFile() && found.nlink > 1;
    const unused = !held && Date.now() - found.mtimeMs > unusedDays * 86_400_000;
    if (unused || name.startsWith("tmp-")) {
      await rm(join(cache, name), { recursive: true, force: true });
    }
  }
}

/** Marks an engine as used. */
function touch(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // Another person's cache.
  }
}
