import assert from "node:assert/strict";
import { lstatSync, mkdirSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { findServices } from "../../../cli/init/findServices";
import { originOf } from "../../../cli/init/repository";
import { sourceFiles } from "../../../cli/init/sourceFiles";
import { gantry } from "../support";
import { aRepository, type Repository } from "./repository";

const exposed = "FROM node:22\nEXPOSE 80\n";

describe("a repository of whatever kind", () => {
  let repository: Repository;
  const before = process.cwd();
  beforeEach(() => {
    repository = aRepository();
    process.chdir(repository.root);
  });
  afterEach(() => {
    process.chdir(before);
    repository.remove();
  });

  const lay = (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) repository.lay(path, content);
  };

  async function found(files: Readonly<Record<string, string>>) {
    lay(files);
    const { services, leftOut } = findServices(repository.root, await sourceFiles(repository.root));
    return {
      services: services.map(({ name, dockerfile, port }) => `${name} ${dockerfile} ${port}`),
      leftOut: leftOut.map(({ path, reason }) => `${path}: ${reason}`),
    };
  }

  type Layout = [
    what: string,
    files: Readonly<Record<string, string>>,
    services: string[],
    leftOut?: string[],
  ];
  const layouts: Layout[] = [
    [
      "names with hyphens and underscores",
      { "Dockerfile-api": exposed, Dockerfile_jobs: "FROM a", "mail-dockerfile": "FROM a" },
      ["api Dockerfile-api 80", "jobs Dockerfile_jobs undefined", "mail mail-dockerfile undefined"],
    ],
    [
      "no templates",
      { "Dockerfile.j2": "FROM a", "Dockerfile.tmpl": "FROM a", Dockerfile: exposed },
      ["web Dockerfile 80"],
    ],
    [
      "of several builds of one service that of production",
      { Dockerfile: "FROM a", "Dockerfile.prod": exposed, "api.Dockerfile": "FROM a" },
      ["web Dockerfile.prod 80", "api api.Dockerfile undefined"],
      ["Dockerfile: another build of Dockerfile.prod"],
    ],
    [
      "of several builds the plain one, else the first",
      { "a/Dockerfile": exposed, "a/Dockerfile.alpine": "FROM a", "b/Dockerfile.slim": "FROM a" },
      ["a a/Dockerfile 80", "b b/Dockerfile.slim undefined"],
      ["a/Dockerfile.alpine: another build of a/Dockerfile"],
    ],
    [
      "one compose file in a folder, as Compose does",
      {
        "compose.yaml": "services: { app: { build: . } }\n",
        "docker-compose.yml": "services: { app: { build: . } }\n",
        "docker-compose.override.yaml": "services: { app: { command: dev } }\n",
        Dockerfile: exposed,
      },
      ["app Dockerfile 80"],
      [
        "docker-compose.override.yaml: Compose takes it only where it is told to",
        "docker-compose.yml: Compose takes compose.yaml beside it",
      ],
    ],
    [
      "of a compose file what is not run here, and why",
      {
        "compose.yaml": [
          "services:",
          '  web: { build: "${FOLDER:-app}", ports: ["8000"] }',
          '  api: { build: "${API}" }',
          "  db: { image: postgres:17 }",
          "  tool: { build: app, profiles: [tools] }",
          "  gone: { build: nowhere }",
          "  empty:",
          "  text: { build: { dockerfile_inline: FROM a } }",
          "  other: { build: 'https://github.com/acme/other.git' }",
        ].join("\n"),
        "app/Dockerfile": exposed,
      },
      ["web app/Dockerfile 8000"],
      [
        "api of compose.yaml: ${API} comes of the shell or .env, which are not read",
        "db of compose.yaml: its image is built elsewhere",
        "tool of compose.yaml: it runs with a profile only",
        "empty of compose.yaml: it has no build",
        "text of compose.yaml: its Dockerfile is text in that file",
        "other of compose.yaml: it is built of another repository",
        "gone of compose.yaml: there is no nowhere/Dockerfile",
      ],
    ],
    [
      "what cannot be read, and why",
      { "compose.yaml": "services: [a\n", "a/Dockerfile": "", "b/Dockerfile": "words\n" },
      [],
      [
        "compose.yaml: no YAML that can be read",
        "a/Dockerfile: it has no FROM",
        "b/Dockerfile: it has no FROM",
      ],
    ],
    [
      "servers by their images, and letters without their accents",
      { "ünï/Dockerfile": "FROM php:8.3-apache\n", "b/Dockerfile": "FROM nginx:1.29-alpine\n" },
      ["b b/Dockerfile 80", "uni ünï/Dockerfile 80"],
    ],
    [
      "two of one name without a folder to tell them by",
      { "build/Dockerfile.api": exposed, "api.Dockerfile": exposed },
      ["api api.Dockerfile 80", "api-2 build/Dockerfile.api 80"],
    ],
  ];
  for (const [what, files, services, leftOut = []] of layouts) {
    it(what, async () => assert.deepEqual(await found(files), { services, leftOut }));
  }

  it("is read without what git still has but is deleted, links to nothing, and links twice", async () => {
    lay({ "a/Dockerfile": exposed, "b/Dockerfile": exposed });
    repository.git("add", "--all");
    unlinkSync("b/Dockerfile");
    symlinkSync("..", "a/loop");
    symlinkSync("a/Dockerfile", "Dockerfile");
    symlinkSync("nowhere", "c.Dockerfile");
    symlinkSync("d.Dockerfile", "d.Dockerfile");
    assert.deepEqual(await found({}), { services: ["a a/Dockerfile 80"], leftOut: [] });
  });

  it("has a command with a secret left out, and says so in the stack file", async () => {
    lay({
      Dockerfile: exposed,
      "compose.yaml": "services: { web: { build: ., command: serve --password hunter2hunter2 } }\n",
    });
    const { code } = await gantry(["init", "--yes"]);
    assert.equal(code, 0);
    const text = repository.files("infra")["Pulumi.staging.yaml"];
    assert.match(text, /# Its command there has what looks like a secret: write it here/);
    assert.doesNotMatch(text, /hunter2/);
  });

  const broken: [what: string, lay: () => void, wanted: RegExp][] = [
    ["is a file", () => lay({ infra: "x" }), /infra is a file: name a folder .*--folder gantry/],
    ["is below a file", () => lay({ deploy: "x" }), /deploy is a file/],
    ["is a link to nothing", () => symlinkSync("nowhere", "infra"), /infra is a link to nothing/],
    ["is a link elsewhere", () => symlinkSync("..", "infra"), /infra is a link out of .*shop:/],
    [
      "has a Pulumi.yaml that is none",
      () => lay({ "infra/Pulumi.yaml": "name: [x\n" }),
      /infra\/Pulumi\.yaml is no YAML: .*Fix it, or name another folder/,
    ],
  ];
  for (const [what, make, wanted] of broken) {
    it(`fails where the project's folder ${what}, and writes nothing`, async () => {
      lay({ Dockerfile: exposed });
      make();
      const files = repository.git("status", "--porcelain", "--untracked-files=all");
      const below = what === "is below a file" ? ["--folder", "deploy/aws"] : [];
      const { code, stderr } = await gantry(["init", "--yes", ...below]);
      assert.equal(code, 1);
      assert.match(stderr, wanted);
      assert.equal(repository.git("status", "--porcelain", "--untracked-files=all"), files);
    });
  }

  it("tells what of the project git ignores", async () => {
    lay({ Dockerfile: exposed, ".gitignore": "Pulumi.*.yaml\n" });
    const { stdout } = await gantry(["init", "--yes"]);
    assert.match(
      stdout,
      /git ignores infra\/Pulumi\.staging\.yaml, infra\/Pulumi\.production\.yaml:\npipelines have what is committed/,
    );
    repository.lay(".gitignore", "node_modules\n");
    assert.doesNotMatch((await gantry(["init", "--yes"])).stdout, /git ignores/);
  });

  it("delivers its main branch, whichever is checked out, and says where no pipeline follows it", async () => {
    lay({ Dockerfile: exposed });
    const who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    repository.git(...who, "commit", "--quiet", "--allow-empty", "--message=first");
    repository.git("branch", "--move", "master");
    repository.git("checkout", "--quiet", "-b", "feature/search");
    assert.equal((await originOf(repository.root)).branch, "master");
    repository.git("checkout", "--quiet", "--detach");
    assert.equal((await originOf(repository.root)).branch, "master");
    repository.git("branch", "--quiet", "--delete", "--force", "master");
    repository.git("checkout", "--quiet", "feature/search");
    assert.equal((await originOf(repository.root)).branch, "feature/search");
    await gantry(["init", "--yes"]);
    const text = () => repository.files("infra")["Pulumi.staging.yaml"];
    assert.doesNotMatch(text(), /remote is none of them/);
    repository.git("remote", "add", "origin", "https://git.example.com/acme/shop.git");
    rmSync("infra", { recursive: true });
    await gantry(["init", "--yes"]);
    assert.match(
      text(),
      /# It follows GitHub, CodeCommit or an archive in S3; this repository's remote/,
    );
  });

  it("says so where it goes beside another tool's files without having been told to", async () => {
    lay({ Dockerfile: exposed, "deploy/main.tf": "" });
    lay({ "infra/main.tf": "", "infra/a.tf": "", "infra/variables.tf": "", "infra/z.tf": "" });
    const init = async (...args: string[]) => (await gantry(["init", "--yes", ...args])).stdout;
    const said = /infra had a\.tf, main\.tf, variables\.tf and more: they stay/;
    assert.match(await init(), said);
    assert.doesNotMatch(await init(), said);
    assert.doesNotMatch(await init("--folder", "deploy"), /had main\.tf/);
  });

  it("keeps a link that leads nowhere as it is", async () => {
    lay({ Dockerfile: exposed });
    mkdirSync("infra");
    symlinkSync("nowhere", "infra/index.ts");
    const { code, stdout } = await gantry(["init", "--yes"]);
    assert.equal(code, 0);
    assert.match(stdout, /Kept as they are: index\.ts\./);
    assert.ok(lstatSync(join(repository.root, "infra/index.ts")).isSymbolicLink());
  });
});
