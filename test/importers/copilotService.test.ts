import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import { reportText } from "../../importers/report";
import { assertTrue, became, checked, inFolder } from "./support";

const web = (fields: string) =>
  `name: web\ntype: Load Balanced Web Service\nimage: { build: web/Dockerfile, port: 8080 }\n${fields}\n`;
const mail = (fields: string) =>
  `name: mail\ntype: Worker Service\nimage: { build: mail/Dockerfile }\n${fields}\n`;

function imported(...manifests: readonly string[]) {
  const files = manifests.map((text, index) => [`copilot/s${index}/manifest.yml`, text] as const);
  return inFolder(Object.fromEntries(files), (folder) => checked(importCopilot(folder)));
}

function services(stack: number, from: ReturnType<typeof imported>) {
  return from.drafts[stack].values().services as Record<string, Record<string, unknown>>;
}

describe("additional rules of a manifest", () => {
  const withHttp = (http: string) => imported(web(`http: ${http}`));
  const routeIn = (http: string) => {
    const from = withHttp(http);
    assertTrue(from);
    const { route } = services(0, from).web;
    return { route, path: became(from, "http.additional_rules[0].path") };
  };
  const cases: readonly (readonly [string, string, object, string])[] = [
    [
      "joins the first one's paths, in whatever order they are said",
      "{ additional_rules: [{ path: admin, target_port: 8080 }], path: shop }",
      { paths: ["/shop", "/shop/*", "/admin", "/admin/*"] },
      "other way",
    ],
    [
      "joins its hosts",
      "{ path: /, alias: a.example.com, additional_rules: [{ path: /, alias: [b.example.com] }] }",
      { paths: ["/*"], hosts: ["a.example.com", "b.example.com"] },
      "other way",
    ],
    [
      "needs nothing where the first has every path",
      "{ path: /, additional_rules: [{ path: admin }] }",
      { paths: ["/*"] },
      "other way",
    ],
    [
      "loses one for another port",
      "{ path: shop, additional_rules: [{ path: admin, target_port: 9000 }] }",
      { paths: ["/shop", "/shop/*"] },
      "lost",
    ],
    [
      "loses one for another container",
      "{ path: shop, additional_rules: [{ path: admin, target_container: nginx }] }",
      { paths: ["/shop", "/shop/*"] },
      "lost",
    ],
    [
      "loses one whose path would hold for the first one's host",
      "{ path: shop, alias: a.example.com, additional_rules: [{ path: admin, alias: b.example.com }] }",
      { paths: ["/shop", "/shop/*"], hosts: ["a.example.com"] },
      "lost",
    ],
    [
      "loses one whose path is none, and keeps the first",
      "{ path: shop, additional_rules: [{ path: 'a b' }] }",
      { paths: ["/shop", "/shop/*"] },
      "lost",
    ],
  ];
  for (const [title, http, route, wanted] of cases) {
    it(title, () => {
      const { route: made, path } = routeIn(http);
      assert.deepEqual(made, route);
      assert.deepEqual(path, [`4: ${wanted}`]);
    });
  }

  it("joins more than one listener rule takes", () => {
    const from = withHttp("{ path: a, additional_rules: [{ path: b }, { path: c }] }");
    const { route } = services(0, from).web;
    assert.deepEqual(route, { paths: ["/a", "/a/*", "/b", "/b/*", "/c", "/c/*"] });
    assert.deepEqual(became(from, "http.additional_rules[1].path"), ["4: other way"]);
  });

  it("loses of a rule what holds for the whole service, and what comes of the shell", () => {
    const from = withHttp(
      "{ path: a, additional_rules: [{ path: b, healthcheck: /b, nosuch: 1 }, { path: '${B}' }] }",
    );
    for (const field of ["[0].healthcheck", "[0].nosuch", "[1].path"]) {
      assert.deepEqual(became(from, `http.additional_rules${field}`), ["4: lost"], field);
    }
    assert.match(reportText(from), /\$\{B\} comes of the shell/);
  });
});

describe("a manifest of Copilot", () => {
  it("has its protocol, and for gRPC the code that AWS takes for healthy", () => {
    const certificate =
      "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";
    const of = (version: string) => {
      const files = {
        "copilot/environments/test/manifest.yml": `name: test\ntype: Environment\nhttp: { public: { certificates: ["${certificate}"] } }\n`,
        "copilot/web/manifest.yml": web(`http: { path: /, version: ${version} }`),
      };
      const from = inFolder(files, (folder) => checked(importCopilot(folder)));
      assert.equal(became(from, "http.version")[0].split(" (")[0], "4: same");
      const { route, healthCheck } = services(0, from).web;
      return [(route as Record<string, unknown>).protocol, healthCheck];
    };
    const probes = { path: "/", healthyThreshold: 5, unhealthyThreshold: 2 };
    const times = { intervalSeconds: 30, graceSeconds: 60 };
    assert.deepEqual(of("http2"), ["http2", { ...probes, ...times }]);
    assert.deepEqual(of("grpc"), ["grpc", { ...probes, ...times, matcher: "12" }]);
  });

  it("is reached from inside where it is a backend service with HTTP, and private without", () => {
    const backend = (fields: string) => web(fields).replace("Load Balanced Web", "Backend");
    const from = imported(backend("http: { path: /api, healthcheck: /up }"));
    const { kind, port, route } = services(0, from).web;
    const paths = ["/api", "/api/*"];
    assert.deepEqual([kind, port, route], ["web", 8080, { internal: true, paths }]);
    assert.deepEqual(became(from, "type"), ["2: other way"]);
    assert.equal(services(0, imported(backend(""))).web.kind, "private");
  });

  it("is sticky for the day that AWS keeps a cookie", () => {
    const from = imported(web("http: { path: /, stickiness: true }"));
    assert.deepEqual(services(0, from).web.route, { paths: ["/*"], sticky: 86_400 });
    assert.deepEqual(became(from, "http.stickiness"), ["4: same"]);
    const without = imported(web("http: { path: /, stickiness: false }"));
    assert.deepEqual(services(0, without).web.route, { paths: ["/*"] });
  });

  it("has health asked on the service's own port, and says so where that was another one", () => {
    for (const [port, wanted] of [
      [8080, "4: other way"],
      [9000, "4: lost"],
    ]) {
      const from = imported(web(`http: { path: /, healthcheck: { path: /up, port: ${port} } }`));
      assert.deepEqual(became(from, "http.healthcheck.port"), [wanted]);
    }
  });

  it("without tasks is left out, and no default starts any", () => {
    for (const count of ["0", "{ spot: 0 }", "{ range: 0-0 }", "{ range: { min: 0, max: 0 } }"]) {
      const from = imported(
        web("http: { path: / }"),
        mail(`count: 3\nenvironments: { test: { count: ${count} } }`),
      );
      assert.deepEqual(Object.keys(services(0, from)), ["web"], count);
      assert.deepEqual(
        from.drafts[0].leftOut.map(({ service }) => service),
        ["mail"],
      );
      assert.deepEqual(services(1, from).mail.scaling, { min: 3, max: 3 });
    }
  });

  it("has one task where none was the least", () => {
    for (const range of ["0-5", "{ min: 0, max: 5 }"]) {
      const from = imported(mail(`count: { range: ${range} }`));
      assert.deepEqual(services(0, from).mail.scaling, { max: 5, min: 1 });
      const least = range === "0-5" ? "count.range" : "count.range.min";
      assert.deepEqual(became(from, least), ["4: lost"]);
      assert.match(reportText(from), /scaling\.min is 1 in place of 0/);
    }
  });

  it("has its tasks on Spot as before", () => {
    const some = services(0, imported(mail("count: { range: { min: 1, max: 5, spot_from: 2 } }")));
    assert.deepEqual(some.mail.spot, { from: 2 });
    const all = imported(mail("count: { spot: 3 }"));
    assert.deepEqual(services(0, all).mail.spot, true);
    assert.deepEqual(services(0, all).mail.scaling, { min: 3, max: 3 });
    assert.deepEqual(became(all, "count.spot"), ["4: other way"]);
  });

  it("waits between steps of scaling as before", () => {
    const from = imported(
      mail("count: { range: 1-5, cooldown: { in: 1m30s }, requests: { cooldown: { in: 9s } } }"),
    );
    assert.deepEqual(services(0, from).mail.scaling, {
      ...{ min: 1, max: 5 },
      cooldownSeconds: { in: 90 },
    });
    assert.deepEqual(became(from, "count.cooldown.in"), ["4: same"]);
    assert.deepEqual(became(from, "count.requests.cooldown.in"), ["4: lost"]);
  });
});

describe("what a manifest says of its build and its task definition", () => {
  const from = imported(
    web("taskdef_overrides: [{ path: Cpu, value: 512 }]").replace(
      "web/Dockerfile",
      "{ dockerfile: web/Dockerfile, cache_from: [acme/web] }",
    ),
  );

  it("is lost of the task definition, and points to the environment's transform", () => {
    assertTrue(from);
    assert.deepEqual(became(from, "taskdef_overrides[0].path"), ["4: lost"]);
    assert.match(reportText(from), /environment\(\{ transform: \{ taskDefinition \} \}\)/);
  });

  it("is done another way of its layers", () => {
    assert.deepEqual(became(from, "image.build.cache_from[0]"), ["3: other way"]);
  });
});
