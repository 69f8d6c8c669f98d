import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../../cli/describeError";
import { DeliveryError } from "../../delivery/errors";
import { aProject, gantry, stackFile, type Project } from "./support";

const root = join(__dirname, "../..");

/** `gantry` in a process of its own, where nobody is signed in at AWS. */
function spawned(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const own = { PATH: process.env.PATH, HOME: "/nowhere", AWS_EC2_METADATA_DISABLED: "true" };
  return spawnSync(process.execPath, [join(root, "cli/gantry.js"), ...args], {
    encoding: "utf8",
    env: { ...own, ...env },
  });
}

describe("the command gantry", () => {
  let project: Project;

  beforeEach(() => {
    project = aProject();
    configure("true");
  });

  afterEach(() => project.remove());

  function configure(verify: string): void {
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app", verify } }));
    project.lay("app/Dockerfile", "FROM scratch\n");
    project.lay(
      "release.json",
      JSON.stringify({
        id: "3f9c2a1b-17",
        commit: `3f9c2a1b${"0".repeat(32)}`,
        createdAt: "2026-01-31T12:00:00Z",
        images: {
          web: { uri: "example.com/web", tag: "3f9c2a1b", digest: `sha256:${"a".repeat(64)}` },
        },
      }),
    );
  }

  const verify = (output = join(project.folder, "out")) => [
    ...["verify", "--stack", "staging", "--folder", project.folder, "--output", output],
    ...["--release", join(project.folder, "release.json"), "--url", "web=https://example.com"],
  ];

  it("prints its result alone, and writes what a buildspec reads", async () => {
    configure("echo noise; echo noise >&2");
    const { code, stdout, stderr } = await gantry(verify());
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "passed\n" });
    assert.match(stderr, /noise\nnoise/);
    assert.equal(readFileSync(join(project.folder, "out/verified"), "utf8"), "passed\n");
    const written = readFileSync(join(project.folder, "out/verification.json"), "utf8");
    assert.equal((JSON.parse(written) as { release: string }).release, "3f9c2a1b-17");
  });

  it("ends with 0 where a verification failed: conclude is what acts on it", async () => {
    configure("exit 3");
    const { code, stdout } = await gantry(verify());
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "failed\n" });
  });

  it("says where it cannot write", async () => {
    project.lay("taken", "");
    const { code, stdout, stderr } = await gantry(verify(join(project.folder, "taken/out")));
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, /the result cannot be written: .*taken.*--output <folder>/);
  });

  it("shows every fault of a stack's config, and nothing of itself", async () => {
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app", prt: 1, cpu: "much" } }));
    const { code, stderr } = await gantry(verify());
    assert.equal(code, 1);
    assert.match(stderr, /gantry:services\.web\.prt[^]*did you mean port\?/);
    assert.match(stderr, /gantry:services\.web\.cpu/);
    assert.doesNotMatch(stderr, /^ +at /m);
  });

  it("says that nobody is signed in at AWS", () => {
    const { status, stdout, stderr } = spawned([
      ...["status", "--stack", "staging", "--folder", project.folder],
    ]);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
    assert.match(stderr, /^gantry: no AWS credentials were found: .*\n {2}Set AWS_PROFILE/);
    assert.doesNotMatch(stderr, /^ +at /m);
  });

  it("hands its exit code on, and needs no folder of its own to be run in", () => {
    const { status, stderr } = spawned(["stauts"], { PWD: "/" });
    assert.equal(status, 2);
    assert.match(stderr, /Did you mean status\?/);
  });

  it("answers help without AWS's and Pulumi's packages, which take a second to load", () => {
    const script = `
      require("./cli/main").main(["deploy", "--help"]).then(() => {
        const loaded = Object.keys(require.cache).map((file) => file.split("node_modules/").at(-1));
        process.stderr.write(loaded.filter((file) => /^(@aws-sdk|@pulumi|@smithy|zod|yaml)/.test(file)).join());
      });`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["-r", "ts-node/register", "-e", script],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^Usage: gantry deploy/);
    assert.equal(stderr, "");
  });
});

describe("describeError", () => {
  const ofAws = (name: string, message: string, more: object) =>
    Object.assign(new Error(message), { name, ...more });

  it("has three stars in the place of what looks like a secret, whoever said it", () => {
    const url = "https://ci:hunter2@npm.example.com/shop";
    const error = new DeliveryError(`npm could not reach ${url}`, [`npm error 401: GET ${url}`]);
    assert.doesNotMatch(describeError(error), /hunter2/);
    assert.doesNotMatch(describeError(new Error(`no route to ${url}`)), /hunter2/);
  });

  it("shows a refusal with its details, and no trace", () => {
    const error = new DeliveryError("it is refused", ["first", "second"]);
    assert.equal(describeError(error), "gantry: it is refused\n  first\n  second");
  });

  it("shows what AWS said, with the request that its support asks for", () => {
    const error = ofAws("AccessDeniedException", "not authorized to perform: ecr:PutImage", {
      $metadata: { requestId: "r-1", httpStatusCode: 400 },
    });
    assert.equal(
      describeError(error),
      "gantry: AWS refused: AccessDeniedException: not authorized to perform: ecr:PutImage (request r-1)",
    );
  });

  it("tells silence from a refusal", () => {
    const error = ofAws("Error", "connect ECONNREFUSED 127.0.0.1:9", {
      ...{ code: "ECONNREFUSED", syscall: "connect", $metadata: { attempts: 10 } },
    });
    assert.match(describeError(error), /^gantry: AWS does not answer: connect ECONNREFUSED/);
    assert.match(describeError(error), /AWS_ENDPOINT_URL/);
  });

  it("asks for a report of a defect, with its trace", () => {
    assert.match(
      describeError(new TypeError("x is undefined")),
      /defect[^]*TypeError: x[^]*\n +at /,
    );
    assert.match(describeError("thrown text"), /^gantry: 'thrown text'$/);
  });
});
