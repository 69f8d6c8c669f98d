import assert from "node:assert/strict";
import { stackLeftOut, stackWord, type Typed } from "../../cli/stackWord";

const stacks = ["production", "staging"];
const typed = (words: readonly string[], more: Partial<Typed> = {}) =>
  stackWord({
    ...{ words, before: words.length, folder: ".", stacks, needs: 0, takes: 0 },
    ...{ several: false, isGiven: false },
    ...more,
  });

const any = { takes: Infinity };
const one = { needs: 1, takes: 1 };

describe("the first word of a command", () => {
  const cases: readonly [string, readonly string[], Partial<Typed>, string[], string[]][] = [
    ["is a stack", ["production"], {}, ["production"], []],
    ["is a stack before the command's own", ["staging", "web"], any, ["staging"], ["web"]],
    [
      "is the command's own where no stack is called so",
      ["web", "staging"],
      any,
      [],
      ["web", "staging"],
    ],
    [
      "is a stack, and the next one is not",
      ["staging", "production"],
      one,
      ["staging"],
      ["production"],
    ],
    [
      "is one of several stacks",
      ["staging", "production"],
      { several: true },
      ["staging", "production"],
      [],
    ],
    ["is the command's own behind --", ["staging"], { ...any, before: 0 }, [], ["staging"]],
    ["is the command's own after --stack", ["staging"], { ...one, isGiven: true }, [], ["staging"]],
    [
      "is the stack of the variable once more",
      ["staging", "web"],
      { ...any, variable: "staging" },
      ["staging"],
      ["web"],
    ],
    [
      "is what the command needs, where the variable names the stack",
      ["production"],
      { ...one, variable: "staging" },
      [],
      ["production"],
    ],
    [
      "is the stack of the variable before what the command needs",
      ["staging", "production"],
      { ...one, variable: "staging" },
      ["staging"],
      ["production"],
    ],
  ];
  for (const [name, words, more, found, own] of cases) {
    it(name, () => assert.deepEqual(typed(words, more), { stacks: found, words: own }));
  }

  const faults: readonly [string, readonly string[], Partial<Typed>, RegExp][] = [
    [
      "is misspelt",
      ["prodution"],
      {},
      /^there is no stack prodution in \.: it has production, staging\. Is production meant\?/,
    ],
    ["is no stack, where it can be nothing else", ["web"], {}, /^there is no stack web in \./],
    ["is misspelt before the command's own", ["stagin", "report"], one, /Is staging meant\?/],
    [
      "is misspelt behind another stack",
      ["staging", "prod"],
      { several: true },
      /no stack prod .*Is production meant\?/,
    ],
    [
      "is a stack, and --stack was typed",
      ["staging"],
      { isGiven: true },
      /^the stack is given twice: as staging, and by --stack$/,
    ],
    [
      "is another stack than the variable's",
      ["production", "web"],
      { ...any, variable: "staging" },
      /^GANTRY_STACK is staging, and production was typed: .*--stack <stack>$/,
    ],
    [
      "is the command's own, and the stack stands behind it",
      ["report", "staging"],
      one,
      /^the stack comes first: staging report, or report --stack staging$/,
    ],
  ];
  for (const [name, words, more, fault] of faults) {
    it(`is refused where it ${name}`, () => assert.match(typed(words, more).fault ?? "", fault));
  }

  it("is left to the command where there are too many of its own", () => {
    assert.equal(typed(["report", "web"], one).fault, undefined);
    assert.equal(typed(["staging", "report", "web"], one).fault, undefined);
    assert.equal(typed(["web"], { isGiven: true }).fault, undefined);
  });
});

describe("a stack that was left out", () => {
  const choose = () => Promise.resolve("staging");
  const leftOut = { folder: "infra", stacks, words: [] };

  it("is the only one", async () =>
    assert.deepEqual(await stackLeftOut({ ...leftOut, stacks: ["production"], choose }), {
      stack: "production",
    }));

  it("is asked for where there are several", async () =>
    assert.deepEqual(await stackLeftOut({ ...leftOut, choose }), { stack: "staging" }));

  it("is not asked for where it was typed behind another word", async () =>
    assert.deepEqual(await stackLeftOut({ ...leftOut, words: ["web", "staging"], choose }), {
      fault: "the stack comes first: staging web, or web --stack staging",
    }));

  it("is missing where nobody can be asked, or a word is misspelt", async () => {
    const fault = "no stack is named, and infra has production, staging";
    assert.deepEqual(await stackLeftOut(leftOut), { fault });
    assert.deepEqual(await stackLeftOut({ ...leftOut, words: ["prodution", "web"], choose }), {
      fault: `${fault}. Is production meant by prodution?`,
    });
    // Behind `--` it was meant as it stands.
    assert.deepEqual(await stackLeftOut({ ...leftOut, words: ["staging"] }), { fault });
  });

  it("is missing where there is none", async () =>
    assert.match(
      JSON.stringify(await stackLeftOut({ ...leftOut, stacks: [] })),
      /infra has no stack yet/,
    ));
});
