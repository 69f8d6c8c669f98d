import assert from "node:assert/strict";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import { command } from "../../cli/command";
import { makeProgram } from "../../cli/main";
import { aProject, gantry, stackFile, type Project } from "./support";

const program = makeProgram();
const commands = program
  .createHelp()
  .visibleCommands(program)
  .map((command) => command.name());

describe("gantry --help", () => {
  it("lists every command, on the standard output", async () => {
    const { code, stdout, stderr } = await gantry(["--help"]);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    for (const command of commands)
      assert.match(stdout, new RegExp(`^ {2}${command} .* \\w+`, "m"));
    assert.match(stdout, /Exit code: 0 done, 1 failed or refused, 2 not understood/);
  });

  for (const name of commands) {
    it(`of ${name} says what it does, and shows a call with options that there are`, async () => {
      const { code, stdout, stderr } = await gantry([name, "--help"]);
      assert.equal(code, 0);
      assert.equal(stderr, "");
      assert.match(
        stdout,
        new RegExp(`^Usage: gantry ${name} \\[options\\]( <\\w+>| \\[\\w+(\\.{3})?\\])*\n\n\\w`),
      );
      assert.doesNotMatch(stdout, /\{\}|undefined|\[object/);
      // What follows -- is another program's.
      const example = stdout.slice(stdout.search(/^Examples?:$/m)).replaceAll(/ -- .*/g, "");
      const command = makeProgram().commands.find((each) => each.name() === name);
      const options = [command, ...(command?.commands ?? [])].flatMap((one) => one?.options ?? []);
      const option = options.length === 0 ? "" : "--\\w+";
      assert.match(
        example,
        new RegExp(`^ {2}(\\w+=\\w+ )?gantry ${name} (\\w\\S* (\\S+ )?)?${option}`, "m"),
      );
      for (const [option] of example.matchAll(/(?<=\s)--?[a-z-]+/g)) {
        const known = options.some(({ long, short }) => [long, short].includes(option));
        assert.ok(known, `the example of ${name} has ${option}`);
      }
    });
  }
});

it("gantry --version prints it alone", async () => {
  const { code, stdout, stderr } = await gantry(["--version"]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

describe("gantry, called wrongly", () => {
  let project: Project;

  before(() => {
    project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
    project.lay("Pulumi.production.yaml", stackFile({ web: { build: "app" } }));
  });

  after(() => project.remove());

  const staging = (...args: string[]) => {
    const [name, ...rest] = args;
    return [name, "--stack", "staging", "--folder", project.folder, ...rest];
  };
  const release = (...more: string[]) => staging("release", "--output", "out", ...more);
  const verify = (...more: string[]) => staging("verify", "--output", "out", ...more);

  async function refused(
    wanted: number,
    pattern: RegExp,
    args: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { code, stdout, stderr } = await gantry(args, variables);
    assert.match(stderr, pattern);
    assert.equal(code, wanted);
    assert.equal(stdout, "", "the standard output is for results");
    assert.doesNotMatch(stderr, /^ +at /m, "no stack trace");
  }

  describe("ends with 2, and says where the help is,", () => {
    const cases: readonly [string, RegExp, () => readonly string[]][] = [
      ["without a command", /^Usage: gantry /, () => []],
      [
        "for a command that there is not",
        /unknown command 'nosuch'\nSee gantry --help/,
        () => ["nosuch"],
      ],
      [
        "for a misspelt one",
        /unknown command 'stauts'\n\(Did you mean status\?\)/,
        () => ["stauts"],
      ],
      [
        "without a stack",
        /no stack is named, and .* has production, staging\n {2}Name it as the first word, or by --stack <stack>, or GANTRY_STACK, or --all\nSee gantry status --help/,
        () => ["status", "--folder", project.folder],
      ],
      [
        "for an option that there is not",
        /unknown option '--stak'\n\(Did you mean --stack\?\)\nSee/,
        () => ["status", "--stak", "x"],
      ],
      [
        "for a choice that there is not",
        /'onn' is invalid for argument 'state'\. Allowed choices are on, off\.\n\(Did you mean on\?\)\nSee gantry maintenance/,
        () => staging("maintenance", "onn"),
      ],
      [
        "for a choice that is near none",
        /'terraform' is invalid for argument 'from'\. Allowed choices are copilot, compose\.\nSee gantry import/,
        () => ["import", "terraform", "."],
      ],
      [
        "for what is too much",
        /too many arguments for 'status'[^]*See gantry status --help/,
        () => staging("status", "web"),
      ],
      [
        "without a service",
        /missing:\n {2}--service <service>, or GANTRY_SERVICE/,
        () => staging("build"),
      ],
      [
        "naming all that is missing",
        /--to <stack>[^]*--role-arn <arn>, or GANTRY_RECEIVE_ROLE_ARN[^]*--bucket/,
        () => staging("promote"),
      ],
      [
        "for a number that is none",
        /'--number <number>' argument 'x' is invalid\. Give a whole number/,
        () => release("--number", "x"),
      ],
      [
        "for a limit that is none",
        /'-n, --limit <number>' argument '-1' is invalid/,
        () => staging("history", "-n", "-1"),
      ],
      [
        "for a limit that leaves nothing",
        /'-n, --limit <number>' argument '0' is invalid\. Give a whole number, 1 or more/,
        () => staging("history", "-n", "0"),
      ],
      [
        "for hours with their unit",
        /'--hours <number>' argument '2h' is invalid\. Give hours as a number/,
        () => staging("override", "--reason", "a fix", "--hours", "2h"),
      ],
      [
        "for a reason of blanks alone",
        /missing:\n {2}--reason <text>/,
        () => staging("override", "--reason", " \n "),
      ],
      [
        "for the reason of a hold that is not wanted",
        /'--no-hold' cannot be used with option '--reason <text>'/,
        () => staging("rollback", "--no-hold", "--reason", "payments fail"),
      ],
      [
        "for images that are none",
        /at fault:\n {2}"web"\n {2}"jobs=3f9c2a1b@sha256:12"\nSee/,
        () => release("--number", "1", "--images", "web,jobs=3f9c2a1b@sha256:12"),
      ],
      [
        "for addresses that are none",
        /'--urls <json>' argument '\[1\]' is invalid\. Give a JSON object such as/,
        () => verify("--urls", "[1]"),
      ],
      [
        "for an address that is none",
        /'--url <service=url>' argument 'web=nowhere' is invalid/,
        () => verify("--url", "web=nowhere"),
      ],
    ];
    for (const [name, pattern, args] of cases) {
      it(name, () => refused(2, pattern, args()));
    }

    describe("below a command that has others,", () => {
      const parent = () => {
        const made = command("set", "", "").argument("<name>");
        made.addOption(new Option("--as <kind>").choices(["text", "json"]));
        return new Command("secret").addCommand(made.action(() => undefined));
      };
      const cases: readonly [string, RegExp, readonly string[]][] = [
        [
          "a command",
          /unknown command 'sett'\n\(Did you mean set\?\)\nSee secret --help/,
          ["sett"],
        ],
        [
          "an option",
          /unknown option '--az'\n\(Did you mean --as\?\)\nSee secret set/,
          ["set", "--az"],
        ],
        ["a choice", /text, json\.\n\(Did you mean json\?\)/, ["set", "--as", "jsn"]],
        ["a stack", /no stack stagin .*Is staging meant\?/, ["set", "stagin", "key"]],
      ];
      for (const [what, pattern, args] of cases) {
        it(`for ${what}`, async () => {
          const variables = { GANTRY_FOLDER: project.folder };
          const { code, stderr } = await gantry(args, variables, parent());
          assert.match(stderr, pattern);
          assert.equal(code, 2);
        });
      }
    });

    it("for a stack that there is not, naming those that there are", () =>
      refused(
        2,
        /there is no stack prod in .*: it has production, staging\. Is production meant\?/,
        ["status", "--folder", project.folder],
        { GANTRY_STACK: "prod" },
      ));

    it("for a stack that is a path", () =>
      refused(2, /there is no stack \.\.\/staging in /, [
        ...["status", "--stack", "../staging", "--folder", project.folder],
      ]));

    it("for a release of nothing, whose variable is empty or not set", async () => {
      const missing = /missing:\n {2}--results <url>, or GANTRY_RESULTS, or --images <images>/;
      await refused(2, missing, release("--number", "1"), { GANTRY_RESULTS: "" });
      await refused(2, missing, release("--number", "1"));
    });
  });

  describe("ends with 1, and says how to fix it,", () => {
    it("outside of a program", () =>
      refused(1, /there is no Pulumi\.yaml in \/nowhere: run gantry in .*--folder <folder>/, [
        ...["status", "--stack", "staging", "--folder", "/nowhere"],
      ]));

    it("in a folder of the program, naming that of the program", () => {
      const folder = dirname(project.lay("app/src/main.ts", ""));
      return refused(1, /\.\.\/\.\.\/Pulumi\.yaml is there: --folder \.\.\/\.\.$/m, [
        ...["status", "--stack", "staging", "--folder", folder],
      ]);
    });

    it("for a service that there is not", () =>
      refused(
        1,
        /staging has no service wbe; it has web\. Is web meant\?/,
        [...staging("build", "--service", "wbe")],
        { GANTRY_COMMIT: "a".repeat(40) },
      ));

    it("without a release", () =>
      refused(1, /the release cannot be read: .*release\.json.*Say where it is: --release/, [
        ...verify(),
      ]));

    it("for a release that is none", () => {
      const file = project.lay("release.json", "{}");
      return refused(1, /release\.json is malformed[^]*images: /, verify("--release", file));
    });

    it("without the result of a verification", () => {
      const release = { id: "3f9c2a1b-1", commit: "3f9c2a1b".repeat(5), images: {} };
      const createdAt = "2026-01-31T12:00:00Z";
      const file = project.lay("good.json", JSON.stringify({ ...release, createdAt }));
      return refused(1, /nothing says how the verification went: give --verification <file>/, [
        ...staging("conclude", "--release", file),
      ]);
    });
  });
});
