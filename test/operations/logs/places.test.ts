import assert from "node:assert/strict";
import { logSources } from "../../../operations/logs/places";
import { aTarget } from "../../delivery/support/aTarget";

const target = aTarget({
  services: {
    web: {
      releaseCommand: { command: ["node", "migrate.js"] },
      sidecars: { nginx: { image: "nginx:1", port: 8080 } },
    },
    routed: {
      kind: "worker",
      sidecars: { router: { kind: "fireLens", options: { Name: "loki" } } },
    },
    report: { kind: "job" },
  },
});

describe("what is read as the log of services", () => {
  it("is the service's own container of all of them, jobs as well, unless others are meant", () => {
    const { sources, notes } = logSources(target, []);
    assert.deepEqual(
      sources.map(({ service, streamPrefix }) => `${service} ${streamPrefix}`),
      ["web app/app/", "routed app/app/", "report app/app/"],
    );
    assert.equal(sources[0].logGroupName, "/gantry/shop/staging/services/web");
    assert.match(notes[0], /^routed: its log is handed on by .*\(loki\), and read there$/);
    assert.equal(
      notes[1],
      "other containers log, too (web: release, nginx; routed: router): --container <name>",
    );
    assert.equal(notes.length, 2);
  });

  it("is a sidecar of those that have it", () => {
    const { sources, notes } = logSources(target, [], "nginx");
    assert.deepEqual(
      sources.map(({ service, streamPrefix }) => `${service} ${streamPrefix}`),
      ["web nginx/nginx/"],
    );
    assert.deepEqual(notes, []);
  });

  it("is what release commands log", () => {
    assert.equal(logSources(target, ["web"], "release").sources[0].streamPrefix, "release/app/");
  });

  it("fails where there is no such container, with the nearest", () => {
    assert.throws(
      () => logSources(target, ["web"], "ngin"),
      /^DeliveryError: web of staging has no container ngin: there is release, app, nginx\. Is nginx meant\?$/,
    );
    assert.throws(
      () => logSources(target, ["web", "report"], "nginx"),
      /report of staging has no container nginx: there is app\./,
    );
    assert.throws(() => logSources(target, [], "x"), /3 services of staging have no container x/);
    assert.throws(() => logSources(target, ["wbe"]), /has no service wbe.*Is web meant\?/);
  });
});
