import assert from "node:assert/strict";
import type { EnvironmentDiff } from "../../operations/diff/diff";
import { aProject, gantry, type Project } from "./support";

describe("gantry diff", () => {
  let project: Project;

  const stack = (name: string, services: object) =>
    project.lay(
      `Pulumi.${name}.yaml`,
      `config:\n  aws:region: eu-west-1\n  gantry:kind: staging\n  gantry:services: ${JSON.stringify(services)}\n`,
    );
  const secret = (name: string) =>
    `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;

  beforeEach(() => {
    project = aProject();
    stack("one", {
      web: {
        ...{ image: "example.com/web:1", cpu: 256, memoryMiB: 512 },
        environment: { MODE: "one", LEVEL: "info" },
        secrets: { KEY: secret("one"), OLD: secret("old") },
      },
    });
    stack("two", {
      web: {
        ...{ image: "example.com/web:1", cpu: 512, memoryMiB: 1024 },
        environment: { MODE: "two", LEVEL: "info" },
        secrets: { KEY: secret("two"), NEW: secret("new") },
      },
    });
  });

  afterEach(() => project.remove());

  const diff = (...more: string[]) => gantry(["diff", ...more, "--folder", project.folder]);

  it("compares config after defaults, and keys of secrets, without AWS", async () => {
    const { code, stdout, stderr } = await diff("one", "two", "--config");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^CONFIG +ONE +TWO$/m);
    assert.match(stdout, /^services\.web\.cpu +256 +512$/m);
    assert.match(stdout, /^services\.web\.environment\.MODE +"one" +"two" +a name$/m);
    assert.doesNotMatch(stdout, /LEVEL|AbCdEf|\bKEY\b/);
    assert.match(stdout, /^web: only one has the secret OLD$/m);
    assert.match(stdout, /^web: only two has the secret NEW$/m);
    const answer = JSON.parse(
      (await diff("one", "two", "--config", "--json")).stdout,
    ) as EnvironmentDiff & { version: number };
    assert.equal(answer.version, 1);
    assert.equal("releases" in answer, false);
    assert.deepEqual(
      answer.config.find(({ path }) => path === "services.web.cpu"),
      {
        ...{ path: "services.web.cpu", a: "256", b: "512", isName: false },
      },
    );
  });

  it("says where there is no difference, and suggests a stack", async () => {
    const { stdout } = await diff("one", "one", "--config");
    assert.equal(stdout, "config: one and one have the same, after defaults\n");
    const { code, stderr } = await diff("one", "twoo", "--config");
    assert.equal(code, 1);
    assert.match(stderr, /there is no stack twoo .* Is two meant\?/);
  });

  it("takes its stacks as arguments, and no other way", async () => {
    const { stdout } = await gantry(["diff", "--help"]);
    assert.match(stdout, /^Usage: gantry diff \[options\] <stackA> <stackB>$/m);
    assert.doesNotMatch(stdout, /--stack/);
    const { code, stderr } = await diff("one");
    assert.equal(code, 2);
    assert.match(stderr, /missing required argument 'stackB'/);
  });
});
