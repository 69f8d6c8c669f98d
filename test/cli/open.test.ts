import assert from "node:assert/strict";
import { aProject, gantry, type Project } from "./support";

describe("gantry open", () => {
  let project: Project;

  before(() => {
    project = aProject();
    project.lay(
      "Pulumi.staging.yaml",
      `config:
  aws:region: eu-west-1
  gantry:services: { web: { build: app } }
  gantry:loadBalancer: { domain: { name: staging.example.com, zone: example.com } }
`,
    );
  });
  after(() => project.remove());

  const open = (...args: string[]) =>
    gantry(["open", "staging", "--folder", project.folder, ...args], { CI: "true" });

  it("prints the address alone", async () => {
    const { code, stdout, stderr } = await open();
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "https://staging.example.com\n");
    const logs = await open("logs", "--print");
    assert.match(logs.stdout, /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/\S+\n$/);
  });

  it("answers programs, and tells of what there is not", async () => {
    const { stdout } = await open("web", "--json");
    assert.deepEqual(JSON.parse(stdout), {
      ...{ version: 1, stack: "staging", what: "web", kind: "service" },
      ...{ url: "https://staging.example.com", isInternal: false },
    });
    const { code, stderr } = await open("wbe");
    assert.equal(code, 1);
    assert.match(stderr, /nothing called wbe to open: web, pipeline, .*Is web meant\?/);
  });
});
