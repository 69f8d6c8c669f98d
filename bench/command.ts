/**
 * What a person waits for at the `gantry` command: CPU time of its help, of what a shell asks when a key is pressed, and of a command
 * that looks, up to its first question to AWS, which nobody answers here. As compiled, in a package's form; medians are shown.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { table } from "../delivery/text";

const rounds = Number(process.argv[2] ?? 5);
const root = resolve(__dirname, "..");
const script = 'require("./dist/cli/run").run()';

const calls: readonly (readonly [args: readonly string[], mostSeconds: number])[] = [
  [["--help"], 0.25],
  [["status", "--help"], 0.25],
  [["complete", "--", "status", ""], 0.25],
  [["history", "staging"], 1],
  [["status", "staging"], 1],
];

function secondsOf(args: readonly string[]): number {
  const { output, stderr } = spawnSync(
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
        AWS_MAX_ATTEMPTS: "1",
      },
    },
  );
  const usage = output[3];
  // What looks says that nobody answers, and anything else was not measured.
  if (!usage || (stderr !== "" && !/ECONNREFUSED/.test(stderr)))
    throw new Error(`gantry ${args.join(" ")} was not measured: ${stderr}`);
  return (JSON.parse(usage) as { readonly cpu: number }).cpu / 1000;
}

const rows = calls.map(([args, most]) => {
  const seconds = Array.from({ length: rounds }, () => secondsOf(args)).sort((a, b) => a - b);
  return [`gantry ${args.join(" ")}`, seconds[Math.floor(rounds / 2)].toFixed(2), most.toFixed(2)];
});
console.log(
  table([`median of ${rounds} runs`, "seconds of CPU#", "at most#"], rows, { rule: true }),
);
