/** A size that Fargate offers: CPU in units (1024 are one vCPU), and its range of memory. */
export interface FargateSize {
  readonly cpu: number;
  readonly minimumMiB: number;
  readonly maximumMiB: number;
  /** Memory between the ends comes in steps of this; 0 where it doubles instead (256 units). */
  readonly stepMiB: number;
}

/**
 * Every pair that Fargate takes on Linux. Source: "Task size", Amazon ECS task definition
 * parameters for Fargate.
 */
export const fargateSizes: readonly FargateSize[] = [
  { cpu: 256, minimumMiB: 512, maximumMiB: 2048, stepMiB: 0 },
  { cpu: 512, minimumMiB: 1024, maximumMiB: 4096, stepMiB: 1024 },
  { cpu: 1024, minimumMiB: 2048, maximumMiB: 8192, stepMiB: 1024 },
  { cpu: 2048, minimumMiB: 4096, maximumMiB: 16384, stepMiB: 1024 },
  { cpu: 4096, minimumMiB: 8192, maximumMiB: 30720, stepMiB: 1024 },
  { cpu: 8192, minimumMiB: 16384, maximumMiB: 61440, stepMiB: 4096 },
  { cpu: 16384, minimumMiB: 32768, maximumMiB: 122880, stepMiB: 8192 },
];

/** Every memory, in MiB and ascending, that goes with `cpu`; none where Fargate lacks that CPU. */
export function memoryChoices(cpu: number): number[] {
  const size = fargateSizes.find((candidate) => candidate.cpu === cpu);
  if (size === undefined) return [];
  const choices: number[] = [];
  for (
    let memory = size.minimumMiB;
    memory <= size.maximumMiB;
    memory += size.stepMiB === 0 ? memory : size.stepMiB
  ) {
    choices.push(memory);
  }
  return choices;
}

export function isFargateSize(cpu: number, memoryMiB: number): boolean {
  return memoryChoices(cpu).includes(memoryMiB);
}

/** "512, 1024 or 2048", or "8192 to 30720 in steps of 1024". */
export function describeMemoryChoices(cpu: number): string {
  const choices = memoryChoices(cpu);
  const last = choices[choices.length - 1];
  if (choices.length === 0) return "none";
  if (choices.length <= 4) return `${choices.slice(0, -1).join(", ")} or ${last}`;
  return `${choices[0]} to ${last} in steps of ${choices[1] - choices[0]}`;
}

/** The allowed memory that is nearest to `memoryMiB`; of two, the larger, which never starves. */
export function nearestMemory(cpu: number, memoryMiB: number): number | undefined {
  return nearestOf(memoryChoices(cpu), memoryMiB);
}

/**
 * The CPU that Fargate offers nearest to what was given. A figure up to 16 can only mean whole
 * virtual CPUs, as other tools count them, so 0.5 gives 512 units.
 */
export function nearestCpu(cpu: number): number {
  const units = cpu > 0 && cpu <= 16 ? cpu * 1024 : cpu;
  const choices = fargateSizes.map((size) => size.cpu);
  return nearestOf(choices, units) ?? choices[0];
}

/**
 * The size of a task of which only a part was given. A given half is never changed:
 * - only CPU: the smallest memory that goes with it and is no smaller than the default;
 * - only memory: the default CPU where it goes with it, else the next larger one that does, else
 *   the next smaller one;
 * - a half that goes with nothing keeps the default beside it, for the check of the pair to report.
 */
export function completeSize(
  given: { readonly cpu?: number; readonly memoryMiB?: number },
  defaults: { readonly cpu: number; readonly memoryMiB: number },
): { cpu: number; memoryMiB: number } {
  const cpu = given.cpu ?? (given.memoryMiB === undefined ? defaults.cpu : undefined);
  if (cpu === undefined) {
    const memoryMiB = given.memoryMiB ?? defaults.memoryMiB;
    return { cpu: cpuFor(memoryMiB, defaults.cpu), memoryMiB };
  }
  if (given.memoryMiB !== undefined) return { cpu, memoryMiB: given.memoryMiB };
  const choices = memoryChoices(cpu);
  const enough = choices.find((memory) => memory >= defaults.memoryMiB);
  return { cpu, memoryMiB: enough ?? choices[choices.length - 1] ?? defaults.memoryMiB };
}

function cpuFor(memoryMiB: number, defaultCpu: number): number {
  const fitting = fargateSizes
    .map((size) => size.cpu)
    .filter((cpu) => isFargateSize(cpu, memoryMiB));
  const larger = fitting.find((cpu) => cpu >= defaultCpu);
  return larger ?? fitting[fitting.length - 1] ?? defaultCpu;
}

function nearestOf(choices: readonly number[], wanted: number): number | undefined {
  let best: number | undefined;
  for (const choice of choices) {
    if (best === undefined || Math.abs(choice - wanted) <= Math.abs(best - wanted)) best = choice;
  }
  return best;
}
