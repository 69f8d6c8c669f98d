import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { hiddenAnswer, type HiddenInput } from "../../cli/secretInput";
import { aProject, gantry, stackFile, type Project } from "./support";

describe("gantry secret", () => {
  let project: Project;

  beforeEach(() => {
    project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
  });

  afterEach(() => project.remove());

  async function refused(code: number, message: RegExp, ...args: string[]): Promise<void> {
    const answer = await gantry(["secret", ...args, "--folder", project.folder]);
    assert.match(answer.stderr, message);
    assert.deepEqual([answer.code, answer.stdout], [code, ""]);
    assert.ok(!answer.stderr.includes("pl4nted"), "the value is told");
  }

  const asArgument: readonly (readonly string[])[] = [
    ["API_KEY", "pl4nted"],
    ["API_KEY", "--value", "pl4nted"],
    ["API_KEY", "--value=pl4nted"],
    ["API_KEY", "-pl4nted"],
    ["API_KEY", "--", "-----BEGIN pl4nted"],
  ];
  for (const args of asArgument) {
    it(`set takes no value as an argument, and does not repeat it: ${args.join(" ")}`, () =>
      refused(
        2,
        /never an argument[^]*change that secret[^]*See gantry secret set --help/,
        ...["set", "--stack", "staging", ...args],
      ));
  }

  it("set takes no value in the place of a name", () =>
    refused(
      1,
      /name of a secret is none[^]*shell's history/,
      ...["set", "--stack", "staging", "API_KEY=pl4nted"],
    ));

  it("rm keeps a secret for 7 to 30 days", () =>
    refused(
      2,
      /'6' is invalid\. Give 7 to 30/,
      ...["rm", "x", "--stack", "staging", "--recovery-days", "6"],
    ));

  it("copy asks for a stack that there is", () =>
    refused(1, /there is no stack prod/, ...["copy", "x", "--stack", "staging", "--to", "prod"]));

  it("says what there is to do with secrets", async () => {
    const { code, stderr } = await gantry(["secret"]);
    assert.equal(code, 2);
    assert.match(stderr, /Usage: gantry secret/);
  });
});

describe("a value that is typed", () => {
  let said: string;

  /** Types, where nothing is shown. */
  async function typing(...pieces: readonly string[]): Promise<string> {
    said = "";
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), {
      setRawMode: (isRaw: boolean) => modes.push(isRaw),
    });
    const answer = hiddenAnswer("Value: ", input as unknown as HiddenInput, (text) => {
      said += text;
    });
    for (const piece of pieces) input.write(piece);
    try {
      return await answer;
    } finally {
      assert.deepEqual(modes, [true, false], "the terminal echoes again");
      assert.equal(said, "Value: \n");
    }
  }

  const table: readonly [title: string, pieces: readonly string[], value: string][] = [
    ["ends with its line", ["pl4n", "ted\r"], "pl4nted"],
    ["is corrected", ["pl4nx\u007fted\n"], "pl4nted"],
    ["is begun anew", ["x\u0015pl4nted\n"], "pl4nted"],
    [
      "has no arrow keys and marks of pasting",
      ["\u001b[200~pl4\u001b[Dnted\u001b[201~\r"],
      "pl4nted",
    ],
    ["loses a character as a whole", ["a😀\u007f\n"], "a"],
  ];
  for (const [title, pieces, value] of table) {
    it(title, async () => assert.equal(await typing(...pieces), value));
  }

  const refused: readonly [title: string, pieces: readonly string[], message: RegExp][] = [
    ["is nothing", ["\r"], /no value came/],
    ["is interrupted", ["pl4nted\u0003"], /no value was given, so nothing was set/],
    ["has several lines", ["pl4nted\rpl4nted"], /more than one line[^]*pipe it in/],
    ["has them in pieces", ["pl4nted\r", "pl4nted\r"], /more than one line/],
  ];
  for (const [title, pieces, message] of refused) {
    it(`is refused where it ${title}`, () =>
      assert.rejects(
        typing(...pieces),
        (error: Error) => message.test(error.message) && !error.message.includes("pl4nted"),
      ));
  }
});
