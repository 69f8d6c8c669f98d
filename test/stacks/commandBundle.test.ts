import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { makeProgram } from "../../cli/main";
import { leavesOf } from "../../cli/mcp";
import { wordsOf } from "../../cli/mcp/tools";
import { commandBundle, gantryFolder } from "../../stacks/commandBundle";

const parts = [
  "cli",
  "components",
  "contract",
  "delivery",
  "operations",
  "importers",
  "stacks",
  "package.json",
  "package-lock.json",
];

/** Where packages are that a program is installed with, relative to its folder. */
function installedPlaces(): string[] {
  const lock = readFileSync(join(gantryFolder, "package-lock.json"), "utf8");
  const { packages } = JSON.parse(lock) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  return Object.entries(packages).flatMap(([place, { dev = false }]) =>
    /^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) && !dev && existsSync(join(gantryFolder, place))
      ? [place]
      : [],
  );
}

describe("the command as one bundle", () => {
  let folder: string;
  let bundle: string;

  before(function () {
    // Seconds, on a busy machine many.
    this.timeout(300_000);
    folder = realpathSync(mkdtempSync(join(tmpdir(), "gantry-checkout-")));
    // Another checkout, with its packages elsewhere and none of development's, as the actions of a pipeline have them.
    for (const part of parts)
      cpSync(join(gantryFolder, part), join(folder, part), { recursive: true });
    for (const place of installedPlaces()) {
      mkdirSync(dirname(join(folder, place)), { recursive: true });
      symlinkSync(join(gantryFolder, place), join(folder, place));
    }
    bundle = commandBundle(folder);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The bundle alone in a folder, where no package is found. */
  function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const alone = mkdtempSync(join(tmpdir(), "gantry-alone-"));
    try {
      const file = join(alone, "gantry.js");
      writeFileSync(file, readFileSync(bundle));
      return spawnSync(process.execPath, [file, ...args], {
        cwd: alone,
        encoding: "utf8",
        env: { PATH: process.env.PATH, HOME: alone, ...env },
      });
    } finally {
      rmSync(alone, { recursive: true, force: true });
    }
  }

  it("has the same bytes wherever it is made", function () {
    this.timeout(300_000);
    assert.ok(readFileSync(bundle).equals(readFileSync(commandBundle())));
  });

  it("runs alone, without a package, and says its version", () => {
    const { stdout, stderr, status } = run(["--version"]);
    assert.equal(status, 0, stderr);
    const { version } = JSON.parse(readFileSync(join(gantryFolder, "package.json"), "utf8")) as {
      readonly version: string;
    };
    assert.equal(stdout.trim(), version);
  });

  it("has what each command loads when it runs", () => {
    const project = mkdtempSync(join(tmpdir(), "gantry-project-"));
    try {
      for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
        cpSync(join(gantryFolder, file), join(project, file));
      }
      const given: Readonly<Record<string, readonly string[]>> = {
        run: ["report"],
        diff: ["staging", "production"],
        exec: ["web"],
        scale: ["web", "2"],
        mirror: ["redis:7.4"],
        "secret set": ["API_KEY"],
        "secret rm": ["API_KEY"],
        "secret copy": ["API_KEY", "--to", "production"],
        build: ["--service", "web"],
        release: ["--number", "1", "--output", project, "--results", "s3://acme/results"],
        plan: ["--output", project],
        prepare: ["--output", project],
        verify: ["--output", project],
        confirm: ["--output", project],
        explain: [
          "--product",
          "shop",
          "--service",
          "arn:aws:ecs:eu-west-1:123456789012:service/shop--staging/shop--staging--web",
          "--event",
          "SERVICE_TASK_START_IMPAIRED",
          "--topic",
          "arn:aws:sns:eu-west-1:123456789012:shop--staging--notifications",
        ],
        override: ["--reason", "fixes the checkout"],
        promote: [
          "--to",
          "production",
          "--role-arn",
          "arn:aws:iam::123456789012:role/receive",
          "--region",
          "eu-west-1",
          "--bucket",
          "acme",
        ],
      };
      const env = {
        // Nobody answers there.
        AWS_ENDPOINT_URL: "http://127.0.0.1:9",
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
        AWS_SECRET_ACCESS_KEY: "none",
        AWS_MAX_ATTEMPTS: "1",
        CODEBUILD_SRC_DIR_Release: project,
        CODEBUILD_SRC_DIR_Verification: project,
      };
      for (const command of leavesOf(makeProgram())) {
        const name = wordsOf(command);
        // They make a project, where the others work on one, or know nothing of any.
        if (["init", "import", "config schema", "completion", "complete"].includes(name)) continue;
        // A rehearsal is of both stacks.
        const isOfOne = command.options.some(({ long }) => long === "--stack");
        const stack = isOfOne ? ["--stack", "staging"] : [];
        const { status, stderr } = run(
          [...name.split(" "), ...stack, "--folder", project, ...(given[name] ?? [])],
          env,
        );
        assert.equal(status, 1, `${name}: ${stderr}`);
        assert.match(stderr, /^gantry: /m, name);
        assert.doesNotMatch(stderr, /defect|Cannot find module/, name);
      }
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  }).timeout(120_000);

  it("finds a project two levels down, of which its own pipeline tells it", () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "gantry-repository-")));
    try {
      const infra = join(root, "deploy/infra");
      mkdirSync(infra, { recursive: true });
      for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
        cpSync(join(gantryFolder, file), join(infra, file));
      }
      const env = {
        CODEBUILD_SRC_DIR: root,
        CODEBUILD_BUILD_ID: "shop:1",
        GANTRY_STACK: "staging",
      };
      const told = (folder: string) =>
        spawnSync(process.execPath, [bundle, "plan", "--output", ".gantry/plan"], {
          cwd: root,
          encoding: "utf8",
          env: {
            PATH: process.env.PATH,
            HOME: root,
            AWS_REGION: "eu-west-1",
            ...env,
            GANTRY_FOLDER: folder,
          },
        }).stderr;
      // It has read the project, and looks for the release where a promoted source has it: at the repository's root.
      const stderr = told("deploy/infra");
      assert.match(stderr, /^gantry \d+\.\d+\.\d+: plan of staging\n/);
      assert.ok(stderr.includes(join(root, ".release/release.json")), stderr);
      assert.match(told("."), /there is no Pulumi\.yaml in /);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it("is made anew when a source is newer, and else left as it is", function () {
    this.timeout(300_000);
    const old = new Date(Date.now() - 3_600_000);
    writeFileSync(bundle, "// as it was");
    assert.equal(readFileSync(commandBundle(folder), "utf8"), "// as it was");
    utimesSync(bundle, old, old);
    assert.notEqual(readFileSync(commandBundle(folder), "utf8"), "// as it was");
  });

  it("is the package's own where there are no sources, and missed where it is not there", () => {
    const packed = mkdtempSync(join(tmpdir(), "gantry-package-"));
    try {
      assert.throws(() => commandBundle(packed), /dist\/bundle\/gantry\.js is missing: .*npm ci/s);
      mkdirSync(join(packed, "dist/bundle"), { recursive: true });
      writeFileSync(join(packed, "dist/bundle/gantry.js"), "// packed");
      assert.equal(readFileSync(commandBundle(packed), "utf8"), "// packed");
    } finally {
      rmSync(packed, { recursive: true, force: true });
    }
  });

  it("says what to do where it cannot be made", () => {
    const broken = mkdtempSync(join(tmpdir(), "gantry-broken-"));
    try {
      for (const part of parts)
        cpSync(join(gantryFolder, part), join(broken, part), { recursive: true });
      assert.throws(() => commandBundle(broken), /cannot be bundled.*esbuild.*Run npm ci in /s);
    } finally {
      rmSync(broken, { recursive: true, force: true });
    }
  });
});
