import assert from "node:assert/strict";
import { taskDefinitionBytes } from "../../../components/service/measure";
import { limits } from "../../../stacks/config/limits";
import { checkFaults, faultsOf, parse, web, type Values } from "./support";

/** Permissions on as many objects. */
function objects(count: number): Values {
  const resources = Array.from(
    { length: count },
    (_, index) => `arn:aws:s3:::acme-assets/${String(index).padStart(4, "0")}/*`,
  );
  return { permissions: [{ actions: ["s3:GetObject"], resources }] };
}

function variables(characters: number): Values {
  return { environment: { TEXT: "x".repeat(characters) } };
}

const postgres = { engine: "postgres", version: "17", serverless: { min: 0, max: 4 } };

describe("what AWS takes by its length", () => {
  checkFaults("gantry:services.web", web, [
    [
      "permissions outgrow the task role",
      objects(300),
      "permissions",
      "name fewer resources, such as one arn:aws:s3:::bucket/* in place of many, or divide the service: what it uses, publishes and subscribes counts too",
    ],
    [
      "secrets outgrow the execution role",
      {
        secrets: Object.fromEntries(
          Array.from({ length: 60 }, (_, index) => [`SECRET_${index}`, `shop/secret-${index}`]),
        ),
      },
      "secrets",
      "keep several values in one secret, and name each by its key: shop/database:url",
    ],
    [
      "the task definition has more than 64 KB",
      variables(65_000),
      "",
      "put what is long into the image, S3 or SSM, and read it from there",
    ],
  ]);
  checkFaults("gantry", (values) => values, [
    [
      "the release has more bytes than its pointer",
      {
        services: Object.fromEntries(
          Array.from({ length: 75 }, (_, index) => [
            `service-${index}-`.padEnd(20, "x"),
            { kind: "worker" },
          ]),
        ),
      },
      "services",
      "divide the product (gantry:name)",
    ],
  ]);

  it("is accepted up to its limit", () => {
    parse(web(objects(200)));
    parse(web(variables(60_000)));
  });

  it("counts what a service uses, publishes and subscribes, to the character", () => {
    const topics = ["orders", "refunds"];
    const config = (characters: number): Values => ({
      buckets: { uploads: {} },
      databases: { main: postgres },
      services: {
        shop: { kind: "worker", publishes: topics },
        web: {
          ...{ uses: ["uploads", "main"], publishes: [{ name: "mails", fifo: true }] },
          subscribes: Object.fromEntries(topics.map((topic) => [topic, {}])),
          permissions: [
            {
              actions: ["s3:GetObject"],
              resources: [`arn:aws:s3:::acme/${"x".repeat(characters)}`],
            },
          ],
        },
      },
    });
    const taken = (characters: number) => {
      const [fault] = faultsOf(config(characters));
      return Number(/takes (\d+) characters/.exec(fault.given)?.[1]);
    };
    const beside = taken(10_240) - 10_240;
    // The statements of a bucket, a database, a topic and two queues, of their key and that of sessions, and the envelope of all.
    assert.ok(beside > 2300 && beside < 2600, String(beside));
    parse(config(10_240 - beside));
    assert.equal(taken(10_241 - beside), 10_241);
  });

  it("counts the secrets that databases and caches come with", () => {
    const config = (databases: number): Values => {
      const names = Array.from({ length: databases }, (_, index) => `data-${index}`);
      return {
        databases: Object.fromEntries(names.map((name) => [name, postgres])),
        caches: { sessions: { engine: "valkey", version: "8.0", serverless: {} } },
        services: { web: { uses: [...names, "sessions"] } },
      };
    };
    parse(config(15));
    const paths = faultsOf(config(25)).map(({ path }) => path);
    assert.deepEqual(paths, ["gantry:services.web.secrets"]);
  });

  it("is told in figures", () => {
    const [fault] = faultsOf(web(variables(70_000)));
    const bytes = Number(/of (\d+) bytes/.exec(fault.given)?.[1]);
    assert.ok(bytes > 70_000 && bytes < 74_000, fault.given);
    assert.match(fault.allowed, /^at most 65536 bytes, .*"Amazon ECS service quotas"/);
  });

  it("counts bytes and not characters", () => {
    const service = parse(web({})).services.web;
    const measured = (value: string) =>
      taskDefinitionBytes({
        ...service,
        ...{ secrets: {}, permissions: [], sidecars: {} },
        port: 3000,
        environment: { TEXT: value },
        taskFamily: "web",
        logGroupName: "web",
        execLogGroupName: "exec",
        clusterName: "shop",
        repositoryName: "web",
      });
    assert.equal(measured("ää") - measured("xx"), 2);
    assert.ok(measured("") < limits.taskDefinitionBytes.most);
  });
});
