import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] };
  };
  readonly defaults?: { readonly run: Readonly<Record<string, string>> };
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly concurrency: Readonly<Record<string, string | boolean>>;
  readonly jobs: { readonly preview: Job; readonly comment: Job };
}

export function parsed(text: string): Workflow {
  return parse(text) as Workflow;
}

/** What GitHub knows when it fills in expressions: `github.run_id` and the like, by their whole names. */
export type Contexts = Readonly<Record<string, string>>;

/** A value with its expressions filled in, which are names alone where they stand in commands' variables. */
export function filled(value: string, contexts: Contexts): string {
  return value.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    assert.ok(Object.hasOwn(contexts, expression), `nothing says what ${expression} is`);
    return contexts[expression];
  });
}

export interface StepRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a step's commands as GitHub's runner does with `shell: bash` ("Workflow syntax", GitHub Docs). */
export function runStep(
  { run = "", env = {} }: Step,
  contexts: Contexts,
  { cwd, env: more }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): StepRun {
  const script = join(contexts["runner.temp"], "step.sh");
  writeFileSync(script, run);
  const own = Object.entries(env).map(([name, value]) => [name, filled(value, contexts)] as const);
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", script],
    {
      ...{ cwd, encoding: "utf8" },
      env: {
        ...more,
        ...Object.fromEntries<string>(own),
        RUNNER_TEMP: contexts["runner.temp"],
        GITHUB_REPOSITORY: contexts["github.repository"],
        GITHUB_OUTPUT: join(contexts["runner.temp"], "output"),
      },
    },
  );
  return { code: status, stdout, stderr };
}

export interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  readonly body: string;
}

/**
 * In place of GitHub's `gh`, which the workflow asks for the comments of a pull request, and to write one: it keeps them in a
 * file, page by page, and takes the options that the workflow gives. Filters run in jq, as `gh` has them.
 */
export class GitHubComments {
  private readonly file: string;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, "comments.json");
    writeFileSync(join(folder, "gh"), `#!/usr/bin/env node\n${recorder}`);
    chmodSync(join(folder, "gh"), 0o755);
  }

  static get isPossible(): boolean {
    return spawnSync("jq", ["--version"]).status === 0;
  }

  get env(): NodeJS.ProcessEnv {
    return { PATH: `${this.folder}:${process.env.PATH}`, COMMENTS: this.file };
  }

  set all(comments: readonly Comment[]) {
    writeFileSync(this.file, JSON.stringify(comments));
  }

  get all(): readonly Comment[] {
    return existsSync(this.file)
      ? (JSON.parse(readFileSync(this.file, "utf8")) as readonly Comment[])
      : [];
  }
}

const recorder = `
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
if (!process.env.GH_TOKEN) throw new Error("gh: no token");
const { positionals: [api, path], values } = require("node:util").parseArgs({
  allowPositionals: true,
  options: {
    method: { type: "string", default: "GET" }, jq: { type: "string" }, field: { type: "string" },
    paginate: { type: "boolean" }, silent: { type: "boolean" },
  },
});
const file = process.env.COMMENTS;
const comments = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : [];
const [, number] = /^repos\\/acme\\/shop\\/issues\\/(\\d+)\\/comments$/.exec(path) ?? [];
const [, id] = /^repos\\/acme\\/shop\\/issues\\/comments\\/(\\d+)$/.exec(path) ?? [];
if (api !== "api" || (!number && !id)) throw new Error("gh: no " + path);
if (values.method === "GET") {
  const pageSize = 30;
  for (let page = 0; page === 0 || (values.paginate && page * pageSize < comments.length); page += 1) {
    const input = JSON.stringify(comments.slice(page * pageSize, (page + 1) * pageSize));
    const { status, stdout, stderr } = spawnSync("jq", ["-r", values.jq], { input, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    process.stdout.write(stdout);
  }
} else {
  const [, from] = /^body=@(.*)$/s.exec(values.field);
  const body = fs.readFileSync(from, "utf8");
  if (body.length > 65536) throw new Error("gh: Body is too long (maximum is 65536 characters)");
  if (values.method === "POST") comments.push({ id: comments.length + 1, user: { login: "github-actions[bot]" }, body });
  else if (values.method === "PATCH") comments.find((one) => one.id === Number(id)).body = body;
  else throw new Error("gh: no " + values.method);
  fs.writeFileSync(file, JSON.stringify(comments));
}
`;
