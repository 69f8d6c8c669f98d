import assert from "node:assert/strict";
import { painter } from "../../cli/paint";
import { aProject, gantry, stackFile, type Project } from "./support";

describe("gantry status --all", () => {
  let project: Project;

  before(() => {
    project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
    project.lay("Pulumi.production.yaml", stackFile({ web: { build: "app", prt: 1 } }));
  });

  after(() => project.remove());

  const status = (...args: string[]) => gantry(["status", "--folder", project.folder, ...args]);

  /** Nobody answers there, and nobody is signed in. */
  async function unanswered<T>(work: () => Promise<T>): Promise<T> {
    const own = { AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" };
    const { env } = process;
    process.env = { ...env, ...own, AWS_SECRET_ACCESS_KEY: "secret", AWS_MAX_ATTEMPTS: "1" };
    try {
      return await work();
    } finally {
      process.env = env;
    }
  }

  it("needs no stack, and takes none", async () => {
    const { code, stderr } = await status("--all", "--stack", "staging");
    assert.equal(code, 2);
    assert.match(stderr, /--all is of every stack: leave the stack out/);
    assert.match((await status()).stderr, /--stack <stack>, or GANTRY_STACK, or --all/);
  });

  it("takes no heed of the variable that names a stack", async () => {
    const { stderr } = await gantry(["status", "--all", "--folder", "/nowhere"], {
      GANTRY_STACK: "staging",
    });
    assert.match(stderr, /there is no Pulumi\.yaml in \/nowhere/);
  });

  it("makes a page of every environment only", async () => {
    const { code, stderr } = await status("--stack", "staging", "--html", "x.html");
    assert.equal(code, 2);
    assert.match(stderr, /--html is of every environment: give --all/);
  });

  it("tells of each why it cannot be read, and fails where that is so of all", async () => {
    const { code, stdout } = await unanswered(() => status("--all"));
    assert.equal(code, 1);
    assert.match(stdout, /^production +- .* CANNOT BE READ$/m);
    assert.match(stdout, /^shop staging +eu-west-1 .* CANNOT BE READ$/m);
    assert.match(stdout, /ECONNREFUSED/);
    assert.doesNotMatch(stdout, /\u001b/);
  }).timeout(120_000);

  it("says where a page cannot be written", async () => {
    const { code, stderr } = await unanswered(() =>
      status("--all", "--html", `${project.folder}/no/x.html`),
    );
    assert.equal(code, 1);
    assert.match(stderr, /the page cannot be written: .*--html <file>/);
  }).timeout(120_000);
});

describe("colours", () => {
  it("are for a terminal that shows them, and for nobody who wants none", () => {
    const terminal = { isTTY: true };
    assert.equal(painter(terminal, {})("bad", "DRIFT"), "\u001b[31mDRIFT\u001b[0m");
    assert.equal(painter({}, {})("bad", "DRIFT"), "DRIFT");
    assert.equal(painter(terminal, { NO_COLOR: "1" })("bad", "DRIFT"), "DRIFT");
    assert.equal(painter(terminal, { TERM: "dumb" })("bad", "DRIFT"), "DRIFT");
  });
});
