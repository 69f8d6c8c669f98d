/**
 * What the program itself costs: CPU time and memory of the `node` process that Pulumi starts for one stack, for 1, 11
 * and 21 services, beside a program of as many resources that does nothing else. The runs take turns, so that a machine
 * that slows down slows all of them; medians are shown.
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

async function main(): Promise<void> {
  const engine = new InstantEngine();
  const address = await engine.start();
  const runs = new Map<number, Usage[]>(serviceCounts.map((count) => [count, []]));
  const bare = new Map<number, Usage[]>(serviceCounts.map((count) => [count, []]));
  const baseline: Usage[] = [];
  const resources = new Map<number, number>();
  await evaluate(address, 1); // warms the file system's cache
  for (let round = 0; round < rounds; round += 1) {
    baseline.push(await measure(["-r", "ts-node/register", "-e", "require('@pulumi/aws')"]));
    for (const count of serviceCounts) {
      engine.takeRegistered();
      runs.get(count)?.push(await evaluate(address, count));
      resources.set(count, engine.takeRegistered());
      bare.get(count)?.push(await evaluate(address, count, "bench/bare.ts"));
    }
  }
  engine.stop();

  const cpu = (of: readonly Usage[]) => median(of.map((usage) => usage.cpu));
  const of = (count: number) => runs.get(count) ?? [];
  const ofBare = (count: number) => bare.get(count) ?? [];
  const base = cpu(baseline);
  const row = (name: string, usages: readonly Usage[], registered: number | undefined) => [
    name,
    registered === undefined ? "" : String(registered),
    cpu(usages).toFixed(0),
    (cpu(usages) / base).toFixed(2),
    median(usages.map((usage) => usage.peakMiB)).toFixed(0),
  ];
  const header = [`median of ${rounds} runs`, "resources#", "CPU ms#", "ratio#", "peak MiB#"];
  const rows = serviceCounts.flatMap((count) => {
    const services = `${count} service${count > 1 ? "s" : ""}`;
    return [
      row(services, of(count), resources.get(count)),
      row(`  as many bare resources`, ofBare(count), 1 + 20 * count),
    ];
  });
  const last = serviceCounts[serviceCounts.length - 1];
  const growth = (cpu(of(last)) - cpu(of(1))) / (last - 1);
  const bareGrowth = (cpu(ofBare(last)) - cpu(ofBare(1))) / (last - 1);
  console.log(
    table(header, [row("ts-node and @pulumi/aws alone", baseline, undefined), ...rows], {
      rule: true,
    }),
  );
  console.log(`
one service:          ${cpu(of(1)).toFixed(0)} ms of CPU, ${verdict(cpu(of(1)), limits.oneService)}
each further service: ${growth.toFixed(1)} ms of CPU, ${verdict(growth, limits.furtherService)};
                      ${(growth / bareGrowth).toFixed(2)} of what as many bare resources take`);
}

/** Runs the program as the Node language host does. */
function evaluate(address: string, services: number, program = "."): Promise<Usage> {
  const names = Array.from({ length: services }, (_, i) => (i === 0 ? "web" : `api-${i}`));
  const config = Object.fromEntries(
    names.map((name) => [name, name === "web" ? {} : { route: { paths: [`/${name}/*`] } }]),
  );
  const args = ["--monitor", address, "--engine", address, "--project", "gantry"];
  return measure(
    [
      resolve(root, "node_modules/@pulumi/pulumi/cmd/run/index.js"),
      ...args,
      ...["--stack", "staging", "--pwd", root, "--parallel", "16", program],
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
