import assert from "node:assert/strict";
import fc from "fast-check";
import { lastPriority, routePriority } from "../../../components/service/routePriority";
import {
  attachingPriority,
  routeRules,
  valuesPerRule,
  wildcardsPerRule,
} from "../../../components/service/routeRules";

const matched = (route: Parameters<typeof routeRules>[0]) =>
  routeRules(route).map(({ hosts, paths }) => [hosts.join(), paths.join()]);

const wildcards = (patterns: readonly string[]) => patterns.join("").replace(/[^*?]/g, "").length;

describe("routeRules", () => {
  const table: [string, Parameters<typeof routeRules>[0], [string, string][]][] = [
    ["of nothing are one of every path", {}, [["", "/*"]]],
    ["of hosts and every path are of the hosts alone", { hosts: ["a.com"] }, [["a.com", ""]]],
    [
      "of five values are one",
      { hosts: ["a.com", "b.com"], paths: ["/a", "/b", "/c"] },
      [["a.com,b.com", "/a,/b,/c"]],
    ],
    [
      "of six paths are two, in their order",
      { paths: ["/f", "/e", "/d", "/c", "/b", "/a"] },
      [
        ["", "/f,/e,/d,/c,/b"],
        ["", "/a"],
      ],
    ],
    [
      "of hosts and paths are as few as can be",
      { hosts: ["a.com", "b.com"], paths: ["/a", "/b", "/c", "/d"] },
      [
        ["a.com", "/a,/b,/c,/d"],
        ["b.com", "/a,/b,/c,/d"],
      ],
    ],
    [
      "of seven wildcards are two",
      { paths: ["/a/*/*", "/b/*/*", "/c/*", "/d/*", "/e/?"] },
      [
        ["", "/a/*/*,/b/*/*,/c/*,/d/*"],
        ["", "/e/?"],
      ],
    ],
    ["of a path with seven wildcards are none", { paths: ["/a", "/*/*/*/*/*/*/?"] }, []],
    [
      "of a path and a host that have seven together are none",
      { hosts: ["*.a.com"], paths: ["/*/*/*/*/*/*"] },
      [],
    ],
  ];
  for (const [title, route, wanted] of table) {
    it(title, () => assert.deepEqual(matched(route), wanted));
  }

  it("have each the priority of what it matches, and the first that of the whole where it is the only one", () => {
    const one = { hosts: ["a.com"], paths: ["/a", "/b"] };
    assert.equal(routeRules(one)[0].priority, routePriority(one));
    const several = routeRules({ paths: ["/a", "/b", "/c", "/d", "/e", "/f/*"] });
    assert.deepEqual(
      several.map(({ priority }) => priority),
      [
        routePriority({ paths: ["/a", "/b", "/c", "/d", "/e"] }),
        routePriority({ paths: ["/f/*"] }),
      ],
    );
    assert.equal(attachingPriority(several), lastPriority + 1 - several[0].priority);
  });

  it("follow one another from the one that is set by hand", () => {
    const rules = routeRules({ paths: ["/a", "/b", "/c", "/d", "/e", "/f"], priority: 7 });
    assert.deepEqual(
      rules.map(({ priority }) => priority),
      [7, 8],
    );
  });

  it("match every host with every path, each within what a rule takes", () => {
    const pattern = (start: string) =>
      fc
        .array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 4 })
        .map((all) => start + all.join(""));
    const patterns = (start: string) => fc.uniqueArray(pattern(start), { maxLength: 12 });
    fc.assert(
      fc.property(patterns("h"), patterns("/p"), (hosts, paths) => {
        const rules = routeRules({ hosts, paths });
        const pairs = rules.flatMap((rule) =>
          (rule.hosts.length > 0 ? rule.hosts : ["-"]).flatMap((host) =>
            (rule.paths.length > 0 ? rule.paths : ["/*"]).map((path) => `${host} ${path}`),
          ),
        );
        const all = (hosts.length > 0 ? hosts : ["-"]).flatMap((host) =>
          (paths.length > 0 ? paths : ["/*"]).map((path) => `${host} ${path}`),
        );
        const isImpossible = all.some((pair) => wildcards([pair]) > wildcardsPerRule);
        assert.deepEqual(pairs.sort(), isImpossible ? [] : all.sort());
        for (const rule of rules) {
          assert.ok(rule.hosts.length + rule.paths.length <= valuesPerRule);
          assert.ok(wildcards([...rule.hosts, ...rule.paths]) <= wildcardsPerRule);
        }
      }),
    );
  });
});
