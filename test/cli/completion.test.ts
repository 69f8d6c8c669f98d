import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join, resolve } from "node:path";
import { completions } from "../../cli/complete";
import { makeProgram } from "../../cli/main";
import { aProject, gantry, stackFile } from "./support";

const services = { web: { build: "app" }, report: { kind: "job", build: "app" } };
const stacks = ["production", "staging"];

describe("completion", () => {
  const facts = {
    stacks: (folder: string) => (folder === "." ? stacks : []),
    services: (_: string, stack: string, sort?: "job") =>
      sort === "job" ? [`${stack}-report`] : [`${stack}-web`],
    env: {},
  };
  const complete = (words: readonly string[], env: Record<string, string> = {}) =>
    completions(makeProgram(), words, { ...facts, env });

  const cases: readonly [string, readonly string[], readonly string[], Record<string, string>?][] =
    [
      ["a command", ["stat"], ["status"]],
      ["no hidden command", ["complet"], ["completion"]],
      ["a stack", ["status", ""], stacks],
      ["a stack that is begun", ["status", "s"], ["staging"]],
      ["a stack behind options", ["history", "--limit", "5", "prod"], ["production"]],
      ["an option's value that is a stack", ["history", "--stack", "st"], ["staging"]],
      ["an option's value that is anything: a number, a file", ["history", "--limit", ""], []],
      ["a stack of another folder", ["status", "--folder", "infra", ""], []],
      ["options", ["history", "staging", "--l"], ["--limit"]],
      ["no option behind --", ["run", "--", "--"], []],
      ["a choice", ["import", "co"], ["copilot", "compose"]],
      ["a choice behind the stack", ["maintenance", "staging", "o"], ["on", "off"]],
      ["a choice or a stack", ["maintenance", ""], [...stacks, "on", "off"]],
      ["a job of the stack", ["run", "staging", ""], ["staging-report"]],
      [
        "a job of the variable's stack",
        ["run", ""],
        ["staging-report"],
        { GANTRY_STACK: "staging" },
      ],
      ["a service", ["build", "--stack", "staging", "--service", ""], ["staging-web"]],
      ["nothing where all was said", ["run", "staging", "staging-report", ""], []],
      ["nothing of a command that there is not", ["stauts", ""], []],
    ];
  for (const [what, words, wanted, env] of cases) {
    it(`has ${what}`, () => assert.deepEqual(complete(words, env), wanted));
  }

  describe("in a shell", () => {
    const project = aProject();

    before(() => {
      project.lay("Pulumi.staging.yaml", stackFile(services));
      project.lay("Pulumi.production.yaml", stackFile(services));
      const command = resolve(__dirname, "../../cli/gantry.js");
      const text = `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`;
      chmodSync(project.lay("bin/gantry", text), 0o755);
    });

    after(() => project.remove());

    /** How a shell is asked what it would complete, one a line, once the script is sourced. */
    const shells: readonly [string, readonly string[], (words: readonly string[]) => string][] = [
      [
        "bash",
        ["--norc", "-c"],
        (words) =>
          `COMP_WORDS=(gantry ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
           $(complete -p gantry | sed 's/.*-F \\([^ ]*\\) .*/\\1/') gantry; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ],
      [
        "zsh",
        ["-f", "-c"],
        (words) =>
          `compadd() { print -l -- "\${(@P)2}" }; words=(gantry ${words.map((word) => `'${word}'`).join(" ")})
           CURRENT=${words.length + 1}; _gantry`,
      ],
      ["fish", ["--no-config", "-c"], (words) => `complete -C 'gantry ${words.join(" ")}'`],
    ];
    for (const [shell, flags, ask] of shells) {
      it(`${shell} knows commands, stacks, jobs and options`, async function () {
        if (spawnSync(shell, ["--version"]).error) return this.skip();
        const { code, stdout: script } = await gantry(["completion", shell]);
        assert.equal(code, 0);
        const begin = shell === "zsh" ? "compdef() { : }\n" : "";
        for (const [words, wanted] of [
          [["stat"], ["status"]],
          [["status", ""], stacks],
          [["run", "staging", ""], ["report"]],
          [["history", "staging", "--l"], ["--limit"]],
        ]) {
          const { stdout, stderr } = spawnSync(
            shell,
            [...flags, `${begin}${script}${ask(words)}`],
            {
              cwd: project.folder,
              encoding: "utf8",
              env: { ...process.env, PATH: `${join(project.folder, "bin")}:${process.env.PATH}` },
            },
          );
          assert.deepEqual(stdout.trim().split("\n"), wanted, stderr);
        }
      }).timeout(120_000);
    }

    it("says nothing where there is no project", async () => {
      const { code, stdout, stderr } = await gantry(["complete", "--", "run", ""], {
        GANTRY_FOLDER: "/nowhere",
      });
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
    });
  });
});
