import assert from "node:assert/strict";
import { checkFaults, parse, type Values } from "./support";

const config = (web: Values): Values => ({
  services: { web, api: { kind: "private", port: 8080 }, jobs: { kind: "worker" } },
});

describe("a private service", () => {
  it("is built of the folder of its name, and speaks whatever its program does", () => {
    const { api } = parse(config({})).services;
    assert.ok(api.kind === "private");
    assert.deepEqual([api.port, api.protocol, api.build?.context], [8080, "tcp", "api"]);
    assert.deepEqual([api.scaling.min, api.scaling.max, api.calls], [1, 2, []]);
  });

  it("listens on 3000 where nothing else is said", () => {
    const { api } = parse({ services: { api: { kind: "private" } } }).services;
    assert.equal(api.kind === "private" && api.port, 3000);
  });

  const api = (more: Values): Values => ({ services: { api: { kind: "private", ...more } } });
  checkFaults("gantry:services.api", api, [
    ["it has a route", { route: {} }, "route", "remove route, or set kind: web"],
    ["it speaks what no proxy knows", { protocol: "redis" }, "protocol", "choose one of these"],
    [
      "it scales by requests",
      { scaling: { requestsPerTarget: 5 } },
      "scaling.requestsPerTarget",
      "remove requestsPerTarget, or set kind: web",
    ],
    [
      "PORT is another port",
      { port: 8080, environment: { PORT: "9000" } },
      "environment.PORT",
      "remove PORT, and set port: 9000",
    ],
  ]);

  checkFaults("gantry:services", (services) => ({ services }), [
    [
      "its name is what a task calls itself",
      { localhost: { kind: "private" } },
      "localhost",
      "call it api or similar",
    ],
  ]);
});

describe("calls of a service", () => {
  it("name services, on the web too, and may go in a circle", () => {
    const { web, api } = parse({
      services: { web: { calls: ["api"] }, api: { kind: "private", calls: ["web"] } },
    }).services;
    assert.deepEqual([web.calls, api.calls], [["api"], ["web"]]);
  });

  checkFaults("gantry:services.web", config, [
    ["one is misspelt", { calls: ["ap"] }, "calls[0]", "did you mean api?"],
    [
      "one is unknown, as after it was renamed or removed",
      { calls: ["api", "constructor"] },
      "calls[1]",
      "name one of them, or remove it",
    ],
    [
      "it calls itself",
      { calls: ["web"] },
      "calls[0]",
      "remove web: a task reaches itself at localhost",
    ],
    [
      "it calls a worker",
      { calls: ["jobs"] },
      "calls[0]",
      "give jobs kind: private and the port that it listens on",
    ],
    ["it calls one twice", { calls: ["api", "api"] }, "calls[1]", "remove one api"],
    ["one is nothing", { calls: [""] }, "calls[0]", "write the name of another service"],
  ]);

  it("fail where there is nothing to call, with what there is", () => {
    assert.throws(
      () => parse({ services: { web: { calls: ["api"] } } }),
      /another service of kind private or web; there is none[^]*remove calls/,
    );
  });
});
