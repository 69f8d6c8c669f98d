import assert from "node:assert/strict";
import { parseOptions, usage, type StartOptions } from "../../local/options";

describe("the options of npm start", () => {
  const none: StartOptions = {
    keep: false,
    destroy: false,
    environments: false,
    approve: false,
    help: false,
  };

  it("are none by default: both environments, two commits, asking for approval, tidying up", () =>
    assert.deepEqual({ ...parseOptions([]) }, none));

  const flags: [string, Partial<StartOptions>][] = [
    ["--keep", { keep: true }],
    ["--destroy", { destroy: true }],
    ["--environments", { environments: true }],
    ["--approve", { approve: true }],
    ["--help", { help: true }],
    ["-h", { help: true }],
  ];
  for (const [flag, wanted] of flags) {
    it(`${flag} sets its own, and no other`, () =>
      assert.deepEqual({ ...parseOptions([flag]) }, { ...none, ...wanted }));
  }

  it("can be combined", () => {
    const wanted = { ...none, keep: true, approve: true, environments: true };
    assert.deepEqual({ ...parseOptions(["--approve", "--keep", "--environments"]) }, wanted);
  });

  const refused: [string, string[], RegExp][] = [
    ["an option that there is not", ["--destory"], /Unknown option '--destory'/],
    ["a value", ["--keep=yes"], /'--keep' does not take an argument/],
    ["an argument", ["staging"], /Unexpected argument 'staging'/],
    ["--keep with --destroy", ["--keep", "--destroy"], /--keep and --destroy exclude each other/],
  ];
  for (const [what, args, wanted] of refused) {
    it(`fails when it is given ${what}`, () => assert.throws(() => parseOptions(args), wanted));
  }

  it("are all told by the usage, which fits a terminal", () => {
    for (const name of Object.keys(none)) assert.match(usage, new RegExp(`^ {2}--${name} `, "m"));
    for (const line of usage.split("\n")) assert.ok(line.length <= 120, line);
  });
});
