import assert from "node:assert/strict";
import { readEngineConfig } from "../../../stacks/config/engineYaml";
import { errorOfYaml, parseYaml } from "./support";

/** What Pulumi 3.245 was seen to hand to a program, by what stood in the stack's file. */
const seen: readonly (readonly [written: string, handed: unknown])[] = [
  ["2026-12-31", "2026-12-31 00:00:00 +0000 UTC"],
  ["2026-1-2", "2026-01-02 00:00:00 +0000 UTC"],
  ["2026-12-31 10:00:00", "2026-12-31 10:00:00 +0000 UTC"],
  ["2026-12-31T10:00:00.5Z", "2026-12-31 10:00:00.5 +0000 UTC"],
  ["2026-12-31T10:00:00+02:00", "2026-12-31 10:00:00 +0200 +0200"],
  ["0123", 83],
  ["0o17", 15],
  ["0x1F", 31],
  ["0b101", 5],
  ["1_000", 1000],
  ["09_1", 91],
  ["-010", -8],
  ["_1", "_1"],
  ["1e2_0", 1e20],
  ["0x1p3", "0x1p3"],
  ["012345670000", 1402433536],
  ["012345678999", 12345678999],
  ["1e3", 1000],
  ["1e400", "1e400"],
  ["1.50", 1.5],
  [".5", 0.5],
  ["+5", 5],
  ["-0", 0],
  ["yes", "yes"],
  ["no", "no"],
  ["on", "on"],
  ["off", "off"],
  ["TRUE", true],
  ["12:30:45", "12:30:45"],
  ["!!str 123", "123"],
  ['"0123"', "0123"],
  ['"2026-12-31"', "2026-12-31"],
  ["~", null],
  ["", null],
];

describe("readEngineConfig", () => {
  for (const [written, handed] of seen) {
    it(`reads ${JSON.stringify(written)} as ${JSON.stringify(handed)}`, () => {
      const { values } = readEngineConfig(`config:\n  gantry:x:\n    y: ${written}\n`);
      assert.deepEqual(JSON.parse(values["gantry:x"]), { y: handed });
    });
  }

  it("hands texts over as they are, and an empty value as an empty text", () => {
    const { values } = readEngineConfig("config:\n  a:b: shop\n  a:c:\n  a:d: true\n");
    assert.deepEqual(values, { "a:b": "shop", "a:c": "", "a:d": "true" });
  });

  it("knows keys as texts, merges and aliases", () => {
    const text = "config:\n  a:b: { 0123: x, m: &m { a: 1, b: 2 }, k: *m, z: { <<: *m, b: 3 } }\n";
    assert.deepEqual(JSON.parse(readEngineConfig(text).values["a:b"]), {
      83: "x",
      m: { a: 1, b: 2 },
      k: { a: 1, b: 2 },
      z: { a: 1, b: 3 },
    });
  });

  it("tells what stands otherwise in the file, keys too, and of merged values those that are handed on", () => {
    const text =
      "config:\n  a:b: { 0123: 0x1F, m: &m { a: 1_0, b: 1_1 }, z: { <<: *m, b: 3 }, l: [1, 2e0] }\n";
    assert.deepEqual(
      readEngineConfig(text).rewritten.map(({ path, source, value, isKey }) => [
        path.join("."),
        source,
        value,
        isKey,
      ]),
      [
        ["a:b.83", "0123", 83, true],
        ["a:b.83", "0x1F", 31, false],
        ["a:b.m.a", "1_0", 10, false],
        ["a:b.m.b", "1_1", 11, false],
        ["a:b.z.a", "1_0", 10, false],
        ["a:b.l.1", "2e0", 2, false],
      ],
    );
  });

  it("merges several maps, of which the first wins", () => {
    const text =
      "config:\n  a:b: { m: &m { a: 1, b: 1 }, n: &n { a: 2, c: 2 }, z: { <<: [*m, *n] } }\n";
    const { z } = JSON.parse(readEngineConfig(text).values["a:b"]) as { z: unknown };
    assert.deepEqual(z, { a: 1, b: 1, c: 2 });
  });

  it("tells which keys are encrypted, however deep", () => {
    const text = "config:\n  a:b: { secure: v1:x }\n  a:c: { d: [{ secure: v1:y }] }\n  a:e: 1\n";
    assert.deepEqual([...readEngineConfig(text).secretKeys], ["a:b", "a:c"]);
  });

  it("of a file without config has nothing", () => {
    assert.deepEqual(readEngineConfig("").values, {});
    assert.deepEqual(readEngineConfig("config:\n").values, {});
  });

  it("fails when the file is no YAML", () => {
    assert.throws(() => readEngineConfig("config: [\n"));
  });
});

describe("what YAML changes", () => {
  it("leaves a day of scan.allow what it is, with quotes and without", () => {
    for (const day of ["2026-12-31", '"2026-12-31"']) {
      const { pipeline } = parseYaml(
        "gantry:services: { web: {} }\n" +
          `gantry:pipeline: { promoteFrom: { stack: dev }, scan: { allow: [{ id: CVE-2026-1, until: ${day}, reason: waits }] } }`,
      );
      assert.equal(pipeline?.scan.allow[0].until, "2026-12-31");
    }
  });

  const variables = [
    ...["1099511627776123457", "2026-12-31", "2026-12-31T10:00:00Z", "1.10", "0.50", "1.0"],
    ...["0123", "010", "000", "1_000", "0x1F", "0b101", "0o17", "1e3", "+5", "-0", "True", "FALSE"],
  ];
  for (const written of variables) {
    it(`is refused: ${written} as a variable`, () => {
      const { faults } = errorOfYaml(
        `gantry:services: { web: { environment: { CHANNEL: ${written} } } }`,
      );
      assert.deepEqual(
        faults.map(({ path, fix }) => [path, fix]),
        [["gantry:services.web.environment.CHANNEL", "write it in quotes"]],
      );
      parseYaml(`gantry:services: { web: { environment: { CHANNEL: "${written}" } } }`);
    });
  }

  it("leaves what arrives as it was written", () => {
    for (const written of ["0", "5", "-5", "1099511627776", "true", "yes", "No", "1.2.3", "0x1G"]) {
      const { services } = parseYaml(
        `gantry:services: { web: { environment: { CHANNEL: ${written} } } }`,
      );
      assert.equal(services.web.environment.CHANNEL, written);
    }
  });

  it("is refused in commands, arguments of builds, statuses and users, and as a key", () => {
    const cases = [
      ["entrypoint: [sleep, 010]", "entrypoint[1]"],
      ["command: [sleep, 1_000]", "command[1]"],
      ["releaseCommand: { command: [./migrate, 0777] }", "releaseCommand.command[1]"],
      ["build: { args: { LEVEL: 1e3 } }", "build.args.LEVEL"],
      ["environment: { True: 'x' }", "environment.true"],
      ["user: 01000", "user"],
      ["healthCheck: { matcher: 0310 }", "healthCheck.matcher"],
    ];
    for (const [written, path] of cases) {
      const { faults } = errorOfYaml(`gantry:services: { web: { ${written} } }`);
      assert.deepEqual(
        faults.map((fault) => [fault.path, fault.fix]),
        [[`gantry:services.web.${path}`, "write it in quotes"]],
      );
    }
  });

  it("is refused where a number is meant, with the number that it would have been", () => {
    const { faults } = errorOfYaml(
      "gantry:services: { web: { scaling: { cpuPercent: 060 }, exec: True } }",
    );
    assert.deepEqual(faults, [
      {
        path: "gantry:services.web.scaling.cpuPercent",
        given: "060, which YAML reads as 48",
        allowed: "numbers in plain digits, and texts in quotes",
        fix: "write 48; where 060 is meant as a text, write it in quotes",
      },
    ]);
  });

  it("never repeats a variable", () => {
    const { message } = errorOfYaml("gantry:services: { web: { environment: { PIN: 0777 } } }");
    assert.doesNotMatch(message, /0777|511/);
  });

  it("is nothing of other programs'", () => {
    parseYaml("gantry:services: { web: {} }\nother:code: { x: 0123 }");
  });

  it("is refused wherever it stands: an account without quotes", () => {
    for (const account of ["012345678999", "012345670000"]) {
      const { faults } = errorOfYaml(
        "gantry:services: { web: {} }\n" +
          `gantry:pipeline: { promoteFrom: { stack: dev }, promoteTo: { stack: live, account: ${account} } }`,
      );
      assert.deepEqual(
        faults.map(({ path, fix }) => [path, fix]),
        [["gantry:pipeline.promoteTo.account", "write it in quotes"]],
      );
    }
  });
});
