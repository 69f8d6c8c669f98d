import assert from "node:assert/strict";
import { asPulumiConfig, checkFaults, faultsOf, services } from "./support";

const oneService = "name one: gantry:services: { web: { path: app, port: 3000 } }";

describe("faults of a stack", () => {
  checkFaults("gantry", (values) => values, [
    ["no service is named", {}, "services", oneService],
    ["services are empty", { services: {} }, "services", oneService],
    [
      "services are a list",
      { services: [{}] },
      "services",
      "write its keys below gantry:services, one a line",
    ],
    ["a key is misspelt", { servces: services }, "servces", "did you mean services?"],
    ["a key is unknown", { services, colour: "red" }, "colour", "remove colour"],
    [
      "a section is a text",
      { services, network: "create" },
      "network",
      "write its keys below gantry:network, one a line",
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
      "set gantry:name to one of at most 18 characters",
    ],
    [
      "the name is too long for the region",
      { services, name: "a-product-of-21-chars" },
      "name",
      "set gantry:name to one of at most 20 characters",
      { region: "eu-central-1" },
    ],
    [
      "service and product together are too long for a role",
      { name: "warehouse-front", services: { "order-confirmations": {} } },
      "services.order-confirmations",
      "choose a name of at most 18 characters, or a shorter gantry:name",
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
    assert.deepEqual([fault.path, fault.mend], ["the stack's name", "pulumi stack rename qa-eu"]);
  });

  it("fails when a key stands in the project's namespace", () => {
    const values = { ...asPulumiConfig({ services }), "shop:network": "{}", "shop:other": "x" };
    const [fault, ...others] = faultsOf({}, { values });
    assert.deepEqual([fault.path, fault.allowed], ["shop:network", "gantry:network"]);
    assert.deepEqual(others, []);
  });
});
