import assert from "node:assert/strict";
import { ConfigError } from "../../stacks/config";
import { environment } from "./support";

const vpc = {
  ...{ mode: "existing", vpcId: "vpc-0a1b2c3d4e5f60718" },
  publicSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
};

/** The last subnet has a network of IPv6 where `last` says so. */
const made = (last: boolean, network: object = vpc) =>
  environment(
    { services: { web: { build: "app" } }, loadBalancer: { ipv6: true }, network },
    {
      stack: "staging",
      calls: {
        "aws:ec2/getSubnet:getSubnet": ({ id }) => ({
          id,
          ipv6CidrBlock: /2$|c$/.test(String(id)) && !last ? "" : "2001:db8:0:1::/64",
        }),
      },
    },
  );

describe("IPv6 of an environment", () => {
  it("is that of its load balancer in an existing VPC whose public subnets have it", async () => {
    const { one } = await made(true);
    const { inputs } = one("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual([inputs.ipAddressType, inputs.subnets], ["dualstack", vpc.publicSubnetIds]);
  });

  for (const [of, network, subnet] of [
    ["a named subnet", vpc, "subnet-0a1b2c3d4e5f60712"],
    ["one of the default VPC", { mode: "existing" }, "subnet-0c"],
  ] as const) {
    it(`is refused where ${of} has none, before anything is there`, async () => {
      await assert.rejects(made(false, network), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(
          error.message,
          new RegExp(`gantry:loadBalancer.ipv6[^]*${subnet} has no IPv6`),
        );
        return true;
      });
    });
  }
});
