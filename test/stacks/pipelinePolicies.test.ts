import assert from "node:assert/strict";
import { environmentNames } from "../../contract/names";
import { ConfigError } from "../../stacks/config";
import { refuseLargePolicies } from "../../stacks/pipelinePolicies";
import { record } from "../support/record";
import { parse, type Values } from "./config/support";
import { environment } from "./support";

/** Services with many secrets of long names, whose ARNs the roles of the pipeline list. */
function services(count: number, secrets: number): Values {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `service-${index}`,
      {
        ...{ kind: "worker", build: "app" },
        secrets: Object.fromEntries(
          Array.from({ length: secrets }, (_unused, n) => [
            `SECRET_${n}`,
            `acme/${"long-name-".repeat(10)}${index}/${n}`,
          ]),
        ),
      },
    ]),
  );
}

const pipeline = { source: { type: "codecommit", repository: "shop" } };

describe("roles of a pipeline that IAM would refuse (row 64)", () => {
  it("are told as a fault of config, before anything is registered", async () => {
    const values = { services: services(40, 15), pipeline };
    let refused: unknown;
    await environment(values).catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof ConfigError, String(refused));
    const [{ path, given, allowed, fix }] = refused.faults;
    assert.equal(path, "gantry:services");
    assert.match(
      given,
      /^40 services, for which the role \w+ needs \d{5,} characters of policies$/,
    );
    assert.match(allowed, /IAM and AWS STS quotas/);
    assert.match(fix, /shorten the names of services and of their secrets/);
    const { resources } = await record(() => {
      const config = parse(values);
      assert.throws(() => refuseLargePolicies(config, environmentNames(config)), ConfigError);
    });
    assert.deepEqual(resources, []);
  });

  it("are none of a few services, with a pipeline and without", async () => {
    await record(() => {
      for (const values of [
        { services: services(2, 3), pipeline },
        { services: services(40, 15) },
      ]) {
        const config = parse(values);
        refuseLargePolicies(config, environmentNames(config));
      }
    });
  });
});
