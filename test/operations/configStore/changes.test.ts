import assert from "node:assert/strict";
import { changesText } from "../../../operations/configStore/changes";

const place = { stack: "staging", project: "shop" };
const changes = (before: string, after: string) =>
  changesText(place, Buffer.from(before), Buffer.from(after));

const file = (web: string, more = "") => `config:
  aws:region: eu-west-1
  gantry:services:
    web: ${web}
${more}`;

/** Columns are two spaces apart. */
const rows = (lines: readonly string[]) => lines.slice(1).map((line) => line.split(/ {2,}/));

describe("what differs between a file in the bucket and here", () => {
  it("is each setting, with what it is there and here", () => {
    const before = file("{ build: app, cpu: 256, environment: { A: one } }", "  shop:limit: 3\n");
    const after = file("{ build: app, cpu: 512, scaling: { min: 2 } }", "  shop:limit: 3\n");
    const lines = changes(before, after.replace("eu-west-1", "eu-north-1"));
    assert.match(lines[0], /^SETTING +IN THE BUCKET +HERE$/);
    assert.deepEqual(rows(lines), [
      ["aws:region", '"eu-west-1"', '"eu-north-1"'],
      ["gantry:services.web.cpu", "256", "512"],
      ["gantry:services.web.environment.A", '"one"', "-"],
      ["gantry:services.web.scaling.min", "-", "2"],
    ]);
  });

  it("never shows a secret: that it is another one is told", () => {
    const secrets = ["v1:abc:one", "v1:abc:two"].map((secure) =>
      file(
        `{ build: app, environment: { PASSWORD: "${secure}" } }`,
        `  shop:token: { secure: "${secure}" }\nencryptedkey: ${secure}\n`,
      ),
    );
    const lines = changes(secrets[0], secrets[1]);
    assert.ok(!lines.join("\n").includes("v1:abc"));
    assert.deepEqual(rows(lines), [
      ["gantry:services.web.environment.PASSWORD", "***", "*** (another)"],
      ["shop:token", "***", "*** (another)"],
      ["encryptedkey", "***", "*** (another)"],
    ]);
  });

  it("may be comments alone, or beyond comparing", () => {
    const same = file("{ build: app }");
    assert.deepEqual(changes(same, `# Why.\n${same}`), ["only comments, order or layout differ"]);
    assert.match(changes(same, "config: {").join(), /^one of the two is no YAML/);
  });

  it("is short where a value is long", () => {
    const long = (letter: string) =>
      file(`{ build: app, environment: { A: ${letter.repeat(300)} } }`);
    const lines = changes(long("a"), long("b"));
    assert.ok(lines.every((line) => line.length < 200));
  });
});
