import assert from "node:assert/strict";
import { nameFaults } from "../../../stacks/config/properNames";
import { faultsOf, services, web, type Values } from "./support";

const named = (...names: string[]) => Object.fromEntries(names.map((name) => [name, {}]));
const fixes = (values: Values) => faultsOf(values).map(({ path, fix }) => `${path}: ${fix}`);

describe("names that differ by their case alone", () => {
  it("are told to be called otherwise than each other", () => {
    assert.deepEqual(
      nameFaults(
        ["OrderFiles", "uploads", "Uploads", "orderFiles", "_", "a".repeat(21)],
        "logs",
      ).map(({ name, fix }) => `${name}: ${fix}`),
      [
        "OrderFiles: call it order-files",
        "Uploads: call it uploads-2",
        "orderFiles: call it order-files-2",
        "_: call it logs",
        `${"a".repeat(21)}: choose a name of at most 20 characters`,
      ],
    );
  });

  const other = { kind: "worker" };
  const cases: [what: string, values: Values, fixes: string[]][] = [
    ["services", { services: { ...services, Web: other } }, ["gantry:services.Web: call it web-2"]],
    [
      "what services use",
      { services, buckets: named("Uploads", "uploads") },
      ["gantry:buckets.Uploads: call it uploads-2"],
    ],
    [
      "sidecars",
      web({ sidecars: { Nginx: { image: "nginx:1.29" }, nginx: { image: "nginx:1.29" } } }),
      ["gantry:services.web.sidecars.Nginx: call it nginx-2"],
    ],
    [
      "queues, each of which is a topic's",
      {
        services: {
          web: { publishes: ["orders"] },
          jobs: { kind: "worker", subscribes: named("Orders", "orders") },
        },
      },
      ["gantry:services.jobs.subscribes.Orders: remove it: orders is there as well"],
    ],
  ];
  for (const [what, values, wanted] of cases) {
    it(`are not told to be called as each other: ${what}`, () => {
      assert.deepEqual(fixes(values), wanted);
    });
  }
});

describe("a reference to what has another name by its fault's fix", () => {
  const api = { services: { Api: { kind: "private", port: 80, publishes: ["orders"] } } };
  const uploads = { buckets: named("Uploads") };
  const cases: [
    key: string,
    own: Values,
    rest: { services?: Values; buckets?: Values },
    fix: string,
  ][] = [
    ["uses", { uses: ["uploads"] }, uploads, "gantry:buckets.Uploads: call it uploads"],
    ["calls", { calls: ["api"] }, api, "gantry:services.Api: call it api"],
    ["imageOf", { imageOf: "api" }, api, "gantry:services.Api: call it api"],
    [
      "the bucket of a queue",
      { subscribes: { files: { bucket: "uploads" } } },
      uploads,
      "gantry:buckets.Uploads: call it uploads",
    ],
    [
      "the service of a topic",
      { subscribes: { orders: { from: "api" } } },
      api,
      "gantry:services.Api: call it api",
    ],
  ];
  for (const [key, own, rest, fix] of cases) {
    it(`is no fault beside it: ${key}`, () => {
      assert.deepEqual(fixes({ ...rest, services: { web: own, ...rest.services } }), [fix]);
    });
  }
});
