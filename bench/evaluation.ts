/**
 * What the program itself costs: CPU time and memory of the `node` process that Pulumi starts for one stack, for 1, 11
 * and 21 services: compiled, as a team has it, from this repository's sources, and beside them a program of as many
 * resources that does nothing else. The runs take turns, so that a machine that slows down slows all of them; medians are
 * shown.
 */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { table } from "../delivery/text";
import { InstantEngine } from "./engine";

const rounds = Number(process.argv[2] ?? 5);
const serviceCounts = [1, 11, 21];
const limits = { oneService: 1000, furtherService: 30 };
const root = resolve(__dirname, "..");

interface Usage {
  /** User and system, in milliseconds. */
  readonly cpu: number;
  readonly peakMiB: number;
}

/** What one evaluation took. */
interface Run extends Usage {
  readonly program: Program;
  readonly services: number;
  /** Resources. */
  readonly registered: number;
}

const programs = {
  packaged: "bench/packaged.ts",
  sources: "index.ts",
  bare: "bench/bare.ts",
} as const;
type Program = keyof typeof programs;

async function main(): Promise<void> {
  const engine = new InstantEngine();
  const address = await engine.start();
  const runs: Run[] = [];
  const baseline: Usage[] = [];
  await evaluate(address, 1, "packaged"); // warms the file system's cache
  for (let round = 0; round < rounds; round += 1) {
    baseline.push(await measure(["-r", "ts-node/register", "-e", "require('@pulumi/aws')"]));
    for (const count of serviceCounts) {
      for (const program of Object.keys(programs) as Program[]) {
        engine.takeRegistered();
        const usage = await evaluate(address, count, program);
        const registered = engine.takeRegistered();
        if (registered < count) throw new Error(`${programs[program]} registered ${registered}`);
        runs.push({ ...usage, program, services: count, registered });
      }
    }
  }
  engine.stop();

  const of = (count: number, program: Program) =>
    runs.filter((run) => run.services === count && run.program === program);
  const cpu = (usages: readonly Usage[]) => median(usages.map((usage) => usage.cpu));
  const base = cpu(baseline);
  const row = (name: string, usages: readonly (Usage & Partial<Run>)[]) => [
    name,
    String(usages[0]?.registered ?? ""),
    cpu(usages).toFixed(0),
    (cpu(usages) / base).toFixed(2),
    median(usages.map((usage) => usage.peakMiB)).toFixed(0),
  ];
  const header = [`median of ${rounds} runs`, "resources#", "CPU ms#", "ratio#", "peak MiB#"];
  const rows = serviceCounts.flatMap((count) => {
    const services = `${count} service${count > 1 ? "s" : ""}`;
    return [
      row(services, of(count, "packaged")),
      row("  from sources, by ts-node", of(count, "sources")),
      row("  as many bare resources", of(count, "bare")),
    ];
  });
  const last = serviceCounts[serviceCounts.length - 1];
  const growthOf = (program: Program) =>
    (cpu(of(last, program)) - cpu(of(1, program))) / (last - 1);
  const [one, growth] = [cpu(of(1, "packaged")), growthOf("packaged")];
  console.log(
    table(header, [row("ts-node and @pulumi/aws alone", baseline), ...rows], {
      rule: true,
    }),
  );
  console.log(`
one service:          ${one.toFixed(0)} ms of CPU, ${verdict(one, limits.oneService)};
                      ${(one / cpu(of(1, "sources"))).toFixed(2)} of what it takes from sources
each further service: ${growth.toFixed(1)} ms of CPU, ${verdict(growth, limits.furtherService)};
                      ${(growth / growthOf("bare")).toFixed(2)} of what as many bare resources take`);
}

/** Runs the program as the Node language host does. */
function evaluate(address: string, services: number, program: Program): Promise<Usage> {
  const names = Array.from({ length: services }, (_, i) => (i === 0 ? "web" : `api-${i}`));
  const config = Object.fromEntries(
    names.map((name) => [name, name === "web" ? {} : { route: { paths: [`/${name}/*`] } }]),
  );
  const args = ["--monitor", address, "--engine", address, "--project", "gantry"];
  return measure(
    [
      resolve(root, "node_modules/@pulumi/pulumi/cmd/run/index.js"),
      ...args,
      ...["--stack", "staging", "--pwd", root, "--parallel", "16", programs[program]],
    ],
    {
      PULUMI_CONFIG: JSON.stringify({
        "aws:region": "eu-west-1",
        "gantry:services": JSON.stringify(config),
      }),
      PULUMI_NODEJS_TYPESCRIPT: "true",
      GANTRY_BENCH_SERVICES: String(services),
    },
  );
}

function measure(args: readonly string[], env: Record<string, string> = {}): Promise<Usage> {
  const child = spawn(process.execPath, ["-r", resolve(__dirname, "usage.cjs"), ...args], {
    cwd: root,
    env: { ...process.env, ...env, GANTRY_BENCH_FD: "3" },
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  let text = "";
  child.stdio[3]?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0
        ? done(JSON.parse(text) as Usage)
        : fail(new Error(`exit code ${code} of ${args[0]}`)),
    );
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function verdict(value: number, limit: number): string {
  return `${value < limit ? "under" : "OVER"} the ${limit} that it may take`;
}

void main();
