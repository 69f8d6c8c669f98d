import assert from "node:assert/strict";
import { servicesMeant, type ServiceSort } from "../../operations/services";
import type { Target } from "../../delivery/target";

const services = { web: { kind: "web" }, mailer: { kind: "worker" }, report: { kind: "job" } };
const shop = { stack: "staging", config: { services } } as unknown as Target;

describe("the services that a command is for", () => {
  const table: [string, string[], ServiceSort | undefined, string[]][] = [
    ["are all where none is named", [], undefined, ["web", "mailer", "report"]],
    ["are those that run where no job is meant", [], "hosted", ["web", "mailer"]],
    ["are the jobs where these are meant", [], "job", ["report"]],
    [
      "are in the order of config, each once",
      ["mailer", "web", "web"],
      undefined,
      ["web", "mailer"],
    ],
  ];
  for (const [title, given, sort, expected] of table) {
    it(title, () => assert.deepEqual(servicesMeant(shop, given, sort), expected));
  }

  const refused: [string, string, ServiceSort | undefined, RegExp][] = [
    [
      "a slip",
      "wbe",
      undefined,
      /^staging has no service wbe: its services are web, mailer, report\. Is web meant\? Nothing was done\.$/,
    ],
    [
      "nothing near",
      "payments",
      undefined,
      /^staging has no service payments: .*report\. Nothing was done\.$/,
    ],
    [
      "a job where a service is meant",
      "report",
      "hosted",
      /^staging has no service report: its services are web, mailer\./,
    ],
    [
      "a service where a job is meant",
      "web",
      "job",
      /^staging has no job web: its jobs are report\./,
    ],
  ];
  for (const [title, given, sort, message] of refused) {
    it(`are refused: ${title}`, () =>
      assert.throws(() => servicesMeant(shop, [given], sort), { name: "DeliveryError", message }));
  }
});
