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

describe("what AWS takes by its length", () => {
  checkFaults("gantry:services.web", web, [
    [
      "permissions outgrow the task role",
      objects(300),
      "permissions",
      "say it with fewer resources, such as one arn:aws:s3:::bucket/* in place of many",
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
        repositoryName: "web",
      });
    assert.equal(measured("ää") - measured("xx"), 2);
    assert.ok(measured("") < limits.taskDefinitionBytes.most);
  });
});
