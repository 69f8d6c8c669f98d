import assert from "node:assert/strict";
import { checkFaults, faultsOf, parse, services, type Values } from "./support";

describe("names that AWS keeps for itself", () => {
  const ec2 = { capacity: "ec2" };
  const worker = { jobs: { kind: "worker" } };
  checkFaults("gantry", (values) => ({ services, ...values }), [
    [
      "buckets begin as internationalised names do",
      { name: "xn" },
      "name",
      "set gantry:name: my-xn",
    ],
    ["buckets begin as S3's own do", { name: "sthree" }, "name", "set gantry:name: my-sthree"],
    [
      "buckets begin as those of AWS's examples do",
      { name: "amzn-s3-demo" },
      "name",
      "set gantry:name: my-amzn-s3-demo",
    ],
    [
      "security groups begin as their ids do",
      { name: "sg-shop" },
      "name",
      "set gantry:name: my-sg-shop",
    ],
    [
      "load balancers begin as internal ones do",
      { name: "internal-shop" },
      "name",
      "set gantry:name: my-internal-shop",
    ],
    ...["aws-shop", "ecs-shop", "fargate"].map((name): [string, Values, string, string] => [
      `the capacity provider's name begins as ${name} does`,
      { name, cluster: ec2 },
      "name",
      `set gantry:name: my-${name}, or choose another cluster.capacity`,
    ]),
  ]);

  it("are refused only where they matter", () => {
    for (const name of ["aws-shop", "ecs-shop", "fargate", "sgx", "internals", "xnx"]) {
      assert.equal(parse({ services, name }).name, name);
    }
    assert.equal(parse({ services: worker, name: "internal-shop" }).name, "internal-shop");
  });

  it("are told with their source", () => {
    const [{ allowed }] = faultsOf({ services, name: "ecs-shop", cluster: ec2 });
    assert.equal(
      allowed,
      'a name that does not begin with ecs, which AWS refuses for capacity providers ("CreateCapacityProvider", ECS API reference)',
    );
  });
});
