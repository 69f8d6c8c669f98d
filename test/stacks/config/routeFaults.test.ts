import assert from "node:assert/strict";
import { checkFaults, faultsOf, parse, web, type Values } from "./support";

describe("faults of routes", () => {
  const route = (value: Values) => web({ route: value });
  checkFaults("gantry:services.web.route", route, [
    ["a path has no slash", { paths: ["api/*"] }, "paths[0]", "write /api/*"],
    ["a path has a space", { paths: ["/a b"] }, "paths[0]", "write it as /api/*"],
    ["there is no path", { paths: [] }, "paths", "name one, or remove the key"],
    [
      "a host is a URL",
      { hosts: ["https://a.example.com"] },
      "hosts[0]",
      "write it as api.example.com",
    ],
    ["a host has capitals", { hosts: ["Api.example.com"] }, "hosts[0]", "write api.example.com"],
    ["a cookie is kept for more than a week", { sticky: 604_801 }, "sticky", "set sticky: 604800"],
    ["the priority is too large", { priority: 50001 }, "priority", "set priority: 50000"],
    [
      "there are two rules and one priority",
      { paths: ["/a", "/b", "/c", "/d", "/e", "/f"], priority: 50_000 },
      "priority",
      "set priority: 49999",
    ],
  ]);
  checkFaults("gantry", (values) => values, [
    [
      "a host is outside the zone",
      {
        services: { web: { route: { hosts: ["*.example.com", "api.example.org"] } } },
        loadBalancer: { domain: { name: "example.com", zone: "example.com" } },
      },
      "services.web.route.hosts[1]",
      "write it as web.example.com",
    ],
    [
      "two services take every request",
      { services: { web: {}, api: {} } },
      "services.api.route",
      "give api or web paths or hosts of its own, such as route: { paths: [/api/*] }",
    ],
    [
      "two services have one priority",
      {
        services: {
          web: { route: { priority: 7 } },
          api: { route: { paths: ["/api/*"], priority: 7 } },
          admin: { route: { paths: ["/admin/*"], priority: 8 } },
        },
      },
      "services.api.route.priority",
      "set priority: 9",
    ],
    [
      "the second rule of a service has another's priority",
      {
        services: {
          web: { route: { paths: ["/a", "/b", "/c", "/d", "/e", "/f"], priority: 6 } },
          api: { route: { paths: ["/api/*"], priority: 7 } },
        },
      },
      "services.api.route.priority",
      "set priority: 8",
    ],
    [
      "two rules of a service meet those of another",
      {
        services: {
          api: { route: { paths: ["/api/*"], priority: 7 } },
          web: { route: { paths: ["/a", "/b", "/c", "/d", "/e", "/f"], priority: 6 } },
          site: { route: { paths: ["/site/*"], priority: 9 } },
        },
      },
      "services.web.route.priority",
      "set priority: 10",
    ],
    [
      "a priority mirrors another, whose second rule has it",
      {
        services: {
          web: { route: { priority: 7 } },
          api: { route: { paths: ["/api/*"], priority: 49_994 } },
        },
      },
      "services.api.route.priority",
      "set priority: 49995",
    ],
  ]);

  it("names both services of a repeated route", () => {
    const [fault] = faultsOf({ services: { web: {}, api: {} } });
    assert.equal(fault.given, "/* of any host");
    assert.equal(fault.allowed, "what no other service has; web has it");
  });

  it("accepts more patterns than a listener rule takes", () => {
    const hosts = ["a", "b", "c", "d", "e"].map((label) => `${label}.example.com`);
    parse(route({ hosts, paths: ["/a", "/b", "/c/*"] }));
  });
});

describe("priorities that follow from routes", () => {
  it("are told as such where two meet", () => {
    const routed = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `s${index}`,
          { route: { hosts: [`h${index}.example.com`] } },
        ]),
      );
    const [{ given, fix }] = faultsOf({ services: routed(48) });
    assert.match(given, /^\d+ by its route, which s\d+ has by its route$/);
    const free = Number(/^set priority: (\d+)$/.exec(fix)?.[1]);
    assert.ok(Math.abs(free - Number.parseInt(given)) < 20);
  });
});
