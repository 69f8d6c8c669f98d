import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { importCompose } from "../../importers/compose/import";
import { interpolate } from "../../importers/compose/interpolate";
import { portOf } from "../../importers/compose/port";
import { serviceTable } from "../../importers/compose/service";
import { reportText } from "../../importers/report";
import { assertTrue, became, checked, inFolder } from "./support";

const compose = `name: acme
x-common: &common
  restart: unless-stopped
  environment: { LOG_LEVEL: "\${LOG_LEVEL:-info}" }
services:
  web:
    <<: *common
    build: .
    ports: ["8080:3000"]
    healthcheck: { test: [CMD, curl, -f, "http://localhost:3000/healthz"], interval: 30s }
    deploy: { replicas: 2, resources: { limits: { cpus: "0.5", memory: 700M } } }
  api:
    build: { context: ./api, args: [A=1, B] }
    environment: [MODE=fast, "DATABASE_URL=postgres://u:secret@db/x", "PASS=\${PASS}"]
    ports: [{ target: 4000, published: 4001 }]
    strange: 1
  worker:
    extends: { file: base.yaml, service: base }
    command: node "my worker.js"
  db: { image: "postgres:16" }
  tool: { build: ., profiles: [dev] }
volumes: { data: {} }
`;

const base = "services:\n  base:\n    build: jobs\n    stop_grace_period: 1m\n    tty: true\n";

function imported(text = compose, more: Readonly<Record<string, string>> = {}) {
  return inFolder({ "compose.yaml": text, "base.yaml": base, ...more }, (folder) =>
    checked(importCompose(join(folder, "compose.yaml"))),
  );
}

interface Posture {
  readonly relaxed: object;
}

describe("gantry import compose", () => {
  it("takes images that are built elsewhere, but no stores, mounts and moving tags", () => {
    const text = `services:
  site: { image: "acme/site:1.2", ports: ["80:8080"] }
  second: { image: "ghcr.io/acme/second:2", ports: ["81:8081"] }
  jobs: { image: "acme/site:1.2", command: [jobs] }
  cache: { image: "redis:7.4", ports: ["6379:6379"] }
  vectors: { image: "pgvector/pgvector:pg16" }
  broker: { image: "rabbitmq:4" }
  files: { image: "minio/minio:RELEASE.2025-04-22T22-12-26Z" }
  proxy: { image: "nginx:1.27", ports: ["8080:80"], volumes: ["./nginx.conf:/etc/nginx/nginx.conf"] }
  latest: { image: acme/latest }
  unknown: { image: "acme/site:\${TAG}" }
  inline: { build: { context: ., dockerfile_inline: "FROM scratch" } }
`;
    const result = imported(text);
    assertTrue(result);
    const { site, second, jobs, ...others } = result.drafts[0].values().services as Record<
      string,
      Record<string, unknown>
    >;
    assert.deepEqual(others, {});
    assert.deepEqual([site.kind, site.image, site.port], ["web", "acme/site:1.2", 8080]);
    assert.deepEqual(second.route, { paths: ["/second", "/second/*"] });
    assert.deepEqual([jobs.kind, jobs.image], ["worker", "acme/site:1.2"]);
    const left = Object.fromEntries(
      result.drafts[0].leftOut.map(({ service, why }) => [service, why.split(/[,(]/)[0].trim()]),
    );
    assert.deepEqual(left, {
      cache: "it keeps state",
      vectors: "it keeps data",
      broker: "it keeps state or passes messages on",
      files: "it keeps files",
      proxy: "its image is built elsewhere",
      latest: "its image has no version that stays",
      unknown: "nothing is left that says which image it runs",
      inline: "its Dockerfile is text in the Compose file",
    });
  });

  it("says of what is dangerous on which line it was so, for somebody to confirm", () => {
    const text = 'services:\n  web:\n    build: .\n    ports: ["80:3000"]\n    user: root\n';
    const [staging, production] = imported(text).drafts.map((draft) => draft.values());
    const { relaxed } = production.posture as { relaxed: Record<string, string> };
    assert.match(
      relaxed["services.web.user"],
      /^TODO: imported from \S*compose\.yaml:5, where services\.web\.user was so\. Confirm it/,
    );
    assert.equal(staging.posture, undefined);
  });

  it("writes what the file says, the same for both stacks", () => {
    const [staging, production] = imported().drafts.map((draft) => draft.values());
    // Plain HTTP is dangerous in production alone.
    const { posture, ...others } = production;
    assert.deepEqual((posture as Posture).relaxed, {
      "loadBalancer.domain":
        "TODO: imported as it was, since nothing there asks for what is safe. Confirm it by a reason of your own, or make it safe",
    });
    assert.deepEqual(staging, others);
    assert.deepEqual(staging, {
      name: "acme",
      services: {
        web: {
          ...{ kind: "web", build: ".", port: 3000, cpu: 512, memoryMiB: 1024 },
          healthCheck: { path: "/healthz", intervalSeconds: 30 },
          scaling: { min: 2, max: 2 },
          environment: { LOG_LEVEL: "info" },
          readonlyRootFilesystem: false,
        },
        api: {
          ...{ kind: "web", build: { context: "api", args: { A: "1" } }, port: 4000 },
          environment: { MODE: "fast" },
          ...{ readonlyRootFilesystem: false, healthCheck: { path: "/" } },
          route: { paths: ["/api", "/api/*"] },
        },
        worker: {
          ...{ kind: "worker", build: "jobs", stopTimeoutSeconds: 60 },
          ...{ command: ["node", "my worker.js"], readonlyRootFilesystem: false },
        },
      },
    });
  });

  it("says what became of each field, by its line", () => {
    const from = imported();
    const cases = {
      "services.web.restart": ["7: other way"],
      "services.web.environment.LOG_LEVEL": ["7: same"],
      "services.api.build.args[1]": ["13: lost"],
      "services.api.environment[0]": ["14: same"],
      "services.api.environment[1]": ["14: lost"],
      "services.api.environment[2]": ["14: lost"],
      "services.api.strange": ["16: lost"],
      // Of what it extends, told where it says so.
      "services.worker.tty": ["18: lost"],
      "services.db.image": ["20: lost"],
      "services.tool.build": ["21: lost"],
      "volumes.data": ["22: lost"],
    };
    for (const [path, wanted] of Object.entries(cases))
      assert.deepEqual(became(from, path), wanted, path);
    const report = reportText(from);
    assert.match(report, /^- db: it keeps data/m);
    assert.doesNotMatch(report, /postgres:\/\/u:secret/);
  });

  it("leaves out what runs no task", () => {
    const from = imported(
      "services:\n  web: { build: ., ports: [80] }\n  off: { build: ., scale: 0 }\n  none: { build: ., deploy: { replicas: 0 } }\n",
    );
    assertTrue(from);
    const [staging] = from.drafts;
    assert.deepEqual(Object.keys(staging.values().services as object), ["web"]);
    assert.deepEqual(
      staging.leftOut.map(({ service }) => service),
      ["off", "none"],
    );
  });

  it("says of each further context of a build how to do without it", () => {
    const from = imported(`services:
  web:
    build:
      context: .
      additional_contexts:
        shared: ../shared
        base: docker-image://debian:12
        api: service:api
        more: https://example.com/more.git
  jobs:
    build: { context: ., additional_contexts: ["shared=../shared"] }
`);
    assertTrue(from);
    const report = reportText(from);
    const fixes: Readonly<Record<string, RegExp>> = {
      "web.build.additional_contexts.shared": /Set build\.context to the folder that has both/,
      "web.build.additional_contexts.base": /Write that image into the Dockerfile's FROM/,
      "web.build.additional_contexts.api": /Make it a stage of the same Dockerfile/,
      "web.build.additional_contexts.more": /Keep what it has in this repository/,
      "jobs.build.additional_contexts\\[0\\]": /Set build\.context/,
    };
    for (const [field, fix] of Object.entries(fixes)) {
      const row = new RegExp(`^\\| \\d+ \\| \`services\\.${field}\` \\| lost \\| (.*) \\|$`, "m");
      assert.match(row.exec(report)?.[1] ?? "", fix, field);
    }
  });

  it("reads what is included, from where it lies", () => {
    const from = imported("include: [more/compose.yaml]\nservices: {}\n", {
      "more/compose.yaml": "services:\n  jobs: { build: ./jobs }\n",
    });
    const [staging] = from.drafts.map((draft) => draft.values());
    assert.deepEqual(Object.keys(staging.services as object), ["jobs"]);
    assert.equal((staging.services as Record<string, { build: string }>).jobs.build, "more/jobs");
  });

  describe("fails", () => {
    const cases: readonly [string, RegExp, string][] = [
      ["of a file without services", /is no Compose file: it has no services/, "name: x\n"],
      ["of broken YAML", /compose\.yaml is no YAML: .* line 2/, "services: [a\n"],
      [
        "where nothing is to be extended",
        /compose\.yaml:3: there is no service nosuch to extend/,
        "services:\n  a:\n    extends: { service: nosuch }\n",
      ],
      [
        "where a service extends itself",
        /extends itself/,
        "services:\n  a:\n    extends: { service: a }\n",
      ],
    ];
    for (const [title, message, text] of cases) {
      it(title, () => assert.throws(() => imported(text), { name: "ImportError", message }));
    }

    it("of a folder, and of a file that there is not", () => {
      inFolder({}, (folder) => {
        assert.throws(() => importCompose(folder), { message: /is a folder: name the file in it/ });
        assert.throws(() => importCompose(join(folder, "no.yaml")), {
          message: /no\.yaml cannot be read/,
        });
      });
    });
  });
});

describe("Compose's variables", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a $$b", "a $b"],
    ["${A:-x}-${B-y}", "x-y"],
    ["${A:-${B:-deep}}", "deep"],
    ["${A:+set}", ""],
  ];
  for (const [text, wanted] of cases) it(text, () => assert.equal(interpolate(text), wanted));

  for (const text of ["$A", "${A}", "${A:?must be set}"]) {
    it(`${text} is not known`, () =>
      assert.throws(() => interpolate(text), /comes of the shell or \.env/));
  }
});

it("a port is read in every form", () => {
  const given = [3000, "3000", "8080:3000", "127.0.0.1:8080:3000/tcp", { target: 3000 }];
  assert.deepEqual(
    given.map(portOf),
    given.map(() => 3000),
  );
  assert.deepEqual(["53:53/udp", "3000-3005", { target: 53, protocol: "udp" }].map(portOf), [
    undefined,
    undefined,
    undefined,
  ]);
});

it("whatever a service says, what is written is valid, and says what the report says", () => {
  const word = fc.constantFrom(
    "1",
    "10s",
    "A=1",
    "8080:80",
    "x y",
    "",
    "0123",
    "${A}",
    "linux/arm64",
    "512m",
  );
  const value = fc.oneof(
    word,
    fc.integer({ min: -1, max: 70_000 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(word, { maxLength: 3 }),
  );
  const keys = [
    ...new Set(Object.keys(serviceTable).map((pattern) => pattern.split(".")[0])),
  ].filter((key) => key !== "extends");
  const service = fc.dictionary(fc.constantFrom(...keys, "nosuch"), value, { maxKeys: 10 });
  fc.assert(
    fc.property(service, service, (web, api) => {
      const from = imported(stringify({ services: { web: { build: ".", ...web }, api } }));
      assertTrue(from);
    }),
    { numRuns: 80 },
  );
});
