import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { managerBeside } from "../../../cli/init/packageManager";

describe("the packages of a project beside those of its repository", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "gantry-manager-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function lay(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  }

  const pnpm = (...packages: string[]) => ({
    "pnpm-workspace.yaml": `packages: ${JSON.stringify(packages)}\n`,
  });
  const yarn = (workspaces: unknown) => ({
    "yarn.lock": "",
    "package.json": JSON.stringify({ workspaces }),
  });

  const beside: [string, Record<string, string>, string, string | undefined][] = [
    ["no other packages", {}, "infra", undefined],
    ["npm's", { "package-lock.json": "{}" }, "infra", undefined],
    ["npm's, in the same folder", { "package.json": "{}" }, ".", undefined],
    [
      "npm's workspace, as a member",
      { "package.json": '{"workspaces":["*"]}' },
      "infra",
      undefined,
    ],
    ["pnpm's, by its lock file", { "pnpm-lock.yaml": "" }, "infra", "pnpm"],
    ["yarn's, by its lock file", { "yarn.lock": "" }, "infra", "yarn"],
    ["bun's, by its lock file", { "bun.lock": "" }, "infra", "bun"],
    [
      "what corepack goes by",
      { "package.json": '{"packageManager":"pnpm@9.1.0"}' },
      "infra",
      "pnpm",
    ],
    [
      "npm's, as package.json says, whatever was left",
      { "package.json": '{"packageManager":"npm@11.0.0"}', "yarn.lock": "" },
      ".",
      undefined,
    ],
    ["pnpm's workspace, outside of it", pnpm("packages/*"), "infra", "pnpm"],
    ["pnpm's workspace, deeper than its members", pnpm("*"), "deploy/aws", "pnpm"],
    ["pnpm's workspace, taken out of it", pnpm("**", "!infra"), "infra", "pnpm"],
    ["yarn's workspace, outside of it", yarn({ packages: ["apps/**"] }), "infra", "yarn"],
    ["a package.json that is none", { "package.json": "{" }, "infra", undefined],
  ];
  for (const [what, files, place, wanted] of beside) {
    it(`are beside ${what}`, () => {
      lay(files);
      assert.equal(managerBeside(root, place), wanted);
    });
  }

  const refused: [string, Record<string, string>, string, RegExp][] = [
    [
      "the root's are pnpm's",
      { "pnpm-lock.yaml": "" },
      ".",
      /repository's root are pnpm's.*npm ci\. Name a folder of its own: --folder infra$/,
    ],
    [
      "the folder's own are yarn's",
      { "infra/yarn.lock": "" },
      "infra",
      /packages of infra are yarn's.*--folder gantry$/,
    ],
    [
      "it would be a member of pnpm's workspace",
      pnpm("packages/*", "./in*"),
      "infra",
      /infra would be a member of pnpm's workspace \(packages\/\*, \.\/in\*\).*Add "!infra" to packages in pnpm-workspace\.yaml, or name/,
    ],
    [
      "it would be a member of yarn's workspace",
      yarn(["deploy/**"]),
      "deploy/aws",
      /deploy\/aws would be a member of yarn's workspace.*Name a folder outside of it: --folder/,
    ],
  ];
  for (const [what, files, place, wanted] of refused) {
    it(`are refused where ${what}`, () => {
      lay(files);
      assert.throws(() => managerBeside(root, place), wanted);
    });
  }
});
