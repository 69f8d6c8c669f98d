import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFile, spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { teamLayouts } from "./teamLayouts";

const root = join(__dirname, "../..");
const run = promisify(execFile);

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** A team's own folder, in which the packed tarballs are all that there is of Gantry. */
describe("the package", () => {
  let folder: string;
  let packed: Packed;
  let rehearsal: Packed;
  let policy: Packed;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "gantry-package-"));
    packed = await pack();
    rehearsal = await pack("--workspace", "gantry-rehearsal");
    policy = await pack("--workspace", "gantry-policy");
    lay("package.json", JSON.stringify({ name: "shop-infra", private: true }));
    const install = ["install", "--no-audit", "--no-fund", "--prefer-offline"];
    const made = [packed, rehearsal, policy].map(({ filename }) => filename);
    await run("npm", [...install, ...made], { cwd: folder });
    // Neither runs anything of Gantry's: Pulumi has its own for a team's index.ts.
    for (const name of ["ts-node", "@swc"]) {
      rmSync(join(folder, "node_modules", name), { recursive: true });
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  async function pack(...which: readonly string[]): Promise<Packed> {
    const args = ["pack", ...which, "--json", "--silent", "--pack-destination", folder];
    const { stdout } = await run("npm", args, { cwd: root });
    // What the build before it prints comes first.
    const [made] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as Packed[];
    return made;
  }

  function lay(path: string, content: string): void {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  function spawned(command: string, ...args: readonly string[]): SpawnSyncReturns<string> {
    return spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  }

  const tops = (paths: readonly string[]) =>
    [...new Set(paths.map((path) => path.split("/")[0]))].sort();

  it("is compiled: JavaScript with declarations and source maps, and no source of its own", () => {
    const paths = packed.files.map(({ path }) => path);
    isCompiled(paths);
    assert.ok(paths.includes(bundle), "what the actions of a pipeline start");
    const expected = ["LICENSE", "README.md", "buildspecs", "cli", "dist", "docs", "package.json"];
    assert.deepEqual(tops(paths), expected);
  });

  it("brings the command", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly version: string;
    };
    assert.equal(spawned("npx", "--no-install", "gantry", "--version").stdout, `${version}\n`);
    const { status, stderr } = spawned("npx", "--no-install", "gantry", "status", "-s", "staging");
    assert.equal(status, 1);
    assert.match(stderr, /Pulumi\.yaml/);
  });

  it("makes an environment of a team's config", () => {
    lay("program.cjs", program);
    const { stdout, stderr } = spawned("node", "program.cjs");
    assert.deepEqual(JSON.parse(stdout || "null"), { release: "bootstrap", services: 1 }, stderr);
  });

  it("makes a pipeline whose actions need no file of the team's repository but config", () => {
    // A project has one; without it those of folders further up would count.
    lay("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    lay("pipeline.cjs", pipeline);
    const { stdout, stderr } = spawned("node", "pipeline.cjs");
    const { key, buildspecs } = JSON.parse(stdout || "{}") as {
      readonly key: string;
      readonly buildspecs: readonly string[];
    };
    const bundle = readFileSync(join(folder, "node_modules/gantry/dist/bundle/gantry.js"));
    const hash = createHash("sha256").update(bundle).digest("hex");
    assert.equal(key, `bundles/${hash}.js`, stderr);
    assert.ok(buildspecs.length > 3);
    for (const text of buildspecs) assert.match(text, /^version: 0\.2\n.*node ~\/gantry\.cjs /s);
  });

  it("tells a team's TypeScript its types", () => {
    lay("index.ts", 'import { environment } from "gantry";\n\nexport = environment();\n');
    lay("resources.ts", resources);
    const options = ["--strict", "--noEmit", "--skipLibCheck", "--module", "node16"];
    const files = ["--target", "es2022", "index.ts", "resources.ts"];
    const { stdout } = spawned("node", "node_modules/typescript/bin/tsc", ...options, ...files);
    // What Pulumi's own templates have.
    const old = ["--strict", "--noEmit", "--skipLibCheck", "--module", "commonjs"];
    const told = spawned("node", "node_modules/typescript/bin/tsc", ...old, ...files).stdout;
    assert.equal(told, stdout);
    assert.match(stdout, /^resources\.ts\(9,3\): error TS2322: .*'NatStrategy'/);
    assert.equal(stdout.match(/error/g)?.length, 1, stdout);
  });

  it("has nothing else that can be imported", () => {
    const { stderr } = spawned("node", "-e", 'require("gantry/dist/cli/main")');
    assert.match(stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  describe("of the rehearsal", () => {
    it("is compiled too, and has its parts in Python and Go, without their tests", () => {
      const paths = rehearsal.files.map(({ path }) => path);
      isCompiled(paths);
      assert.deepEqual(tops(paths), ["README.md", "dist", "main.js", "package.json"]);
      const parts = paths.filter((path) => /\.(py|go|mod|sum|txt|mjs)$/.test(path));
      const sources = spawnSync("git", ["ls-files", "rehearsal"], { cwd: root, encoding: "utf8" });
      const wanted = sources.stdout
        .split("\n")
        .filter((path) => /\.(py|go|mod|sum|txt|mjs)$/.test(path))
        .filter((path) => !/_test\.go$|\/tests\/|build\.mjs$/.test(path));
      assert.ok(wanted.length > 100);
      assert.deepEqual(parts.sort(), wanted.map((path) => `dist/${path}`).sort());
    });

    it("is started by the command, and tells what is wrong with a team's config", () => {
      lay("Pulumi.yaml", "name: shop\nmain: index.ts\nruntime: nodejs\n");
      for (const stack of ["staging", "production"]) {
        const services = "{ web: { prot: 3000 } }";
        const config = `config:\n  aws:region: eu-west-1\n  gantry:services: ${services}\n`;
        lay(`Pulumi.${stack}.yaml`, config);
      }
      const { status, stderr } = spawned("npx", "--no-install", "gantry", "rehearse");
      assert.equal(status, 1);
      assert.match(stderr, /gantry:services\.web\.prot[^]*did you mean port\?/);
      assert.doesNotMatch(stderr, /at .*\.js:\d+/, "no stack trace for what the person can fix");
      const report = readFileSync(join(folder, ".gantry/report.json"), "utf8");
      assert.match(report, /did you mean port\?/);
      assert.equal(readFileSync(join(folder, ".gantry/.gitignore"), "utf8"), "*\n");
    });
  });

  describe("of the policy pack", () => {
    it("is compiled too", () => {
      const paths = policy.files.map(({ path }) => path);
      assert.deepEqual(tops(paths), [
        "PulumiPolicy.yaml",
        "README.md",
        "dist",
        "main.js",
        "package.json",
      ]);
      assert.ok(!paths.some((path) => path.endsWith(".ts")), "nothing imports it");
    });

    it("is started by Pulumi's runner, without TypeScript", async () => {
      const pack = join(folder, "node_modules/gantry-policy");
      const runner = join(folder, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
      const child = spawn(process.execPath, [runner, "127.0.0.1:1", pack], { cwd: pack });
      const said = await Promise.race(
        [child.stdout, child.stderr].map(async (stream) => String((await once(stream, "data"))[0])),
      );
      child.kill();
      assert.match(said, /^\d+\n$/, "the port that the engine connects to");
    });
  });

  describe("in a team's repository", () => {
    teamLayouts(() => join(folder, "node_modules/.bin/gantry"));
  });

  for (const entry of ["gantry", "components"]) {
    it(`has the public surface of docs/api/${entry}.api.md`, () => {
      const extractor = join(root, "node_modules/.bin/api-extractor");
      const { status, stdout, stderr } = spawnSync(
        extractor,
        ["run", "--config", join(root, `docs/api/${entry}.json`)],
        { encoding: "utf8" },
      );
      assert.equal(status, 0, `${stdout}${stderr}\nIf it shall change: npm run api`);
    });
  }
});

function isCompiled(paths: readonly string[]): void {
  const sources = paths.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));
  assert.deepEqual(sources, []);
  const modules = paths.filter((path) => /^dist\/.*\.js$/.test(path) && path !== bundle);
  assert.ok(modules.length > 0);
  for (const path of modules) {
    assert.ok(paths.includes(`${path}.map`), `${path}.map`);
    assert.ok(paths.includes(path.replace(/\.js$/, ".d.ts")), `the declarations of ${path}`);
  }
}

/** What the actions of a pipeline start: one file, of which there is nothing to debug into. */
const bundle = "dist/bundle/gantry.js";

/** The program of a stack, as Pulumi calls it, with an AWS that has everything. */
const program = `
const pulumi = require("@pulumi/pulumi");

const made = [];
const found = { id: "vpc-1", ids: ["subnet-1", "subnet-2"], json: "{}", names: [], values: [] };
const mocks = {
  newResource: ({ type, name, inputs }) => {
    made.push(type);
    return { id: name, state: { arn: "arn:aws:x:eu-west-1:123456789012:" + name, ...inputs } };
  },
  call: ({ inputs }) => ({ ...found, ...inputs }),
};

async function main() {
  await pulumi.runtime.setMocks(mocks, "shop", "staging");
  // The SDK's own mocks know no hooks.
  pulumi.runtime.getMonitor().registerResourceHook = (_, callback) => callback(null, {});
  pulumi.runtime.setAllConfig({
    "aws:region": "eu-west-1",
    "gantry:services": JSON.stringify({ web: { build: "app", port: 3000 } }),
  });
  const { release } = await require("gantry").environment()();
  await pulumi.runtime.disconnect();
  const services = made.filter((type) => type === "aws:ecs/service:Service").length;
  console.log(JSON.stringify({ release, services }));
}

main().catch((error) => {
  // Pulumi's own handler tells it to the engine, which is none here.
  console.error(error);
  process.exit(1);
});
`;

/** The same with a pipeline: what its actions run. */
const pipeline = program
  .replace(
    /"gantry:services":.*/,
    `"gantry:services": JSON.stringify({ web: { build: "app", port: 3000 } }),
    "gantry:pipeline": JSON.stringify({ source: { type: "codecommit", repository: "shop" } }),`,
  )
  .replace("made.push(type);", "made.push({ type, inputs });")
  .replace(
    /const services = .*\n.*/,
    `const of = (type) => made.filter((one) => one.type === type).map((one) => one.inputs);
  const [{ key }] = of("aws:s3/bucketObjectv2:BucketObjectv2");
  const buildspecs = of("aws:codebuild/project:Project").map(({ source }) => source.buildspec);
  console.log(JSON.stringify({ key, buildspecs }));`,
  );

const resources = `import { Network, Service, type NetworkArgs, type Transform } from "gantry/components";
import type { EnvironmentOutputs } from "gantry";

export const release = (outputs: EnvironmentOutputs): string => outputs.release;
export const vpc = (network: Network) => network.vpcId;
export const kept: Transform<number> = (value) => value;
export const args: NetworkArgs = {
  mode: "create",
  nat: "many",
};
export const service = (made: Service) => made.serviceArn;
`;
