import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { makeProgram } from "../cli/main";

interface Phase {
  readonly commands: readonly string[];
}

interface Buildspec {
  readonly version: number;
  readonly env: { readonly shell: string; readonly "exported-variables"?: readonly string[] };
  readonly phases: Readonly<Record<string, Phase>>;
  readonly artifacts?: { readonly "base-directory": string; readonly files: readonly string[] };
}

const folder = join(__dirname, "../buildspecs");

function read(name: string): Buildspec {
  return parse(readFileSync(join(folder, `${name}.yml`), "utf8")) as Buildspec;
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith(".yml"))
  .map((file) => file.replace(/\.yml$/, ""));

const gantryCall = /^node cli\/gantry\.js (\S+)((?: --?[a-z-]+(?: [^-\s]\S*)?)*)$/;

/** What the pipeline's actions read, by the contract between pipeline and buildspecs. */
const exported: Readonly<Record<string, readonly string[]>> = {
  build: ["GANTRY_IMAGE", "GANTRY_TESTS"],
  release: ["GANTRY_RELEASE_ID"],
  plan: ["GANTRY_RELEASE_ID", "GANTRY_SUMMARY", "GANTRY_LINK"],
  verify: ["GANTRY_VERIFIED"],
};
const artifacts: Readonly<Record<string, readonly string[]>> = {
  release: ["release.json", "evidence.json"],
  plan: ["plan.json", "basis.json", "evidence.json", "evidence.md"],
  prepare: ["imagedefinitions-*.json"],
  verify: ["verification.json"],
};

describe("buildspecs", () => {
  it("are one for each action of the pipeline", () => {
    const all = "build conclude deploy plan prepare promote release settle verify";
    assert.deepEqual(names.sort(), all.split(" "));
  });

  for (const name of names) {
    describe(name, () => {
      const spec = read(name);
      const calls = (spec.phases.build?.commands ?? []).flatMap((line) => {
        const [, command, rest = ""] = gantryCall.exec(line) ?? [];
        return command === undefined ? [] : [{ line, command, rest }];
      });

      it("is version 0.2 under bash, with phases that CodeBuild has", () => {
        assert.equal(spec.version, 0.2);
        assert.equal(spec.env.shell, "bash");
        assert.deepEqual(Object.keys(spec.phases), ["install", "build"]);
      });

      it("calls its own command once, with options that there are", () => {
        assert.deepEqual(
          calls.map(({ command }) => command),
          [name],
        );
        const found = makeProgram().commands.find((each) => each.name() === name);
        for (const [option] of calls[0].rest.matchAll(/--?[a-z-]+/g)) {
          const known = found?.options.some(({ long, short }) => [long, short].includes(option));
          assert.ok(known, `gantry ${name} has no ${option}`);
        }
      });

      it("has no command that hides another's failure", () => {
        for (const { commands } of Object.values(spec.phases)) {
          for (const line of commands) {
            assert.doesNotMatch(line, /\n|;|\|\||&|\|/, "only the last exit code counts");
          }
        }
      });

      it("exports what the pipeline reads, from files that its command wrote", () => {
        const wanted = exported[name] ?? [];
        assert.deepEqual(spec.env["exported-variables"] ?? [], wanted);
        const output = /--output (\S+)/.exec(calls[0].rest)?.[1];
        const exports = spec.phases.build.commands.slice(1);
        const set = exports.map((line) => /^export (\w+)="\$\(cat (\S+)\/\w+\)"$/.exec(line));
        assert.deepEqual(
          set.map((match) => match?.[1]),
          wanted,
        );
        for (const match of set) assert.equal(match?.[2], output);
      });

      it("hands on the files that the pipeline's later actions read", () => {
        assert.deepEqual(spec.artifacts?.files ?? [], artifacts[name] ?? []);
        if (spec.artifacts) {
          assert.ok(calls[0].rest.includes(`--output ${spec.artifacts["base-directory"]}`));
        }
      });

      it("installs Pulumi's CLI only where it is used", () => {
        const uses = ["plan", "deploy", "conclude", "prepare", "settle"].includes(name);
        assert.deepEqual(spec.phases.install.commands, [
          `bash buildspecs/install.sh${uses ? " --pulumi" : ""}`,
        ]);
      });
    });
  }
});

describe("buildspecs/install.sh", () => {
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "gantry-install-"));
    mkdirSync(join(project, "buildspecs"));
    mkdirSync(join(project, "bin"));
    // And no other program: this machine's own npm or pulumi would be taken for the fake ones.
    for (const tool of ["bash", "cat", "dirname", "ln", "sh"]) {
      const { stdout } = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
      symlinkSync(stdout.trim(), join(project, "bin", tool));
    }
    writeFileSync(
      join(project, "buildspecs/install.sh"),
      readFileSync(join(folder, "install.sh"), "utf8"),
    );
  });

  afterEach(() => rmSync(project, { recursive: true, force: true }));

  /** A program that notes how it was called. */
  function fake(name: string, exitCode = 0): void {
    const path = join(project, "bin", name);
    writeFileSync(path, `#!/bin/sh\necho ${name} "$@" >> ${project}/calls\nexit ${exitCode}\n`);
    chmodSync(path, 0o755);
  }

  function install(env: NodeJS.ProcessEnv, ...args: string[]) {
    const done = spawnSync("bash", [join(project, "buildspecs/install.sh"), ...args], {
      encoding: "utf8",
      env: { PATH: join(project, "bin"), HOME: project, ...env },
    });
    let calls = "";
    try {
      calls = readFileSync(join(project, "calls"), "utf8");
    } catch {
      // Nothing was called.
    }
    return {
      status: done.status,
      calls: calls.trim().split("\n").filter(Boolean),
      text: done.stderr,
    };
  }

  it("links the builder image's packages, and downloads nothing", () => {
    fake("npm");
    fake("pulumi");
    const { status, calls, text } = install({ GANTRY_NODE_MODULES: "/opt/packages" }, "--pulumi");
    assert.equal(status, 0, text);
    assert.deepEqual(calls, []);
    assert.equal(readlinkSync(join(project, "node_modules")), "/opt/packages");
  });

  it("installs from the lock file on AWS's image, on its newest Node", () => {
    fake("npm");
    fake("n");
    const { status, calls, text } = install({ NODE_22_VERSION: "22.1.0" });
    assert.equal(status, 0, text);
    assert.deepEqual(calls, ["n 22.1.0", "npm ci --omit=dev --no-audit --no-fund"]);
  });

  it("fails when npm fails", () => {
    fake("npm", 3);
    assert.equal(install({}).status, 3);
  });

  it("fails when Pulumi cannot be downloaded", () => {
    fake("npm");
    fake("node");
    fake("curl", 22);
    const { status } = install({}, "--pulumi");
    assert.notEqual(status, 0);
  });
});
