import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { buildspecs, type BuildspecName } from "../contract/buildspecs";
import { buildspecText } from "../stacks/buildspecs";
import { isRequired } from "../cli/command";
import { makeProgram } from "../cli/main";
import { environment } from "./stacks/support";

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

/** As a project holds it. */
function filled(name: string): Buildspec {
  return parse(buildspecText(name as BuildspecName)) as Buildspec;
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith(".yml"))
  .map((file) => file.replace(/\.yml$/, ""));

const gantryCall = /^node ~\/gantry\.cjs (\S+)((?: --?[a-z-]+(?: [^-\s]\S*)?)*)$/;

/** What the pipeline's actions read, by the contract between pipeline and buildspecs. */
const exported: Readonly<Record<string, readonly string[]>> = {
  build: ["GANTRY_IMAGE", "GANTRY_TESTS"],
  release: ["GANTRY_RELEASE_ID"],
  plan: ["GANTRY_RELEASE_ID", "GANTRY_SUMMARY", "GANTRY_LINK"],
  verify: ["GANTRY_VERIFIED"],
  confirm: ["GANTRY_SUMMARY"],
};
const artifacts: Readonly<Record<string, readonly string[]>> = {
  release: ["release.json", "evidence.json"],
  plan: ["plan.json", "basis.json", "evidence.json", "evidence.md"],
  prepare: ["imagedefinitions-*.json"],
  verify: ["verification.json"],
};

describe("buildspecs", () => {
  it("are those that the contract names", () => {
    assert.deepEqual(names.sort(), [...buildspecs].sort());
  });

  for (const name of names) {
    describe(name, () => {
      const spec = read(name);

      it("is in its project what it is here, with its start filled in", () => {
        const { install, ...phases } = filled(name).phases;
        assert.deepEqual(
          { ...filled(name), phases },
          { ...spec, phases: { build: spec.phases.build } },
        );
        assert.equal(install.commands.length, 1);
        assert.match(install.commands[0], /^\(\n.*aws s3api get-object .*\n\)\n$/s);
      });

      // Actions hold those of Settle and Confirm themselves: CodePipeline takes 1,000 characters there ("Quotas in AWS CodePipeline").
      const most = name === "settle" || name === "confirm" ? 1000 : 25_600;
      it(`has at most ${most} characters in its project`, () => {
        assert.ok(buildspecText(name as BuildspecName).length <= most);
      });
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

      it("has commands that bash understands", () => {
        for (const { commands } of Object.values(filled(name).phases)) {
          const { status, stderr } = spawnSync("bash", ["-n"], {
            input: commands.join("\n"),
            encoding: "utf8",
          });
          assert.equal(status, 0, stderr);
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

      it("installs packages and Pulumi only where it is used", () => {
        const uses = [
          "plan",
          "deploy",
          "confirm",
          "conclude",
          "prepare",
          "settle",
          "preview",
          "drift",
        ].includes(name);
        assert.deepEqual(spec.phases.install.commands, ["{{start}}"]);
        assert.equal(calls[0].rest.includes(" --install"), uses);
      });
    });
  }
});

const source = { type: "codecommit", repository: "shop" };
const connectionArn =
  "arn:aws:codeconnections:eu-west-1:123456789012:connection/01234567-89ab-cdef-0123-456789abcdef";
const pullRequests = { repository: "acme/shop", codeBuild: { connectionArn } };

/** What an action's commands are run with, by buildspec: the variables of its project and of the action itself. */
async function variablesByBuildspec(): Promise<ReadonlyMap<string, readonly Set<string>[]>> {
  const found = new Map<string, Set<string>[]>();
  for (const stack of ["staging", "production"]) {
    for (const deploy of ["pulumi", "ecs"]) {
      const asks = deploy === "pulumi" ? { approval: "afterVerification" } : {};
      const pipeline =
        stack === "staging"
          ? { deploy, source, promoteTo: { stack: "production" } }
          : { deploy, ...asks };
      const { all, one } = await environment(
        { services: { web: { build: "app" } }, pipeline, pullRequests, notify: {} },
        { stack },
      );
      const { stages } = one("aws:codepipeline/pipeline:Pipeline").inputs as unknown as {
        readonly stages: readonly { readonly actions: readonly BuildAction[] }[];
      };
      for (const { configuration } of stages.flatMap(({ actions }) => actions)) {
        if (!configuration?.ProjectName) continue;
        const project = all("aws:codebuild/project:Project").find(
          ({ inputs }) => inputs.name === configuration.ProjectName,
        )?.inputs as unknown as Project;
        const ofAction = JSON.parse(configuration.EnvironmentVariables) as { name: string }[];
        const buildspec = configuration.BuildspecOverride ?? project.source.buildspec;
        const variables = [...project.environment.environmentVariables, ...ofAction];
        const sets = found.get(buildspec) ?? [];
        found.set(buildspec, [...sets, new Set(variables.map(({ name }) => name))]);
      }
      for (const action of ["preview", "drift"]) {
        const project = all("aws:codebuild/project:Project").find(
          ({ inputs }) => inputs.name === `shop--${stack}--${action}`,
        )?.inputs as unknown as Project | undefined;
        if (!project) continue;
        const variables = project.environment.environmentVariables.map(({ name }) => name);
        const { buildspec } = project.source;
        found.set(buildspec, [...(found.get(buildspec) ?? []), new Set(variables)]);
      }
      const explain = all("aws:codebuild/project:Project").find(
        ({ inputs }) => inputs.name === `shop--${stack}--explain`,
      )?.inputs as unknown as Project;
      const { inputTransformer } = one(
        "aws:cloudwatch/eventTarget:EventTarget",
        `shop--${stack}-explain`,
      ).inputs as { readonly inputTransformer: { readonly inputTemplate: string } };
      const { environmentVariablesOverride: ofEvent } = JSON.parse(
        inputTransformer.inputTemplate,
      ) as { readonly environmentVariablesOverride: readonly { readonly name: string }[] };
      const ofExplain = [...explain.environment.environmentVariables, ...ofEvent];
      const own = explain.source.buildspec;
      const names = new Set(ofExplain.map(({ name }) => name));
      found.set(own, [...(found.get(own) ?? []), names]);
    }
  }
  return found;
}

interface BuildAction {
  readonly configuration?: {
    readonly ProjectName?: string;
    readonly EnvironmentVariables: string;
    readonly BuildspecOverride?: string;
  };
}

interface Project {
  readonly source: { readonly buildspec: string };
  readonly environment: { readonly environmentVariables: readonly { readonly name: string }[] };
}

describe("the pipeline's variables", () => {
  let byBuildspec: ReadonlyMap<string, readonly Set<string>[]>;

  before(async () => {
    byBuildspec = await variablesByBuildspec();
  });

  it("are there for each buildspec, and for no other", () => {
    assert.deepEqual(
      [...byBuildspec.keys()].sort(),
      names.map((name) => buildspecText(name as BuildspecName)).sort(),
    );
  });

  for (const name of names) {
    it(`give gantry ${name} every option that it must have and the buildspec does not name`, () => {
      const runs = byBuildspec.get(buildspecText(name as BuildspecName)) ?? [];
      const line = read(name).phases.build.commands[0];
      const command = makeProgram().commands.find((each) => each.name() === name);
      const wanted = (command?.options ?? []).filter(
        (option) => isRequired(option) && !line.includes(` ${option.long} `),
      );
      assert.ok(wanted.length > 0);
      for (const { envVar = "", flags } of wanted) {
        // CodeBuild sets its own.
        if (envVar.startsWith("CODEBUILD_")) continue;
        for (const variables of runs) assert.ok(variables.has(envVar), `${flags}: ${envVar}`);
      }
    });
  }
});
