import assert from "node:assert/strict";
import { parse } from "yaml";
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

  const planted = "hunter2".repeat(3);
  const secretive = `# A comment.
config:
  aws:region: eu-west-1
  shop:token: { secure: v1:${planted} }
  gantry:services:
    web:
      build: app
      environment:
        DB_PASSWORD: { plain: ${planted} }
        MODE: fast
`;

  it("cat prints config with its defaults, as a file that is read the same", async () => {
    const { code, stdout, stderr } = await config("cat", "--stack", "staging");
    assert.deepEqual([code, stderr], [0, ""]);
    project.lay("Pulumi.production.yaml", stdout);
    const again = await config("cat", "--stack", "production");
    assert.deepEqual(parse(again.stdout), parse(stdout));
    const { config: found } = parse(stdout) as { config: Record<string, unknown> };
    assert.equal(found["aws:region"], "eu-west-1");
    assert.deepEqual(found["gantry:logs"], { retentionDays: 14, export: false });
  });

  it("cat --written prints what the file says, also with faults", async () => {
    const { code, stdout } = await config("cat", "--stack", "broken", "--written", "--json");
    assert.deepEqual(
      [code, JSON.parse(stdout)],
      [
        0,
        {
          ...{ version: 1, stack: "broken", written: true },
          config: {
            "aws:region": "eu-west-1",
            "gantry:services": { web: { build: "app", prt: 80 } },
          },
        },
      ],
    );
    assert.equal((await config("cat", "--stack", "broken")).code, 1);
  });

  it("shows no secret", async () => {
    project.lay("Pulumi.staging.yaml", secretive);
    const misplaced = { web: { secrets: { KEY: planted + "=" }, secretz: { KEY: planted } } };
    project.lay("Pulumi.broken.yaml", stackFile(misplaced));
    const answers = [
      await config("cat", "--stack", "staging"),
      await config("cat", "--stack", "staging", "--json"),
      await config("cat", "--stack", "staging", "--written"),
      await config("cat", "--stack", "broken", "--written"),
      await config("ls", "--stack", "staging"),
      await config("ls", "--stack", "staging", "--json"),
    ];
    for (const { code, stdout, stderr } of answers) {
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /\*\*\*/);
      assert.doesNotMatch(stdout, new RegExp(planted));
    }
    assert.match(answers[0].stdout, /MODE: fast/);
  });

  it("ls says of each setting where it comes from", async () => {
    project.lay("Pulumi.staging.yaml", secretive);
    const { code, stdout } = await config("ls", "services.web.build", "--stack", "staging");
    assert.equal(code, 0);
    assert.match(stdout, /^gantry:services\.web\.build\.context +Pulumi\.staging\.yaml:7 +app$/m);
    assert.equal(stdout.split("\n").length, 6);
    const json = await config("ls", "--stack", "staging", "--json");
    const { settings } = JSON.parse(json.stdout) as { settings: { key: string }[] };
    const one = (key: string) => settings.find((setting) => setting.key === `gantry:${key}`);
    const file = { from: "file", file: "Pulumi.staging.yaml" };
    const path = "services.web.environment.MODE";
    assert.deepEqual(
      [one(path), one("logs.retentionDays"), one("kind"), one("name")],
      [
        { key: `gantry:${path}`, value: "fast", ...file, line: 10 },
        { key: "gantry:logs.retentionDays", value: 14, from: "default", of: "staging" },
        { key: "gantry:kind", value: "staging", from: "default", of: "stack" },
        { key: "gantry:name", value: "shop", from: "default", of: "project" },
      ],
    );
  });

  it("ls suggests the nearest key", async () => {
    const slip = await config("ls", "services.web.scalling", "--stack", "staging");
    assert.deepEqual([slip.code, slip.stdout], [1, ""]);
    assert.match(
      slip.stderr,
      /no setting services\.web\.scalling, .*: is services\.web\.scaling meant\?/,
    );
    const none = await config("ls", "services.web.zzzzzzzzzz", "--stack", "staging");
    assert.match(none.stderr, /gantry config ls services\.web lists what there is/);
  });

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

  it("validate says the lines of faults", async () => {
    const { stdout } = await config("validate", "--stack", "broken", "--json");
    const { stacks } = JSON.parse(stdout) as {
      stacks: { faults: { path: string; line?: number }[] }[];
    };
    const lines = stacks[0].faults.map(({ path, line }) => [path, line]);
    assert.deepEqual(lines.sort(), [
      ["gantry:kind", undefined],
      ["gantry:services.web.prt", 3],
    ]);
  });

  it("edit wants a terminal, and says what else there is", async () => {
    const { code, stdout, stderr } = await config("edit", "--stack", "staging");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /needs a terminal.*gantry config validate --stack staging/);
  });

  it("schema prints JSON, in any folder", async () => {
    const { code, stdout, stderr } = await gantry(["config", "schema"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal((JSON.parse(stdout) as { type: string }).type, "object");
  });
});
