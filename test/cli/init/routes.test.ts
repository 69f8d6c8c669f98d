import assert from "node:assert/strict";
import { routesOf } from "../../../cli/init/routes";
import { parse } from "../../stacks/config/support";

describe("the routes that init writes", () => {
  it("lead what begins with a service's name to it, and the rest to what people see first", () => {
    assert.deepEqual(Object.fromEntries(routesOf(["api", "web", "admin"])), {
      api: { paths: ["/api", "/api/*"] },
      admin: { paths: ["/admin", "/admin/*"] },
    });
  });

  it("give each of many services a priority of its own, and say it only where two would meet", () => {
    const names = Array.from({ length: 49 }, (_, index) => `svc-${index + 1}`);
    const routes = routesOf(names);
    const said = [...routes.values()].filter(({ priority }) => priority !== undefined);
    assert.ok(said.length > 0 && said.length < 10, String(said.length));
    const services = Object.fromEntries(
      names.map((name) => [name, { build: "app", route: routes.get(name) ?? {} }]),
    );
    assert.equal(Object.keys(parse({ services }).services).length, 49);
  });
});
