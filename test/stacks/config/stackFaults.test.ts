import assert from "node:assert/strict";
import { asPulumiConfig, checkFaults, faultsOf, parse, services } from "./support";

const oneService = "name one: gantry:services: { web: { build: app, port: 3000 } }";

describe("the region of a stack", () => {
  const read = (region: string, values: Record<string, string> = {}) =>
    parse({ services }, { region, values: { ...asPulumiConfig({ services }), ...values } });

  it("is one of AWS's, also one that is newer than this", () => {
    for (const region of ["eu-west-1", "us-gov-east-1", "eusc-de-east-1", "ap-southeast-12", ""]) {
      read(region);
    }
  });

  it("is refused where it is none, by the place that says it", () => {
    const file = { "aws:region": "mars" };
    assert.throws(
      () => read("mars", file),
      /aws:region\n +given +mars\n +allowed +a region of AWS such as eu-west-1\n +fix +write a region of AWS/,
    );
    assert.throws(
      () => read("eu-wset-1"),
      /AWS_REGION\n +given +eu-wset-1[^]*fix +write eu-west-1$/,
    );
  });
});

describe("faults of a stack", () => {
  checkFaults("gantry", (values) => values, [
    ["no service is named", {}, "services", oneService],
    ["services are empty", { services: {} }, "services", oneService],
    [
      "services are a list",
      { services: [{}] },
      "services",
      "write it as gantry:services: { web: { port: 3000 } }",
    ],
    ["a key is misspelt", { servces: services }, "servces", "did you mean services?"],
    ["a key is unknown", { services, colour: "red" }, "colour", "remove colour"],
    [
      "a section is a text",
      { services, network: "create" },
      "network",
      "write it as gantry:network: { mode: create }",
    ],
    [
      "a section is no JSON",
      { services, logs: "{ retentionDays: 3" },
      "logs",
      "write its keys below gantry:logs, one a line",
    ],
    ["a section is empty", { services, logs: null }, "logs", "give logs a value, or remove it"],
    ["the name has capitals", { services, name: "MyShop" }, "name", "write my-shop"],
    ["the name is a number", { services, name: "12" }, "name", "write it as shop or web-shop"],
    [
      "the project's name cannot be the name",
      { services },
      "name",
      "set gantry:name: my-shop",
      { project: "My_Shop" },
    ],
    [
      "the name makes the release bucket's too long",
      { services, name: "a-product-with-a-long-name" },
      "name",
      "set gantry:name to one of at most 16 characters",
    ],
    [
      "the name is too long for the region",
      { services, name: "a-product-of-19-char" },
      "name",
      "set gantry:name to one of at most 18 characters",
      { region: "eu-central-1" },
    ],
    [
      "the stack's kind is unknown",
      { services, kind: "prodution" },
      "kind",
      "set kind: production",
    ],
    [
      "a stack is called prod and says no kind",
      { services },
      "kind",
      "set gantry:kind: production",
      { stack: "prod" },
    ],
    [
      "a stack is called production-us and says no kind",
      { services },
      "kind",
      "set gantry:kind: production",
      { stack: "production-us" },
    ],
    [
      "a stack is called qa and says no kind",
      { services },
      "kind",
      "set gantry:kind: staging",
      { stack: "qa" },
    ],
    [
      "a worker may have no task, and nothing to start its first by",
      { services: { jobs: { kind: "worker", scaling: { min: 0, max: 3 } } } },
      "services.jobs.scaling.min",
      "set min: 1, or messagesPerTask where it has subscriptions, or say in schedule when there are tasks",
    ],
    ["protection is a word", { services, protection: "on" }, "protection", "set protection: true"],
    [
      "logs are kept for ten days",
      { services, logs: { retentionDays: 10 } },
      "logs.retentionDays",
      "set retentionDays: 14",
    ],
    [
      "no release is kept",
      { services, registry: { keepReleases: 0 } },
      "registry.keepReleases",
      "set keepReleases: 1",
    ],
    [
      "too many releases are kept",
      { services, registry: { keepReleases: 1000 } },
      "registry.keepReleases",
      "set keepReleases: 500",
    ],
    [
      "a service's name is too long",
      { name: "s", services: { "order-confirmation-mailer": {} } },
      "services.order-confirmation-mailer",
      "choose a name of at most 20 characters",
    ],
    ["a service's name has capitals", { services: { Web: {} } }, "services.Web", "call it web"],
    ["a service is no object", { services: { web: "app" } }, "services.web", "write an object"],
  ]);

  it("fails when the stack's name has capitals", () => {
    const [fault] = faultsOf({ services }, { stack: "QA_EU" });
    assert.deepEqual([fault.path, fault.fix], ["the stack's name", "pulumi stack rename qa-eu"]);
  });

  it("fails when a key stands in the project's namespace", () => {
    const values = { ...asPulumiConfig({ services }), "shop:network": "{}", "shop:other": "x" };
    const [fault, ...others] = faultsOf({}, { values });
    assert.deepEqual([fault.path, fault.allowed], ["shop:network", "gantry:network"]);
    assert.deepEqual(others, []);
  });
});

describe("gantry:kind", () => {
  it("decides the defaults, whatever the stack is called", () => {
    const us = parse({ services, kind: "production" }, { stack: "production-us" });
    assert.deepEqual(
      [us.protection, us.services.web.exec, us.network.mode],
      [true, false, "create"],
    );
    const qa = parse({ services, kind: "staging" }, { stack: "qa" });
    assert.deepEqual([qa.protection, qa.services.web.exec], [false, true]);
    const odd = parse({ services, kind: "staging" }, { stack: "production" });
    assert.equal(odd.protection, false);
  });

  it("is the stack's name where that is one", () => {
    assert.equal(parse({ services }, { stack: "production" }).kind, "production");
    assert.equal(parse({ services }, { stack: "staging" }).kind, "staging");
  });
});
