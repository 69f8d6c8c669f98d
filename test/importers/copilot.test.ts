import assert from "node:assert/strict";
import { join } from "node:path";
import { importCopilot } from "../../importers/copilot/import";
import { reportText } from "../../importers/report";
import { rowsOf } from "../../importers/rows";
import { became, checked, inFolder } from "./support";

const web = `name: web
type: Load Balanced Web Service
image:
  build: { dockerfile: services/web/Dockerfile, context: . }
  port: 8080
http: { path: shop, healthcheck: { path: /healthz, interval: 15s } }
memory: 1024
count: 1
variables:
  STAGE: \${COPILOT_ENVIRONMENT_NAME}
  SHELL: \${TAG}
  API_KEY: abcdefghijkl123456789
secrets:
  TOKEN: /shop/\${COPILOT_APPLICATION_NAME}/token
  DB: { secretsmanager: "shop/db:password::" }
  OLD: OLD_PARAMETER
frobnicate: { deep: 1 }
environments:
  prod: { count: { range: 2-6 }, cpu: 512 }
  demo: { count: 4 }
`;

const mail = "name: mail\ntype: Worker Service\nimage: { build: mail/Dockerfile }\n";

const files = {
  "copilot/.workspace": "application: shop\n",
  "copilot/web/manifest.yml": web,
  "copilot/web/addons/s3.yml":
    "Resources:\n  Bucket: { Type: AWS::S3::Bucket, Properties: { X: !Sub '${App}' } }\n  Table: { Type: AWS::DynamoDB::Table }\n",
  "copilot/web/overrides/stack.ts": "export {};\n",
  "copilot/environments/test/manifest.yml":
    "name: test\ntype: Environment\nnetwork: { vpc: { cidr: 10.30.0.0/16 } }\n",
  "copilot/environments/prod/manifest.yml": "name: prod\ntype: Environment\n",
};

function imported(more: Readonly<Record<string, string>> = {}, options = {}) {
  return inFolder({ ...files, ...more }, (folder) => checked(importCopilot(folder, options)));
}

function services(stack: string, from = imported()): Record<string, unknown> {
  const draft = from.drafts.find((each) => each.stack === stack);
  return draft?.values().services as Record<string, unknown>;
}

describe("gantry import copilot", () => {
  it("writes what the manifest says, with Copilot's defaults where it says nothing", () => {
    assert.deepEqual(services("staging").web, {
      kind: "web",
      build: { context: ".", dockerfile: "services/web/Dockerfile" },
      port: 8080,
      route: { paths: ["/shop", "/shop/*"] },
      healthCheck: {
        ...{ path: "/healthz", intervalSeconds: 15, graceSeconds: 60 },
        ...{ healthyThreshold: 5, unhealthyThreshold: 2 },
      },
      memoryMiB: 1024,
      scaling: { min: 1, max: 1 },
      environment: { STAGE: "test" },
      secrets: { TOKEN: "/shop/shop/token", DB: "shop/db:password" },
      ...{ cpu: 256, exec: false, readonlyRootFilesystem: false, drainSeconds: 60 },
    });
  });

  it("lays over it what it says for an environment", () => {
    const { cpu, scaling, environment } = services("production").web as Record<string, unknown>;
    assert.deepEqual([cpu, scaling, environment], [512, { min: 2, max: 6 }, { STAGE: "prod" }]);
    assert.deepEqual(became(imported(), "count"), [
      "8: other way (staging)",
      "8: other way (production)",
    ]);
    assert.deepEqual(became(imported(), "environments.demo.count"), ["20: lost"]);
  });

  const tables = {
    "deployment.rolling": [
      ["default", undefined, "4: other way"],
      ["recreate", { strategy: "recreate" }, "4: same"],
      ["backwards", undefined, "4: lost"],
    ],
    // Of storage 20 GiB are everybody's.
    "storage.ephemeral": [
      [20, undefined, "4: other way"],
      [100, 100, "4: same"],
      [201, undefined, "4: lost"],
    ],
  } as const;
  for (const [field, cases] of Object.entries(tables)) {
    it(`takes ${field}`, () => {
      for (const [given, wanted, outcome] of cases) {
        const [section, key] = field.split(".");
        const manifest = `${mail}${section}: { ${key}: ${given} }\n`;
        const from = imported({ "copilot/mail/manifest.yml": manifest });
        const written = services("production", from).mail as Record<string, unknown>;
        assert.deepEqual(written.deployment ?? written.ephemeralStorageGiB, wanted);
        assert.deepEqual(became(from, field), [outcome]);
      }
    });
  }

  it("says what is lost, by its line", () => {
    const from = imported();
    const cases = {
      "variables.SHELL": 11,
      "variables.API_KEY": 12,
      "secrets.OLD": 16,
      "frobnicate.deep": 17,
    };
    for (const [path, line] of Object.entries(cases)) {
      assert.deepEqual(became(from, path), [`${line}: lost`], path);
    }
    const report = reportText(from);
    assert.match(report, /TODO copilot\/web\/manifest\.yml:17 `frobnicate\.deep`: not known/);
    assert.match(report, /\| `copilot\/web\/overrides\/stack\.ts` \|/);
    assert.match(report, /TODO copilot\/web\/addons\/s3\.yml:2 .*gantry:buckets: \{ name: \{\} \}/);
    assert.doesNotMatch(report, /abcdefghijkl123456789/, "a secret is never repeated");
  });

  it("loses of a build what comes of the shell, and nothing beside it", () => {
    const from = imported({
      "copilot/mail/manifest.yml":
        "name: mail\ntype: Worker Service\nimage:\n  build: { dockerfile: mail/Dockerfile, args: { A: 1, B: '${B}' } }\n",
    });
    const { mail } = services("staging", from) as Record<string, Record<string, unknown>>;
    assert.deepEqual(mail.build, { context: "mail", dockerfile: "Dockerfile", args: { A: "1" } });
    assert.deepEqual(became(from, "image.build.args.B"), ["4: lost"]);
  });

  it("takes an image that is built elsewhere, for one environment too", () => {
    const from = imported({
      "copilot/web/manifest.yml": web
        .replace("demo:", "test:")
        .replace("{ count: 4 }", "{ image: { location: 'acme/web:1.2' } }"),
      "copilot/mail/manifest.yml":
        "name: mail\ntype: Worker Service\nimage: { location: 'acme/mail:7' }\n",
    });
    for (const stack of ["staging", "production"]) {
      const { mail } = services(stack, from) as Record<string, Record<string, unknown>>;
      assert.deepEqual([mail.image, mail.build], ["acme/mail:7", undefined]);
    }
    const builds = ["staging", "production"].map((stack) => {
      const { image, build } = services(stack, from).web as Record<string, unknown>;
      return [image, build !== undefined];
    });
    assert.deepEqual(builds, [
      ["acme/web:1.2", false],
      [undefined, true],
    ]);
  });

  it("fills in names as Copilot has them, and says which is missing", () => {
    const named = imported({ "copilot/.workspace": "application: My.Shop\n" });
    const { secrets } = services("staging", named).web as Record<string, unknown>;
    assert.equal((secrets as Record<string, string>).TOKEN, "/shop/My.Shop/token");

    const alone = inFolder(
      { "copilot/web/manifest.yml": web.replace(/environments:[^]*/, "") },
      (folder) => checked(importCopilot(folder)),
    );
    assert.deepEqual(became(alone, "variables.STAGE"), [
      "10: lost (staging)",
      "10: lost (production)",
    ]);
    const report = reportText(alone);
    assert.match(
      report,
      /\$\{COPILOT_ENVIRONMENT_NAME\} is the environment's name, and no environment becomes staging/,
    );
    assert.match(
      report,
      /\$\{COPILOT_APPLICATION_NAME\} is the application's name, which copilot\/\.workspace/,
    );
    assert.doesNotMatch(report, /COPILOT_\w+\} comes of the shell/);
  });

  it("leaves out what cannot be expressed, and says so first", () => {
    const kindsLeftOut = {
      db: "type: Load Balanced Web Service\nimage: { build: db/Dockerfile, port: 5432 }\nhttp: false\n",
      site: "type: Static Site\nfiles: [{ source: public }]\n",
      odd: "type: Quantum Service\nimage: { build: x }\n",
    };
    const more = Object.entries(kindsLeftOut).map(([name, text]): [string, string] => [
      `copilot/${name}/manifest.yml`,
      `name: ${name}\n${text}`,
    ]);
    const from = imported(Object.fromEntries(more));
    assert.deepEqual(Object.keys(services("production", from)), ["web"]);
    const report = reportText(from);
    for (const name of Object.keys(kindsLeftOut))
      assert.match(report, new RegExp(`^- ${name}: `, "m"));
    assert.ok(report.indexOf("## Services that are left out") < report.indexOf("## What is lost"));
    // Nothing of it counts as written.
    for (const { node, outcomes } of rowsOf(from)) {
      if (!/copilot\/(db|site|odd)\//.test(node.file)) continue;
      for (const { outcome } of outcomes) assert.equal(outcome.became, "lost", node.path);
    }
  });

  it("takes back what config refuses", () => {
    const from = imported({
      "copilot/web/manifest.yml": web.replace("memory: 1024", "memory: 768"),
    });
    assert.equal((services("staging", from).web as Record<string, unknown>).memoryMiB, undefined);
    assert.deepEqual(became(from, "memory"), ["7: lost (staging)", "7: lost (production)"]);
  });

  it("does not repeat a Dockerfile's folder, in whatever order it is said", () => {
    for (const build of [
      "{ context: services, dockerfile: services/web/Dockerfile.prod }",
      "{ dockerfile: services/web/Dockerfile.prod, context: services }",
    ]) {
      const from = imported({
        "copilot/web/manifest.yml": web.replace(/build: \{.*\}/, `build: ${build}`),
      });
      const { build: made } = services("staging", from).web as Record<string, unknown>;
      assert.deepEqual(
        { ...(made as object) },
        { context: "services", dockerfile: "web/Dockerfile.prod" },
      );
    }
  });

  it("says paths from the repository's root, wherever in it the workspace is", () => {
    const moved = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`apps/shop/${name}`, text]),
    );
    const builds = {
      "{ dockerfile: web/Dockerfile, context: web }": {
        ...{ context: "apps/shop/web", dockerfile: "Dockerfile" },
      },
      "{ dockerfile: ./web/Dockerfile }": { context: "apps/shop/web", dockerfile: "Dockerfile" },
      "../shared/Dockerfile.web": { context: "apps/shared", dockerfile: "Dockerfile.web" },
    };
    for (const [build, wanted] of Object.entries(builds)) {
      const manifest = web.replace(/build: \{.*\}/, `build: ${build}`);
      const all = { ...moved, ".git/HEAD": "", "apps/shop/copilot/web/manifest.yml": manifest };
      for (const named of ["apps/shop", "apps/shop/copilot"]) {
        const from = inFolder(all, (folder) => checked(importCopilot(join(folder, named))));
        const { build: made } = services("staging", from).web as Record<string, unknown>;
        assert.deepEqual({ ...(made as object) }, wanted);
        assert.ok(from.sources.some(({ file }) => file === "apps/shop/copilot/web/manifest.yml"));
      }
    }
  });

  describe("fails", () => {
    const cases: readonly [string, RegExp, Readonly<Record<string, string>>, object?][] = [
      [
        "of a folder without manifests",
        /is no Copilot folder: it has no <service>\/manifest\.yml/,
        { "copilot/.workspace": "" },
      ],
      [
        "of broken YAML, with its line",
        /copilot\/web\/manifest\.yml is no YAML: .* line 3/,
        { "copilot/web/manifest.yml": "name: web\ntype: [a\n" },
      ],
      [
        "where two environments could be meant",
        /dev and test could both be staging: say which, --staging dev/,
        { "copilot/environments/dev/manifest.yml": "name: dev\n", ...files },
      ],
      [
        "where one environment could be either",
        /prod-test cannot be both .* say which, --staging prod-test or --production prod-test/,
        {
          "copilot/web/manifest.yml": web.slice(0, web.indexOf("environments:")),
          "copilot/environments/prod-test/manifest.yml": "name: prod-test\n",
        },
      ],
      [
        "of an environment that there is not",
        /--staging nosuch: there is no such environment; there are: /,
        files,
        { staging: "nosuch" },
      ],
      [
        "of an alias without an anchor",
        /nosuch/,
        { "copilot/web/manifest.yml": "name: web\ntype: *nosuch\n" },
      ],
    ];
    for (const [title, message, wrong, options] of cases) {
      it(title, () => {
        assert.throws(() => inFolder(wrong, (folder) => importCopilot(folder, options)), {
          name: "ImportError",
          message,
        });
      });
    }
  });
});
