import assert from "node:assert/strict";
import fc from "fast-check";
import {
  completeSize,
  describeMemoryChoices,
  fargateSizes,
  isFargateSize,
  memoryChoices,
  nearestCpu,
  nearestMemory,
} from "../../../components/service/fargateSizes";

const gib = (...numbers: number[]) => numbers.map((number) => number * 1024);

describe("Fargate's sizes", () => {
  // As AWS documents them: "Task size", task definition parameters for Fargate, Linux.
  const documented: [cpu: number, count: number, ends: number[], text: string][] = [
    [256, 3, [512, 2048], "512, 1024 or 2048"],
    [512, 4, gib(1, 4), "1024, 2048, 3072 or 4096"],
    [1024, 7, gib(2, 8), "2048 to 8192 in steps of 1024"],
    [2048, 13, gib(4, 16), "4096 to 16384 in steps of 1024"],
    [4096, 23, gib(8, 30), "8192 to 30720 in steps of 1024"],
    [8192, 12, gib(16, 60), "16384 to 61440 in steps of 4096"],
    [16384, 12, gib(32, 120), "32768 to 122880 in steps of 8192"],
  ];
  for (const [cpu, count, ends, text] of documented) {
    it(`give ${cpu} units ${text} MiB`, () => {
      const choices = memoryChoices(cpu);
      assert.equal(choices.length, count);
      assert.deepEqual([choices[0], choices[choices.length - 1]], ends);
      assert.equal(describeMemoryChoices(cpu), text);
    });
  }

  it("have no others", () => {
    assert.equal(fargateSizes.length, documented.length);
    for (const [cpu, memory] of [
      [256, 768],
      [256, 4096],
      [512, 512],
      [1024, 2560],
      [8192, 17408],
      [768, 2048],
      [0, 0],
    ]) {
      assert.equal(isFargateSize(cpu, memory), false, `${cpu} and ${memory}`);
    }
    assert.deepEqual(memoryChoices(768), []);
    assert.equal(describeMemoryChoices(768), "none");
  });

  it("name the nearest memory, of two the larger", () => {
    assert.equal(nearestMemory(256, 768), 1024);
    assert.equal(nearestMemory(256, 600), 512);
    assert.equal(nearestMemory(8192, 1_000_000), 61440);
    assert.equal(nearestMemory(300, 512), undefined);
  });

  it("name the nearest CPU, and take a small number for whole vCPUs", () => {
    assert.equal(nearestCpu(1000), 1024);
    assert.equal(nearestCpu(100_000), 16384);
    assert.equal(nearestCpu(0.25), 256);
    assert.equal(nearestCpu(2), 2048);
    assert.equal(nearestCpu(-5), 256);
  });
});

describe("completeSize", () => {
  const staging = { cpu: 256, memoryMiB: 512 };
  const production = { cpu: 512, memoryMiB: 1024 };

  it("takes the defaults where nothing is given", () => {
    assert.deepEqual(completeSize({}, staging), staging);
  });

  it("takes the least memory that goes with the CPU and is no less than the default", () => {
    assert.deepEqual(completeSize({ cpu: 1024 }, staging), { cpu: 1024, memoryMiB: 2048 });
    assert.deepEqual(completeSize({ cpu: 256 }, production), { cpu: 256, memoryMiB: 1024 });
  });

  it("takes the default CPU where it goes with the memory, else the next larger, else the next smaller", () => {
    assert.deepEqual(completeSize({ memoryMiB: 2048 }, production), { cpu: 512, memoryMiB: 2048 });
    assert.deepEqual(completeSize({ memoryMiB: 8192 }, production), { cpu: 1024, memoryMiB: 8192 });
    assert.deepEqual(completeSize({ memoryMiB: 512 }, production), { cpu: 256, memoryMiB: 512 });
  });

  it("never changes what is given, and makes a pair where one can be made", () => {
    const anyCpu = fc.constantFrom(...fargateSizes.map(({ cpu }) => cpu));
    const anySize = anyCpu.chain((cpu) =>
      fc.constantFrom(...memoryChoices(cpu)).map((memoryMiB) => ({ cpu, memoryMiB })),
    );
    fc.assert(
      fc.property(anySize, anySize, fc.boolean(), (given, defaults, onlyCpu) => {
        const part = onlyCpu ? { cpu: given.cpu } : { memoryMiB: given.memoryMiB };
        const completed = completeSize(part, defaults);
        assert.deepEqual({ ...completed, ...part }, completed);
        assert.ok(isFargateSize(completed.cpu, completed.memoryMiB));
      }),
    );
  });

  it("leaves a half that goes with nothing as it is, for the check of the pair", () => {
    assert.deepEqual(completeSize({ memoryMiB: 513 }, staging), { cpu: 256, memoryMiB: 513 });
    assert.deepEqual(completeSize({ cpu: 300 }, staging), { cpu: 300, memoryMiB: 512 });
  });
});
