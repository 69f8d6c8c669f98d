import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import { previewWorkflow } from "../../../cli/init/previewWorkflow";
import { readTarget } from "../../../delivery/target";
import { gantry } from "../support";
import { aRepository, type Repository } from "./repository";

const written = [
  ".gitignore",
  "Pulumi.production.yaml",
  "Pulumi.staging.yaml",
  "Pulumi.yaml",
  "index.ts",
  "package.json",
  "tsconfig.json",
];

type Root = [
  what: string,
  theirs: Readonly<Record<string, string>>,
  program: string,
  project: { readonly main: string; readonly options: object },
];

describe("gantry init", () => {
  let repository: Repository;
  const before = process.cwd();

  beforeEach(() => {
    repository = aRepository();
    process.chdir(repository.root);
    repository.lay(
      "services/api/Dockerfile",
      "FROM node:22\nCOPY packages/shared .\nEXPOSE 8080\n",
    );
    repository.lay("services/api/server.mjs", "");
    repository.lay("packages/shared/index.mjs", "");
    repository.lay("services/site/Dockerfile", "FROM nginx:1.29\nEXPOSE 80\n");
    repository.lay("jobs/Dockerfile", "FROM python:3.13\n");
  });

  afterEach(() => {
    process.chdir(before);
    repository.remove();
  });

  const init = (...args: string[]) => gantry(["init", ...args]);

  it("writes infra/ alone, whose config is valid, and says the next two commands", async () => {
    const { code, stdout, stderr } = await init("--yes");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(repository.git("status", "--porcelain", "infra"), "?? infra/\n");
    assert.deepEqual(Object.keys(repository.files("infra")).sort(), written);
    assert.match(
      stdout,
      /Next:\n {2}cd infra && npm install\n {2}npx gantry rehearse\nthen on AWS.*:\n {2}npx gantry bootstrap staging\n/,
    );
    for (const stack of ["staging", "production"]) {
      const { config, root } = await readTarget(join(repository.root, "infra"), stack);
      assert.equal(root, repository.root);
      assert.deepEqual(
        [config.name, Object.keys(config.services)],
        ["shop", ["jobs", "api", "site"]],
      );
      const { api, site, jobs } = config.services;
      assert.deepEqual(
        [api.build?.context, api.build?.dockerfile],
        [".", "services/api/Dockerfile"],
      );
      assert.deepEqual([jobs.kind, jobs.build?.context], ["worker", "jobs"]);
      assert.ok(api.kind === "web" && site.kind === "web");
      assert.deepEqual([api.port, api.route.paths], [8080, ["/api", "/api/*"]]);
      assert.deepEqual([site.port, site.route.paths], [80, ["/*"]]);
      assert.equal(site.readonlyRootFilesystem, false);
    }
  });

  it("changes nothing when it is run again", async () => {
    await init("--yes");
    const first = repository.files(".");
    const { code, stdout } = await init("--yes");
    assert.equal(code, 0);
    assert.match(stdout, /^Nothing to do: infra has the project of shop already/);
    assert.deepEqual(repository.files("."), first);
  });

  it("keeps what is there, and writes what is missing", async () => {
    repository.lay("infra/package.json", '{ "name": "theirs" }\n');
    const { code, stdout } = await init("--yes");
    assert.equal(code, 0);
    assert.equal(repository.files("infra")["package.json"], '{ "name": "theirs" }\n');
    assert.match(stdout, /package\.json is yours: the first command adds to it/);
    assert.match(
      stdout,
      /cd infra && npm install gantry@\S+ && npm install --save-dev gantry-rehearsal@\S+\n/,
      "actions install no packages for development",
    );
  });

  const own = {
    "package.json": '{ "name": "shop", "main": "index.js" }\n',
    "tsconfig.json": "{}\n",
    "index.ts": "console.log(1);\n",
    ".gitignore": "dist/\n",
  };
  const roots: Root[] = [
    [
      "files of these names",
      own,
      'import { environment } from "gantry";\n\nexport = environment();\n',
      { main: "gantry.ts", options: { tsconfig: "tsconfig.gantry.json" } },
    ],
    [
      "a package of ES modules",
      { ...own, "package.json": '{ "name": "shop", "type": "module" }\n' },
      'import { environment } from "gantry";\n\nexport default environment();\n',
      { main: "gantry.mjs", options: { typescript: false } },
    ],
  ];
  for (const [what, theirs, program, { main, options }] of roots) {
    it(`goes into a root that has ${what}, and touches none of them`, async () => {
      for (const [name, content] of Object.entries(theirs)) repository.lay(name, content);
      const { code, stdout } = await init("--yes", "--folder", ".");
      assert.equal(code, 0);
      const files = repository.files(".");
      for (const [name, content] of Object.entries(theirs)) assert.equal(files[name], content);
      assert.equal(files[main], program);
      assert.deepEqual(parse(files["Pulumi.yaml"]), {
        name: "shop",
        description: "Staging and production of shop on AWS",
        main,
        runtime: { name: "nodejs", options: { packagemanager: "npm", ...options } },
      });
      assert.match(stdout, /\.gitignore is yours: add node_modules\/ to it/);
      assert.match(stdout, /Next:\n {2}npm install gantry@/);
      await init("--yes", "--folder", ".");
      assert.deepEqual(repository.files("."), files, "a second time");
    });
  }

  it("goes two levels down, and is called from anywhere in the repository", async () => {
    process.chdir(join(repository.root, "services"));
    const { stdout } = await init("--yes", "--folder", "../deploy/aws");
    assert.match(stdout, /^Wrote into deploy\/aws:/);
    assert.match(stdout, /cd \.\.\/deploy\/aws && npm install/);
    const { root } = await readTarget(join(repository.root, "deploy/aws"), "staging");
    assert.equal(root, repository.root);
  });

  it("is npm's beside another manager, and says so", async () => {
    repository.lay("pnpm-workspace.yaml", "packages: [packages/*]\n");
    const { stdout } = await init("--yes");
    assert.match(stdout, /Its packages are npm's, beside pnpm's: pipelines install them by npm ci/);
    assert.match(stdout, /cd infra && npm install\n/);
  });

  it("takes services as they are given, and a name and a region", async () => {
    const services = ["--service", "web=services/api:9000", "--service", "mail=jobs/Dockerfile"];
    const { code } = await init("--yes", ...services, "--name", "store", "--region", "us-east-2");
    assert.equal(code, 0);
    const { config, region } = await readTarget(join(repository.root, "infra"), "staging");
    assert.deepEqual([config.name, region], ["store", "us-east-2"]);
    const { web, mail } = config.services;
    assert.ok(web.kind === "web" && web.port === 9000);
    assert.equal(mail.kind, "worker");
  });

  it("writes nothing where the region is none, and says which was probably meant", async () => {
    const { stderr } = await init("--yes", "--region", "us-eats-1");
    assert.match(stderr, /--region is us-eats-1; allowed: a region of AWS .*; write us-east-1\./);
    assert.equal(repository.git("status", "--porcelain", "infra"), "");
  });

  it("names where commits come from", async () => {
    repository.git("remote", "add", "origin", "git@github.com:acme/store.git");
    repository.git("checkout", "--quiet", "-b", "trunk");
    await init("--yes");
    const files = repository.files("infra");
    assert.match(
      files["Pulumi.staging.yaml"],
      /# {3}source: \{ type: github, repository: acme\/store, branch: trunk, connectionArn: /,
    );
    assert.match(files["Pulumi.yaml"], /^name: store$/m);
  });

  describe("--github", () => {
    const workflow = ".github/workflows/preview.yml";

    beforeEach(() => {
      repository.git("remote", "add", "origin", "git@github.com:acme/shop.git");
    });

    it("writes the workflow beside the project, and the role's config", async () => {
      const { code, stdout, stderr } = await init("--yes", "--github", "--region", "us-east-2");
      assert.deepEqual([code, stderr], [0, ""]);
      const files = repository.files(".");
      assert.equal(
        files[workflow],
        previewWorkflow({
          ...{ name: "shop", folder: "infra" },
          stacks: ["staging", "production"].map((stack) => ({ stack, region: "us-east-2" })),
        }),
      );
      for (const stack of ["staging", "production"]) {
        const { config } = await readTarget(join(repository.root, "infra"), stack);
        assert.deepEqual(config.pullRequests, { repository: "acme/shop" });
        assert.match(
          stdout,
          new RegExp(`gh variable set GANTRY_${stack.toUpperCase()}_ROLE_ARN --body .*${stack}`),
        );
      }
      assert.match(stdout, /\nWrote \.github\/workflows\/preview\.yml: /);
      const again = await init("--yes", "--github");
      assert.match(again.stdout, /^Nothing to do/);
      assert.deepEqual(repository.files("."), files);
    });

    it("comes to a project that is there: in its regions, and says what is missing in its config", async () => {
      await init("--yes", "--region", "ap-south-1");
      const before = repository.files("infra");
      const { stdout } = await init("--yes", "--github");
      assert.deepEqual(repository.files("infra"), before);
      assert.match(repository.files(".")[workflow], /stack: production, region: ap-south-1/);
      assert.match(
        stdout,
        /Yours: add gantry:pullRequests: \{ repository: acme\/shop \} to Pulumi\.staging\.yaml, Pulumi\.production\.yaml\./,
      );
    });

    it("keeps a workflow of this name that is there", async () => {
      repository.lay(workflow, "name: theirs\n");
      const { stdout } = await init("--yes", "--github");
      assert.equal(repository.files(".")[workflow], "name: theirs\n");
      assert.match(stdout, /Kept as it is: \.github\/workflows\/preview\.yml\./);
    });

    it("fails where commits come from elsewhere, and writes nothing", async () => {
      repository.git("remote", "set-url", "origin", "codecommit://shop");
      const before = repository.files(".");
      const { code, stderr } = await init("--yes", "--github");
      assert.equal(code, 1);
      assert.match(stderr, /--github is for a repository at GitHub.*git remote add origin/);
      assert.deepEqual(repository.files("."), before);
    });
  });

  const refused: [string, string[], RegExp, number, Record<string, string>?][] = [
    ["nobody can be asked", [], /no terminal to ask at: gantry init --yes[^]*services\/api/, 1],
    ["a name that config refuses", ["--yes", "--name", "Sg_x"], /makes no config[^]*Sg_x/, 1],
    ["a service that is not there", ["--yes", "--service", "a=nope"], /there is no nope in/, 1],
    ["a service without a place", ["--yes", "--service", "api"], /such as api=services\/api/, 2],
    [
      "the same service twice",
      ["--yes", "--service", "a=jobs", "--service", "a=services/api"],
      /There are two services a/,
      2,
    ],
    [
      "the root's packages are another manager's",
      ["--yes", "--folder", "."],
      /are yarn's.*--folder infra/,
      1,
      { "yarn.lock": "" },
    ],
    ["a folder outside", ["--yes", "--folder", "../other"], /is outside of the repository/, 1],
  ];
  for (const [what, args, wanted, code, theirs = {}] of refused) {
    it(`fails when ${what}, and writes nothing`, async () => {
      for (const [path, content] of Object.entries(theirs)) repository.lay(path, content);
      const files = repository.files(".");
      const answer = await init(...args);
      assert.equal(answer.code, code, answer.stderr);
      assert.match(answer.stderr, wanted);
      assert.deepEqual(repository.files("."), files);
    });
  }

  it("fails where there is no Dockerfile, and names those that were left out", async () => {
    repository.git("rm", "-rfq", "--cached", "--ignore-unmatch", ".");
    const { stderr } = await (async () => {
      const empty = aRepository();
      process.chdir(empty.root);
      empty.lay("Dockerfile.dev", "FROM a");
      const answer = await init("--yes");
      process.chdir(repository.root);
      empty.remove();
      return answer;
    })();
    assert.match(stderr, /no Dockerfile of a service was found[^]*Dockerfile\.dev was left out/);
  });

  it("fails in a folder of another Pulumi program", async () => {
    repository.lay("infra/Pulumi.yaml", "name: theirs\nruntime: nodejs\n");
    repository.lay("infra/index.ts", 'import * as aws from "@pulumi/aws";\n');
    const { code, stderr } = await init("--yes");
    assert.equal(code, 1);
    assert.match(stderr, /has a Pulumi project of another program.*--folder gantry/);
  });
});
