import assert from "node:assert/strict";
import { routesOf } from "../../../cli/init/routes";
import { prioritiesOf } from "../../../stacks/config/priorities";
import { parse } from "../../stacks/config/support";

const names = (count: number) => Array.from({ length: count }, (_, index) => `svc-${index + 1}`);

describe("the routes that init writes", () => {
  it("lead what begins with a service's name to it, and the rest to what people see first", () => {
    assert.deepEqual(Object.fromEntries(routesOf(["api", "web", "admin"])), {
      api: { paths: ["/api", "/api/*"] },
      admin: { paths: ["/admin", "/admin/*"] },
    });
  });

  it("give each of many services a priority of its own, and say it only where two would meet", () => {
    const routes = routesOf(names(49));
    const said = [...routes.values()].filter(({ priority }) => priority !== undefined);
    assert.ok(said.length > 0 && said.length < 10, String(said.length));
    const services = Object.fromEntries(
      names(49).map((name) => [name, { build: "app", route: routes.get(name) ?? {} }]),
    );
    assert.equal(Object.keys(parse({ services }).services).length, 49);
  });

  it("are free in production too, where a rule for test requests stands before each", () => {
    const routes = routesOf(names(120));
    for (const shifts of [false, true]) {
      const taken = names(120).flatMap((name) => {
        const { paths = ["/*"], priority } = routes.get(name) ?? {};
        return prioritiesOf({ paths, hosts: [], priority, shifts });
      });
      assert.equal(new Set(taken).size, taken.length);
    }
  });
});
