import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../../stacks/config";
import { readConfig } from "../../../stacks/readConfig";
import { record } from "../../support/record";
import { asPulumiConfig, services } from "./support";

describe("readConfig", () => {
  const loadBalancer = { domain: { name: "shop.example.com", zone: "example.com" } };
  const region = process.env.AWS_REGION;

  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    if (region === undefined) delete process.env.AWS_REGION;
    else process.env.AWS_REGION = region;
  });

  /** The config of a program that runs with these values. */
  async function running(values: Record<string, string>, secretKeys: string[] = []) {
    const program = () => {
      pulumi.runtime.setAllConfig(values, secretKeys);
      return readConfig();
    };
    return (await record(program, { project: "shop", stack: "production" })).value;
  }

  it("reads project, stack, region and values", async () => {
    const values = { ...asPulumiConfig({ services, loadBalancer }), "aws:region": "eu-west-1" };
    const { name, stack, region, services: found } = await running(values);
    assert.deepEqual([name, stack, region], ["shop", "production", "eu-west-1"]);
    assert.deepEqual(Object.keys(found), ["web"]);
  });

  it("takes the region of the environment where config has none", async () => {
    process.env.AWS_REGION = "eu-central-1";
    assert.equal(
      (await running(asPulumiConfig({ services, loadBalancer }))).region,
      "eu-central-1",
    );
  });

  it("fails when a value is encrypted", async () => {
    await assert.rejects(
      running(asPulumiConfig({ services, loadBalancer }), ["gantry:services"]),
      (error) => {
        assert.ok(error instanceof ConfigError && pulumi.RunError.isInstance(error));
        assert.deepEqual(
          error.faults.map(({ path }) => path),
          ["gantry:services"],
        );
        return true;
      },
    );
  });
});
