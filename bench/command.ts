/**
 * What a person waits for at the `gantry` command: CPU time of its help, of what a shell asks when a key is pressed, and of each command
 * that looks, up to its first question to AWS or its start of Pulumi, which nobody answers here. As compiled, in a package's form;
 * medians are shown, and one above its limit is a failure.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { helpGroups, makeProgram } from "../cli/main";
import { table } from "../delivery/text";

const rounds = Number(process.argv[2] ?? 5);
const root = resolve(__dirname, "..");
const script = 'require("./dist/cli/run").run()';

const calls: readonly (readonly [args: readonly string[], mostSeconds: number])[] = [
  [["--help"], 0.25],
  [["status", "--help"], 0.25],
  [["complete", "--", "status", ""], 0.25],
  ...looking().map((args) => [args, 1] as const),
];

/** As a person calls them, of an environment. */
function looking(): string[][] {
  const of: Readonly<Record<string, readonly string[]>> = {
    diff: ["staging", "production"],
    mcp: ["--stack", "staging"],
  };
  return makeProgram()
    .commands.filter((one) => one.helpGroup() === helpGroups.look)
    .map((one) => [one.name(), ...(of[one.name()] ?? ["staging"])]);
}

function secondsOf(args: readonly string[]): number {
  const { output, stderr, status } = spawnSync(
    process.execPath,
    ["--require", join(__dirname, "usage.cjs"), "-e", script, "--", "gantry", ...args],
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...{ GANTRY_BENCH_FD: "3", AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
        ...{ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" },
        ...{ AWS_MAX_ATTEMPTS: "1", PATH: "" },
      },
    },
  );
  const usage = output[3];
  // What looks says that nobody answers. What it did not understand, or has no module for, was not measured.
  if (!usage || status === 2 || /defect|Cannot find module/.test(stderr))
    throw new Error(`gantry ${args.join(" ")} was not measured: ${stderr}`);
  return (JSON.parse(usage) as { readonly cpu: number }).cpu / 1000;
}

const measured = calls.map(([args, most]) => {
  const all = Array.from({ length: rounds }, () => secondsOf(args)).sort((a, b) => a - b);
  return { name: `gantry ${args.join(" ")}`, seconds: all[Math.floor(rounds / 2)], most };
});
const rows = measured.map(({ name, seconds, most }) => [name, seconds.toFixed(2), most.toFixed(2)]);
console.log(
  table([`median of ${rounds} runs`, "seconds of CPU#", "at most#"], rows, { rule: true }),
);
const over = measured.filter(({ seconds, most }) => seconds > most);
if (over.length > 0) {
  console.error(`above the limit: ${over.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}
