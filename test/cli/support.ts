import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { main } from "../../cli/main";

/** What a command answered. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, with these GANTRY_ variables and no others. @param command default: `gantry`. */
export async function gantry(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  command?: Command,
): Promise<Answer> {
  const { env, stdout, stderr } = process;
  const written = { stdout: "", stderr: "" };
  const write = { stdout: stdout.write.bind(stdout), stderr: stderr.write.bind(stderr) };
  const taken = (stream: "stdout" | "stderr") => (chunk: string | Uint8Array) => {
    written[stream] += String(chunk);
    return true;
  };
  const kept = Object.entries(env).filter(([name]) => !/^(GANTRY|CODEBUILD)_/.test(name));
  process.env = { ...Object.fromEntries(kept), ...variables };
  stdout.write = taken("stdout");
  stderr.write = taken("stderr");
  try {
    return { code: await main(args, command), ...written };
  } finally {
    process.env = env;
    Object.assign(stdout, { write: write.stdout });
    Object.assign(stderr, { write: write.stderr });
  }
}

/** A program of its own, in a folder that `remove` takes away. */
export interface Project {
  readonly folder: string;
  lay(path: string, content: string): string;
  remove(): void;
}

export function aProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), "gantry-cli-"));
  const lay = (path: string, content: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  lay("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
  return { folder, lay, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The config of a stack, as a person writes it. */
export function stackFile(services: object): string {
  const text = JSON.stringify(services);
  return `config:\n  aws:region: eu-west-1\n  gantry:services: ${text}\n`;
}
