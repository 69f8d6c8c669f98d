import { arm64Types } from "./instanceTypes/arm64";
import { x86Types } from "./instanceTypes/x86";

/** What decides which tasks an instance takes. */
export interface InstanceType {
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Network interfaces: the host has one, each task another. */
  readonly interfaces: number;
}

/**
 * The sizes of a family; undefined of one that is not known. Source: EC2's answer to DescribeInstanceTypes as moto 5.2.1 has
 * it (2026). Macs are left out: no container of ours runs there.
 */
export function sizesOf(family: string): ReadonlyMap<string, InstanceType> | undefined {
  return families().get(family);
}

export function knownFamilies(): string[] {
  return [...families().keys()];
}

let read: Map<string, Map<string, InstanceType>> | undefined;

/** Read where it is asked for first: few stacks have instances. */
function families(): Map<string, Map<string, InstanceType>> {
  read ??= new Map([...readTable(arm64Types), ...readTable(x86Types)]);
  return read;
}

/**
 * A line of names of families is followed by their sizes: `<size>:<vCPUs>:<MiB of memory>:<network interfaces>` with blanks
 * between, on indented lines.
 */
function readTable(table: string): [string, Map<string, InstanceType>][] {
  return table
    .trim()
    .split(/\n(?! )/)
    .flatMap((block) => {
      const [names, ...lines] = block.split("\n");
      const sizes = new Map(lines.join(" ").trim().split(/\s+/).map(readSize));
      return names.split(" ").map((name): [string, typeof sizes] => [name, sizes]);
    });
}

function readSize(text: string): [string, InstanceType] {
  const [size, ...numbers] = text.split(":");
  const [vcpus, memoryMiB, interfaces] = numbers.map(Number);
  return [size, { vcpus, memoryMiB, interfaces }];
}
