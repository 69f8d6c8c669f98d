import assert from "node:assert/strict";
import { join } from "node:path";
import { aProject, gantry, stackFile, type Project } from "./support";

describe("gantry maintenance", () => {
  let project: Project;

  beforeEach(() => {
    project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
  });

  afterEach(() => project.remove());

  const maintenance = (...args: string[]) =>
    gantry(["maintenance", ...args, "--stack", "staging", "--folder", project.folder]);

  /** Before anything is asked of AWS. */
  const refused = async (args: readonly string[], code: number, message: RegExp) => {
    const result = await maintenance(...args);
    assert.deepEqual([result.code, result.stdout], [code, ""]);
    assert.match(result.stderr, message);
  };

  it("fails when it is neither on nor off", async () => {
    await refused(["of"], 2, /'of' is invalid[^]*Allowed choices are on, off/);
  });

  it("fails when a page is named without on", async () => {
    await refused(["off", "--page", "page.html"], 1, /--page is for maintenance on; nothing/);
  });

  it("fails when the page is not there", async () => {
    await refused(["on", "--page", "none.html"], 1, /the page cannot be read: .*none\.html/);
  });

  it("fails when the page is longer than a load balancer answers with", async () => {
    project.lay("page.html", "é".repeat(1025));
    const page = join(project.folder, "page.html");
    await refused(["on", "--page", page], 1, /has 1025 characters; .*1 to 1024[^]*Shorten it/);
    project.lay("empty.html", "");
    await refused(["on", "--page", join(project.folder, "empty.html")], 1, /has 0 characters/);
  });
});
