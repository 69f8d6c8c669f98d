import assert from "node:assert/strict";
import { command, severalStacks } from "../../cli/command";
import { aProject, gantry, stackFile, type Project } from "./support";

interface Called {
  readonly stack: unknown;
  readonly words: unknown;
}

describe("the stack of a command", () => {
  const project: Project = aProject();
  const alone: Project = aProject();
  let called: Called | undefined;

  before(() => {
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
    project.lay("Pulumi.production.yaml", stackFile({ web: { build: "app" } }));
    alone.lay("Pulumi.production.yaml", stackFile({ web: { build: "app" } }));
  });

  after(() => {
    project.remove();
    alone.remove();
  });

  /** A command that takes words, and one that takes several stacks, as they are made everywhere. */
  async function run(args: readonly string[], variables: Record<string, string> = {}) {
    called = undefined;
    const made = command("logs", "", "").argument("[service...]").option("--since <time>");
    made.action((words: string[], { stack }: { stack: unknown }) => {
      called = { stack, words };
    });
    const folder = variables.GANTRY_FOLDER ? [] : ["--folder", project.folder];
    return { ...(await gantry([...folder, ...args], variables, made)), called };
  }

  const cases: readonly [string, readonly string[], Record<string, string>?][] = [
    ["by --stack", ["web", "--stack", "staging"]],
    ["by the variable", ["web"], { GANTRY_STACK: "staging" }],
    ["as the first word", ["staging", "web"]],
    ["as the first word behind an option and its value", ["--since", "1h", "staging", "web"]],
    [
      "as the first word before an option and its value",
      ["staging", "--since", "production", "web"],
    ],
  ];
  for (const [name, args, variables] of cases) {
    it(`is named ${name}`, async () => {
      const { code, stderr, called } = await run(args, variables);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.deepEqual(called, { stack: "staging", words: ["web"] });
    });
  }

  it("is looked for in the folder that the variable names", async () => {
    const { called } = await run(["production", "web"], { GANTRY_FOLDER: project.folder });
    assert.deepEqual(called, { stack: "production", words: ["web"] });
  });

  it("may be several, for a command that takes several", async () => {
    let stack: unknown;
    const made = severalStacks(command("preview", "", ""));
    made.action((options: { stack: unknown }) => {
      stack = options.stack;
    });
    await gantry(["staging", "production", "--folder", project.folder], {}, made);
    assert.deepEqual(stack, ["staging", "production"]);
  });

  it("is a word of the command's own behind --", async () => {
    const { called } = await run(["--stack", "staging", "--", "production"]);
    assert.deepEqual(called, { stack: "staging", words: ["production"] });
  });

  it("is the only one where none is named, which is told", async () => {
    const { code, stderr, called } = await run(["web"], { GANTRY_FOLDER: alone.folder });
    assert.deepEqual(
      { code, called },
      { code: 0, called: { stack: "production", words: ["web"] } },
    );
    assert.equal(stderr, `stack production, the only one in ${alone.folder}\n`);
  });

  it("must be named where there are several, and nobody can be asked", async () => {
    const { code, stderr, called } = await run(["web"]);
    assert.deepEqual({ code, called }, { code: 2, called: undefined });
    assert.match(
      stderr,
      /no stack is named, and .* has production, staging\n {2}Name it as the first word/,
    );
  });

  it("must not be empty, as a variable of a script may be", async () => {
    const { code, called } = await run(["--stack", ""], { GANTRY_FOLDER: alone.folder });
    assert.deepEqual({ code, called }, { code: 2, called: undefined });
  });

  it("may be misspelt where help is asked for", async () => {
    const { code, stdout } = await gantry(["status", "prodution", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: gantry status/);
  });

  it("is misspelt: the nearest is told", async () => {
    const args = ["status", "prodution", "--folder", project.folder];
    const { code, stderr } = await gantry(args);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /there is no stack prodution in .*Is production meant\?[^]*See gantry status --help/,
    );
  });

  it("need not have a file yet for a command that fetches it, however it is named", async () => {
    for (const words of [["acme"], ["--stack", "acme"]]) {
      const args = ["config", "pull", ...words, "--bucket", "acme-config"];
      const { code, stderr } = await gantry([...args, "--folder", project.folder], {
        ...{ AWS_REGION: "", AWS_DEFAULT_REGION: "" },
      });
      assert.equal(code, 1, stderr);
      assert.match(stderr, /no region is known for acme-config: set AWS_REGION to that of acme/);
    }
  });

  it("is none where there is no project, which is told", async () => {
    const { code, stderr } = await gantry(["status", "production", "--folder", "/nowhere"]);
    assert.equal(code, 1);
    assert.match(stderr, /there is no Pulumi\.yaml in \/nowhere/);
  });
});
