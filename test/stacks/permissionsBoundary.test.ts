import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { bounded } from "../../stacks/protection";
import { environment } from "./support";

const permissionsBoundary = "arn:aws:iam::123456789012:policy/teams/boundary";
const role = "aws:iam/role:Role";
const services = {
  web: { architecture: "ARM64" },
  jobs: { kind: "worker", architecture: "ARM64" },
};

describe("gantry:permissionsBoundary", () => {
  it("bounds every role that an environment makes", async () => {
    const values = {
      services,
      pipeline: { source: { type: "codecommit", repository: "shop", branch: "main" } },
      cluster: { capacity: "ec2", ec2: { instanceType: "t4g.medium" } },
    };
    const roles = (await environment({ ...values, permissionsBoundary })).all(role);
    // Of two services, of hosts, of flow logs, and of the pipeline's actions.
    assert.ok(roles.length > 12, `${roles.length} roles`);
    assert.deepEqual(
      roles.filter(({ inputs }) => inputs.permissionsBoundary !== permissionsBoundary),
      [],
    );
    assert.deepEqual(
      (await environment(values)).all(role).filter((one) => one.inputs.permissionsBoundary),
      [],
    );
  });

  it("leaves alone what is no role, and roles with a boundary of their own", () => {
    const given = (type: string, props: object) =>
      bounded({ type, props, opts: {} } as pulumi.ResourceTransformationArgs, permissionsBoundary);
    assert.deepEqual(given(role, { path: "/a/" })?.props, { path: "/a/", permissionsBoundary });
    assert.equal(given("aws:iam/rolePolicy:RolePolicy", {}), undefined);
    assert.equal(given(role, { permissionsBoundary: "arn:aws:iam::aws:policy/A" }), undefined);
  });
});
