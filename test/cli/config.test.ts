import assert from "node:assert/strict";
import { aProject, gantry, stackFile, type Project } from "./support";

describe("gantry config", () => {
  let project: Project;

  beforeEach(() => {
    project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
    project.lay("Pulumi.broken.yaml", stackFile({ web: { build: "app", prt: 80 } }));
  });

  afterEach(() => project.remove());

  const config = (...args: string[]) => gantry(["config", ...args, "--folder", project.folder]);

  it("validate says that a stack's config is in order", async () => {
    const { code, stdout } = await config("validate", "--stack", "staging");
    assert.deepEqual([code, stdout], [0, "staging: its config is in order\n"]);
  });

  it("validate says every fault of every stack, and ends with 1", async () => {
    const { code, stdout, stderr } = await config("validate", "--all");
    assert.deepEqual([code, stderr], [1, ""]);
    assert.match(stdout, /Pulumi\.broken\.yaml has[^]*web\.prt[^]*did you mean port\?/);
    assert.match(stdout, /staging: its config is in order/);
  });

  it("validate --json has the faults with what is allowed, and how to fix them", async () => {
    const { code, stdout } = await config("validate", "--all", "--json");
    assert.equal(code, 1);
    const answer = JSON.parse(stdout) as {
      version: number;
      stacks: { stack: string; faults: { path: string; fix: string }[] }[];
    };
    assert.deepEqual(
      answer.stacks.map(({ stack, faults }) => [stack, faults.map(({ path }) => path).sort()]),
      [
        ["broken", ["kind", "services.web.prt"].map((path) => `gantry:${path}`)],
        ["staging", []],
      ],
    );
  });

  it("schema prints JSON, in any folder", async () => {
    const { code, stdout, stderr } = await gantry(["config", "schema"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal((JSON.parse(stdout) as { type: string }).type, "object");
  });
});
