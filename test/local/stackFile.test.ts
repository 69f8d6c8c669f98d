import assert from "node:assert/strict";
import { parse } from "yaml";
import { overriddenStackFile } from "../../local/stackFile";

const own = `# Staging.
config:
  aws:region: eu-west-1
  gantry:services:
    web:
      path: app # the sample
      port: 3000
  gantry:network: { zones: 2 }
`;

describe("a stack file of the rehearsal", () => {
  const config = (text: string) => (parse(text) as { config: Record<string, unknown> }).config;

  it("is the stack's own where nothing is replaced", () =>
    assert.equal(overriddenStackFile(own, {}), own));

  it("has what replaces the stack's own config, and the rest as it was with its comments", () => {
    const text = overriddenStackFile(own, { "gantry:network": { mode: "existing" } });
    assert.deepEqual(config(text), {
      "aws:region": "eu-west-1",
      "gantry:services": { web: { path: "app", port: 3000 } },
      "gantry:network": { mode: "existing" },
    });
    assert.match(text, /^# Staging\.$/m);
    assert.match(text, /path: app # the sample/);
  });

  it("takes a key as a path into what is there, as pulumi config set --path does", () => {
    const text = overriddenStackFile(own, { "gantry:services.web.buildArgs": { A: "1" } });
    const { web } = config(text)["gantry:services"] as { web: object };
    assert.deepEqual(web, { path: "app", port: 3000, buildArgs: { A: "1" } });
  });

  it("adds config where the stack's own file has none", () => {
    for (const empty of ["", "# nothing\n", "config:\n", "encryptionsalt: old\n"]) {
      const text = overriddenStackFile(empty, { "aws:s3UsePathStyle": true });
      assert.deepEqual(config(text), { "aws:s3UsePathStyle": true }, empty);
    }
  });

  it("puts config into a service that says nothing of its own yet", () => {
    const text = overriddenStackFile("config:\n  gantry:services:\n    web:\n", {
      "gantry:services.web.test": "npm test",
    });
    assert.deepEqual(config(text), { "gantry:services": { web: { test: "npm test" } } });
  });

  it("keeps the salt of the file that it replaces, which belongs to the state", () => {
    const read = (text: string) => (parse(text) as { encryptionsalt?: string }).encryptionsalt;
    const kept = "encryptionsalt: v1:abc:def\nconfig: { gone: 1 }\n";
    const text = overriddenStackFile(own, {}, kept);
    assert.equal(read(text), "v1:abc:def");
    assert.equal("gone" in config(text), false);
    assert.equal(read(overriddenStackFile(own, {}, "config: {}\n")), undefined);
    assert.equal(read(overriddenStackFile(`encryptionsalt: own\n${own}`, {}, kept)), "v1:abc:def");
  });
});
