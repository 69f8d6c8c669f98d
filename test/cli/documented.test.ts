import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommanderError, type Command } from "commander";
import { makeProgram } from "../../cli/main";
import { documentedCommands, type Documented } from "./documented";

const root = join(__dirname, "../..");

/** What commander says to a command, which is not run; undefined where it is in order. */
async function mistakeOf({
  words,
  isWhole,
}: Omit<Documented, "where">): Promise<string | undefined> {
  const program = makeProgram();
  const said: string[] = [];
  quiet(program, said);
  try {
    await program.parseAsync([...words], { from: "user" });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (["commander.helpDisplayed", "commander.version"].includes(error.code)) return undefined;
    // In a sentence a command is called by its name, without what it takes.
    const isShort = ["commander.help", "commander.missingArgument", "commander.error"];
    return !isWhole && isShort.includes(error.code) ? undefined : said.join("").trim();
  }
}

function quiet(command: Command, said: string[]): void {
  command.exitOverride().enablePositionalOptions();
  command.configureOutput({ writeOut: () => undefined, writeErr: (text) => said.push(text) });
  if (command.commands.length === 0) command.action(() => undefined);
  for (const each of command.commands) quiet(each, said);
}

/** Decisions and the changelog tell what was so once. */
const documents = [
  "README.md",
  ...["docs", "docs/config"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];

describe("the commands that documents name", () => {
  const found = documents.flatMap((document) =>
    documentedCommands(document, readFileSync(join(root, document), "utf8")),
  );
  /** A place for what somebody puts in its place is no word of a command. */
  const meant = found.filter(({ words }) => !/^[<[]|^\.\.\.$/.test(words[0]));

  const variables = process.env;
  before(() => {
    const others = Object.entries(variables).filter(([name]) => !name.startsWith("GANTRY_"));
    // A stack that is left out is asked for where somebody is.
    process.env = { ...Object.fromEntries(others), CI: "true" };
  });
  after(() => {
    process.env = variables;
  });

  it("are many, in README and in docs/operations.md", () => {
    for (const document of ["README.md", "docs/operations.md", "docs/bootstrap.md"]) {
      assert.ok(
        meant.some(({ where }) => where.startsWith(document)),
        document,
      );
    }
  });

  it("exist, with the options and arguments that they are written with", async () => {
    const mistakes: string[] = [];
    for (const each of meant) {
      const mistake = await mistakeOf(each);
      if (mistake) mistakes.push(`${each.where}: gantry ${each.words.join(" ")}\n${mistake}`);
    }
    assert.deepEqual(mistakes, []);
  });

  it("would be told where one is wrong", async () => {
    const text = [
      "`gantry rolback` and `gantry status --every`, `npx gantry\nhistory --limit none`",
      "```bash",
      "npx gantry secret set --stack staging   # a comment of gantry nothing",
      "printf x | npx gantry secret set A --stack staging --yes > file && npx gantry status staging web \\",
      "  extra",
      "```",
      "In a sentence `gantry secret set` and `gantry exec` are in order.",
    ].join("\n");
    const documented = documentedCommands("page", text);
    const mistakes = await Promise.all(documented.map(mistakeOf));
    assert.deepEqual(
      documented.map(({ where, words }, index) => [
        where,
        words.join(" "),
        mistakes[index]?.split("\n")[0],
      ]),
      [
        ["page:1", "rolback", "error: unknown command 'rolback'"],
        ["page:1", "status --every", "error: unknown option '--every'"],
        [
          "page:1",
          "history --limit none",
          "error: option '-n, --limit <number>' argument 'none' is invalid. Give a whole number, 1 or more.",
        ],
        ["page:4", "secret set --stack staging", "error: missing required argument 'name'"],
        ["page:5", "secret set A --stack staging --yes", undefined],
        [
          "page:5",
          "status staging web extra",
          "error: too many arguments for 'status'. Expected 0 arguments but got 2.",
        ],
        ["page:8", "secret set", undefined],
        ["page:8", "exec", undefined],
      ],
    );
  });
});
