import assert from "node:assert/strict";
import fc from "fast-check";
import {
  lastPriority,
  pathScore,
  routePriority,
  testPriority,
} from "../../../components/service/routePriority";

const literals = fc.stringMatching(/^[a-z0-9\-/.]{0,127}$/);
const literalPath = literals.map((rest) => `/${rest}`);
const path = fc.oneof(
  literalPath,
  literals.map((rest) => `/${rest}`.slice(0, 127) + "*"),
);
const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const literalHost = fc
  .array(label, { minLength: 1, maxLength: 4 })
  .map((labels) => [...labels, "com"].join("."));
const wildcardHost = literalHost.map((host) => `*.${host}`);
const paths = fc.array(path, { minLength: 1, maxLength: 3 });
const hosts = fc.array(fc.oneof(literalHost, wildcardHost), { maxLength: 2 });

/** Asserts that the first route's rule is asked before the second's. */
function assertBefore(first: object, second: object) {
  assert.ok(
    routePriority(first) < routePriority(second),
    `${JSON.stringify(first)} before ${JSON.stringify(second)}`,
  );
}

describe("routePriority", () => {
  it("is what AWS takes: a whole number from 1 to 50000", () => {
    fc.assert(
      fc.property(paths, hosts, (somePaths, someHosts) => {
        const priority = routePriority({ paths: somePaths, hosts: someHosts });
        assert.ok(Number.isInteger(priority) && priority >= 1 && priority <= lastPriority);
      }),
    );
  });

  it("never changes: a number that moves renumbers the rules of a running environment", () => {
    assert.deepEqual(
      [
        {},
        { paths: ["/api/*"] },
        { paths: ["/api/*"], hosts: ["shop.example.com"] },
        { hosts: ["*.example.com"] },
      ].map(routePriority),
      [48867, 46440, 14772, 25420],
    );
  });

  it("is the same for the same patterns in another order and other letters of a host", () => {
    fc.assert(
      fc.property(paths, hosts, (somePaths, someHosts) => {
        assert.equal(
          routePriority({ paths: somePaths, hosts: someHosts }),
          routePriority({
            paths: [...somePaths].reverse(),
            hosts: [...someHosts].reverse().map((host) => host.toUpperCase()),
          }),
        );
      }),
    );
  });

  it("takes no pattern for every path and host", () => {
    assert.equal(routePriority({}), routePriority({ paths: ["/*"], hosts: [] }));
  });

  it("asks a literal host before a wildcard, and that before any", () => {
    fc.assert(
      fc.property(paths, paths, literalHost, wildcardHost, (some, others, literal, wildcard) => {
        assertBefore({ paths: some, hosts: [literal] }, { paths: others, hosts: [wildcard] });
        assertBefore({ paths: some, hosts: [wildcard] }, { paths: others });
      }),
    );
  });

  it("asks the longer literal path first, under the same host", () => {
    const ending = fc.stringMatching(/^[a-z0-9]{1,20}$/);
    const beginning = fc.stringMatching(/^[a-z0-9\-/.]{0,100}$/).map((rest) => `/${rest}`);
    fc.assert(
      fc.property(beginning, ending, hosts, fc.boolean(), (short, more, someHosts, star) => {
        const long = short + more;
        assertBefore(
          { paths: [star ? `${long}*` : long], hosts: someHosts },
          { paths: [`${short}*`], hosts: someHosts },
        );
      }),
    );
  });

  const nested: [narrow: object, wide: object][] = [
    [{ paths: ["/a"] }, { paths: ["/a*"] }],
    [{ paths: ["/a?"] }, { paths: ["/a*"] }],
    [{ paths: ["/ab"] }, { paths: ["/a?"] }],
    [{ paths: ["/ab*"] }, { paths: ["/a?*"] }],
    [{ paths: ["/a?*"] }, { paths: ["/a*"] }],
    [{ paths: ["/api/v1/*"] }, { paths: ["/api/*"] }],
    [{ paths: ["/"] }, {}],
    [{ hosts: ["*.b.example.com"] }, { hosts: ["*.example.com"] }],
    [{ hosts: ["api-*.example.com"] }, { hosts: ["*.example.com"] }],
  ];
  for (const [narrow, wide] of nested) {
    it(`asks ${JSON.stringify(narrow)} before ${JSON.stringify(wide)}`, () => {
      assertBefore(narrow, wide);
    });
  }

  it("counts a route of several patterns as its broadest, so that it hides none", () => {
    assertBefore({ paths: ["/api/*"] }, { paths: ["/a/very/long/path", "/*"] });
    assertBefore({ hosts: ["*.example.com"] }, { hosts: ["example.com", "*.com"] });
  });

  it("spreads routes that are equally specific", () => {
    const names = Array.from({ length: 10 }, (_, index) => `/service-${index}/*`);
    const priorities = new Set(names.map((name) => routePriority({ paths: [name] })));
    assert.equal(priorities.size, names.length);
  });
});

describe("pathScore", () => {
  it("grows with every literal, and without a star", () => {
    fc.assert(
      fc.property(
        literalPath.filter((text) => text.length < 128),
        (text) => {
          assert.ok(pathScore(text) > pathScore(`${text}*`));
          assert.ok(pathScore(`${text}a`) > pathScore(text));
          assert.ok(pathScore(`${text}?`) > pathScore(text));
        },
      ),
    );
  });
});

describe("testPriority", () => {
  it("is before the route's own, and after those that are more specific", () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        const [test, own] = [testPriority({ paths: [one] }), routePriority({ paths: [one] })];
        assert.ok(Number.isInteger(test) && test < own);
        if (pathScore(other) > pathScore(one) + 1) {
          assert.ok(routePriority({ paths: [other] }) < test);
        }
      }),
    );
  });

  it("meets another's as seldom as the routes' own", () => {
    const routes = Array.from({ length: 200 }, (_, index) => ({ paths: [`/a${index + 100}/*`] }));
    const own = new Set(routes.map(routePriority)).size;
    const tests = new Set(routes.map((route) => testPriority(route))).size;
    assert.ok(own - tests <= 5, `${own} and ${tests}`);
  });

  it("never changes", () =>
    assert.deepEqual(
      [{}, { paths: ["/api/*"] }, { hosts: ["*.example.com"] }].map((route) => testPriority(route)),
      [48_494, 46_175, 25_392],
    ));

  it("is the one before a priority set by hand, and none before the first", () => {
    assert.equal(testPriority({}, 20), 19);
    assert.equal(testPriority({}, 1), 0);
  });
});
